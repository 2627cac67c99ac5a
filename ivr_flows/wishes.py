"""The wishes a caller may tell by key, and the counsellor each one asks for. Known by these names outside, too."""

# None takes a wish back: whoever is free.
WISHES = {
    "wants_woman": "woman",
    "wants_man": "man",
    "wants_anyone": None,
}
