"""How worried we are about a contact, and who is next in the queue.

Pure: no clock, no database, no network, nothing beyond the standard library, so that
someone who knows helplines and not telephony can read it, test it and argue about it.
"""
