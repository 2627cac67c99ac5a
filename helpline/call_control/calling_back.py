"""Calling a child back: the counsellor's phone first, then the child's, and a neutral question before anyone is joined.

Whoever picks up hears nothing of who calls or why, unless the plan allows it. Only a key joins them: another voice,
a voicemail and an empty room get a polite end. From that key on the call is a contact like any other.
"""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from helpline.call_control.connect import arm_connect_deadline
from helpline.call_control.leave import give_up_attempt
from helpline.call_control.rung_before import find_rung, list_known_calls
from helpline.call_control.watch import CHECK_TIMER, QUIET_S
from helpline.contacts.attempts import CallbackAttempt, find_trying, settle_attempt
from helpline.contacts.calls import ENDED, caller_leg, hear_of_leg, new_leg
from helpline.contacts.models import Call, Contact
from helpline.contacts.reaching import NotSafeToReach, number_to_ring
from helpline.contacts.safe_plans import SafePlan
from helpline.contacts.stages import lock_contact
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.outbox.timers import set_timer
from helpline.store.types import utc_now
from helpline.telephony.rest import CallGone, Leg, PhoneLine, PhoneLineRefused

log = structlog.get_logger()

ATTEMPT_TIMER = "callback_deadline"
# Beyond both rings: picking up, and the question asked twice.
ASKING_S = 60
HOW_IT_ENDED = {"no-answer": "no_answer", "busy": "busy", "completed": "no_key"}


def begin_ringing(session: Session, line: Line, contact: Contact) -> None:
    """Owe the ring of the counsellor's phone for a new contact that calls back; the child's follows when she is in."""
    new_leg(session, contact.id, "caller")
    leg = new_leg(session, contact.id, "counsellor", staff_id=contact.counsellor_id)
    owe(session, "ring_counsellor", leg.id)
    now = utc_now()
    rings_s = line.helpline.queue.ring_s + line.helpline.calling_back.ring_s
    set_timer(session, ATTEMPT_TIMER, contact.id, now + timedelta(seconds=rings_s + ASKING_S))
    set_timer(session, CHECK_TIMER, contact.id, now + timedelta(seconds=QUIET_S))


def ring_child(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: the counsellor is in the room; ring the child's phone, if it is still safe at this moment."""
    contact = lock_contact(session, UUID(work.subject))
    leg, attempt = caller_leg(session, contact.id), find_trying(session, contact)
    if attempt is None or leg.call_sid or leg.ended_at or contact.state != "connecting":
        return
    try:
        number = number_to_ring(session, line, contact, past_hours=attempt.past_hours)
    except NotSafeToReach:
        give_up_attempt(session, contact, attempt, "called_off", "clock")
        return
    until_beep = session.get_one(SafePlan, attempt.plan_id).may_leave_message
    known = list_known_calls(session)
    commit(session, line.bell)  # no lock is held while the telephone company thinks
    try:
        rung = find_rung(phone, work, leg, number, known) or phone.ring_child(
            number, leg.id.hex, "/voice/call-back", line.helpline.calling_back.ring_s, until_beep=until_beep
        )
    except (CallGone, PhoneLineRefused) as fault:
        log.warning("child_not_rung", contact=str(contact.id), fault=str(fault))
        rung = None
    _keep_ring(session, lock_contact(session, contact.id), leg, rung)


def _keep_ring(session: Session, contact: Contact, leg: Call, rung: Leg | None) -> None:
    session.refresh(leg)
    attempt = find_trying(session, contact)
    if rung:
        hear_of_leg(leg, "queued", rung.call_sid)
    elif attempt:
        give_up_attempt(session, contact, attempt, "failed", "twilio")
    if rung and attempt is None and contact.state == "closed":  # called off while the phone was being rung
        owe(session, "end_leg", leg.id)


def childs_phone_told(
    session: Session, contact: Contact, leg: Call, attempt: CallbackAttempt, status: str, call_sid: str
) -> None:
    """The telephone company's word on the child's phone, before anyone has asked to be joined."""
    if hear_of_leg(leg, status, call_sid) and status in ENDED:
        give_up_attempt(session, contact, attempt, HOW_IT_ENDED.get(status, "failed"), "twilio")


def join_child(session: Session, line: Line, contact: Contact, attempt: CallbackAttempt) -> None:
    """Whoever picked up asked to be joined: from now on they are in our care, whatever becomes of the counsellor."""
    settle_attempt(session, attempt, "talked", "caller")
    arm_connect_deadline(session, line, contact)


def attempt_deadline(session: Session, line: Line, contact_id: str) -> None:
    """Timer: nobody has asked to be joined in all this time, so some word of it was lost. End it."""
    contact = lock_contact(session, UUID(contact_id))
    if attempt := find_trying(session, contact):
        give_up_attempt(session, contact, attempt, "failed", "clock")
