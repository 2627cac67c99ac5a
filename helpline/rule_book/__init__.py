"""Which risk rules are in force: the shipped files, and what two people put in force over them; and what is tried.

`editions` makes a rule set of kept files, `book` holds what is in force in this process, `candidates` keeps changed
rules that are tried beside it, `promoting` puts them in force and goes back.
"""
