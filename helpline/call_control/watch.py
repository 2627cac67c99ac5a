"""Asks the telephone company about calls that have gone quiet, so that no ghost stays in the queue."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.call_control.leave import caller_gone
from helpline.contacts.calls import ENDED, caller_leg
from helpline.contacts.stages import lock_contact
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.outbox.timers import set_timer
from helpline.store.types import utc_now
from helpline.telephony.rest import CallGone, PhoneLine

CHECK_TIMER = "check_call"
# A waiting caller's loop speaks to us every 30 s or so; twice that without a word is worth a question.
QUIET_S = 60


def check_call(session: Session, line: Line, contact_id: str) -> None:
    """Timer: if nothing was heard of the caller for QUIET_S, owe a question; look again later while they are here."""
    contact = lock_contact(session, UUID(contact_id))
    leg = caller_leg(session, contact.id)
    if leg.ended_at or contact.state == "closed":
        return
    now = utc_now()
    if now - leg.last_heard_at >= timedelta(seconds=QUIET_S):
        owe(session, "ask_after_call", contact.id)
    set_timer(session, CHECK_TIMER, contact.id, now + timedelta(seconds=QUIET_S))


def ask_after_call(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: is this call still alive? If not, its ending was never told to us, and is taken in now."""
    contact = lock_contact(session, UUID(work.subject))
    call_sid = caller_leg(session, contact.id).call_sid
    commit(session, line.bell)
    try:
        ended = phone.call_status(call_sid) in ENDED
    except CallGone:
        ended = True
    contact = lock_contact(session, contact.id)
    if ended:
        caller_gone(session, line, contact, "found_ended")
    else:
        caller_leg(session, contact.id).last_heard_at = utc_now()
