"""The name of a hand-off that people say to each other on the telephone."""

import secrets

# Without vowels no word can come out, and without 0, O, 1, I nothing is taken for something else.
SIGNS = "23456789BCDFGHJKMNPQRSTVWXZ"


def new_ref() -> str:
    """A name like H-7K3F-QD: short, to be spelt out, one of nearly four hundred million."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(6))
    return f"H-{signs[:4]}-{signs[4:]}"
