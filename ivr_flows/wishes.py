"""What a waiting caller may ask for by key. The outside acts on these very names, so the sets are closed."""

# The counsellor each wish asks for. None takes a wish back: whoever is free.
WISHES = {
    "wants_woman": "woman",
    "wants_man": "man",
    "wants_anyone": None,
}
# To be reached later. Nothing is kept by these alone: each leads to a line that asks whether it is safe.
LATER = frozenset({"wants_callback", "wants_text"})
# The answers to that, and the channel on which the caller may then be reached. None: on no channel.
REACHABLE_ON = {
    "callback_is_safe": "voice",
    "text_is_safe": "sms",
    "not_safe": None,
}
