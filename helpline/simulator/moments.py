"""Identifiers and moments in the forms Twilio writes them."""

import secrets
from datetime import UTC, datetime
from email.utils import format_datetime


def new_sid(prefix: str) -> str:
    """A fresh identifier: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def rfc_2822(moment: datetime | None) -> str | None:
    """`Mon, 02 Jan 2006 15:04:05 +0000`, or None for a moment that has not come."""
    return format_datetime(moment) if moment else None


def seconds_between(start: datetime | None, end: datetime | None) -> int:
    """Whole seconds from `start` to `end` (now, while `end` is open); 0 before `start`."""
    return max(0, round(((end or now()) - start).total_seconds())) if start else 0
