"""How a phone number is shown to someone who has not asked, with a reason, to see it."""

SHOWN_DIGITS = 2


def mask_number(number: str | None) -> str:
    """'+974••••••12' of a number; an empty string of none. Enough to tell two callers apart, not to call one."""
    if not number:
        return ""
    prefix = number[:4] if number.startswith("+") else ""
    hidden = max(len(number) - len(prefix) - SHOWN_DIGITS, 0)
    return prefix + "•" * hidden + number[-SHOWN_DIGITS:]
