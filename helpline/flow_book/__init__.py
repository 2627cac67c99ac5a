"""Which flows are in force: the shipped files, and what was published over them without a programmer.

`editions` lays texts together and refuses faulty ones, `book` holds what is in force in this process, `drafts` and
`publishing` change it, with two people where a child is asked about risk.
"""
