"""Looks before a phone is rung again: an earlier try may have rung it without our hearing of it."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Call
from helpline.outbox.models import OwedWork
from helpline.telephony.rest import Leg, PhoneLine

# Clocks of two companies differ; a call of ours can not have begun earlier than this before its leg.
CLOCKS_DIFFER_BY = timedelta(seconds=5)


def list_known_calls(session: Session) -> set[str]:
    """The CallSids of all live legs that we know. Ask before the lock is given up."""
    return set(session.scalars(select(Call.call_sid).where(Call.call_sid.is_not(None), Call.ended_at.is_(None))))


def find_rung(phone: PhoneLine, work: OwedWork, leg: Call, number: str, known: set[str]) -> Leg | None:
    """The call that an earlier try of this work has made to `number` for this leg, if it lives; `known` are others'."""
    if work.attempts == 1:
        return None
    live = phone.list_live_calls(number, leg.created_at - CLOCKS_DIFFER_BY)
    return next((Leg(call_sid) for call_sid in live if call_sid not in known), None)
