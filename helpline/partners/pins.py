"""The PIN that tells a partner's desk from a voicemail, a wrong number or a curious passer-by."""

import re
from datetime import timedelta
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.partners.models import PartnerPin
from helpline.store.types import utc_now

PIN = re.compile(r"[0-9]{4,8}")
WRONG_TRIES_UNTIL_LOCKED = 5
LOCKED_FOR = timedelta(minutes=15)
# OWASP's smallest argon2id: no hash makes four digits long, and a desk's PIN is checked while a child waits. What
# guards a PIN is the lock after five wrong tries.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class PinNotUsable(ValueError):
    """A PIN has four to eight digits."""


class PinCheck(StrEnum):
    """What came of trying a PIN."""

    right = "right"
    wrong = "wrong"
    locked = "locked"


def set_pin(session: Session, partner_key: str, pin: str, actor: str) -> None:
    """Keep a hash of the partner's PIN; an earlier one and its lock are gone. Raises PinNotUsable."""
    if not PIN.fullmatch(pin):
        raise PinNotUsable("a PIN has four to eight digits")
    session.merge(
        PartnerPin(
            partner=partner_key,
            pin_hash=_HASHER.hash(pin),
            digits=len(pin),
            set_at=utc_now(),
            wrong_tries=0,
            locked_until=None,
        )
    )
    record_act(session, actor=actor, action="partner.pin_set", subject=f"partner:{partner_key}")


def check_pin(session: Session, partner_key: str, pin: str) -> PinCheck:
    """Try a PIN. Five wrong tries in a row lock it for 15 minutes, for the right PIN too."""
    kept = session.get(PartnerPin, partner_key, with_for_update=True, populate_existing=True)
    if kept is None or is_locked(kept):
        return PinCheck.locked
    if _matches(kept, pin):
        kept.wrong_tries, kept.locked_until = 0, None
        return PinCheck.right
    kept.wrong_tries += 1
    if kept.wrong_tries >= WRONG_TRIES_UNTIL_LOCKED:
        kept.wrong_tries, kept.locked_until = 0, utc_now() + LOCKED_FOR
        record_act(session, actor="clock", action="partner.pin_locked", subject=f"partner:{partner_key}")
    return PinCheck.wrong


def is_locked(kept: PartnerPin) -> bool:
    """Whether too many wrong PINs were tried lately."""
    return kept.locked_until is not None and kept.locked_until > utc_now()


def _matches(kept: PartnerPin, pin: str) -> bool:
    try:
        return _HASHER.verify(kept.pin_hash, pin)
    except VerifyMismatchError:
        return False
