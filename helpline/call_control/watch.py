"""Looks after calls that have gone quiet: a callback may be lost, and then nobody else would ever tell us."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.contacts.calls import caller_leg, live_legs
from helpline.contacts.stages import lock_contact
from helpline.line import Line
from helpline.outbox.owed import owe
from helpline.outbox.timers import set_timer
from helpline.store.types import utc_now

CHECK_TIMER = "check_call"
# A waiting caller's loop speaks to us every 30 s or so; twice that without a word is worth a question.
QUIET_S = 60


def check_call(session: Session, line: Line, contact_id: str) -> None:
    """Timer: owe a question about each leg of which nothing was heard for QUIET_S; again while the caller is here."""
    contact = lock_contact(session, UUID(contact_id))
    if caller_leg(session, contact.id).ended_at:
        return
    now = utc_now()
    for leg in live_legs(session, contact.id):
        if now - leg.last_heard_at >= timedelta(seconds=QUIET_S):
            owe(session, "ask_after_leg", leg.id)
    set_timer(session, CHECK_TIMER, contact.id, now + timedelta(seconds=QUIET_S))
