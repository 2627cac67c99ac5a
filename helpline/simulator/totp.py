"""One-time codes as an authenticator app shows them (RFC 6238: SHA-1, six digits, half a minute)."""

import base64
import hashlib
import hmac

STEP_S = 30
DIGITS = 6


def one_time_code(secret: str, unix_time: float) -> str:
    """The code at a moment, from a base32 secret as QR codes carry it."""
    padded = secret.replace(" ", "").upper()
    key = base64.b32decode(padded + "=" * (-len(padded) % 8))
    digest = hmac.new(key, int(unix_time // STEP_S).to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def seconds_left(unix_time: float) -> int:
    """Seconds until the next code."""
    return STEP_S - int(unix_time) % STEP_S
