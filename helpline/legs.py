"""What a leg's own story means for its contact, by the leg's role. Callbacks come in any order and more than once."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.call_control.calling_back import childs_phone_told
from helpline.call_control.connect import counsellor_unreachable, leg_joined
from helpline.call_control.leave import OUR_ROLES, caller_gone, counsellor_left
from helpline.contacts.attempts import find_trying
from helpline.contacts.calls import ENDED, hear_of_leg, in_room
from helpline.contacts.models import Call, Contact
from helpline.contacts.stages import lock_contact
from helpline.handoff.company import counsellor_dropped, desk_joined, desk_leg_ended
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.store.types import utc_now
from helpline.telephony.rest import CallGone, PhoneLine


def leg_heard_of(session: Session, line: Line, *, leg_id: UUID | None, call_sid: str, status: str) -> None:
    """The telephone company's word on a leg: queued, ringing, in-progress, or one of the ways to end."""
    found = lock_leg(session, leg_id, call_sid)
    if found is None:
        return
    contact, leg = found
    if leg.role == "caller":
        _caller_leg_heard_of(session, line, contact, leg, status, call_sid)
        return
    if hear_of_leg(leg, status, call_sid) and status in ENDED:
        _our_leg_ended(session, line, contact, leg, status)


def _caller_leg_heard_of(session: Session, line: Line, contact: Contact, leg: Call, status: str, call_sid: str) -> None:
    leg.last_heard_at = utc_now()
    if attempt := find_trying(session, contact):
        childs_phone_told(session, contact, leg, attempt, status, call_sid)
    elif status in ENDED:
        caller_gone(session, line, contact, "call_completed")


def leg_entered_room(session: Session, line: Line, *, leg_id: UUID | None, call_sid: str, conference_sid: str) -> None:
    """Someone is in a room now."""
    found = lock_leg(session, leg_id, call_sid)
    if found is None:
        return
    contact, leg = found
    leg.conference_sid = conference_sid or leg.conference_sid
    hear_of_leg(leg, "in-progress", call_sid)
    leg_joined(session, line, contact, leg)
    if leg.role == "partner":
        desk_joined(session, line, contact, leg)


def leg_left_room(
    session: Session,
    line: Line,
    *,
    leg_id: UUID | None,
    call_sid: str,
    conference_sid: str,
    ended_as: str | None,
    hung_up: bool,
) -> None:
    """Someone has left a room: hung up, never answered, or was sent on elsewhere by us."""
    found = lock_leg(session, leg_id, call_sid)
    if found is None:
        return
    contact, leg = found
    if leg.conference_sid not in (None, conference_sid):
        return  # a late word about an earlier room of this leg
    leg.left_at = leg.left_at or utc_now()
    if leg.role == "caller":
        if hung_up:
            caller_gone(session, line, contact, "hung_up")
        return
    # Someone of ours who leaves a room has nowhere else to be: the leg is over, however it came about.
    if hear_of_leg(leg, ended_as or "completed", call_sid):
        _our_leg_ended(session, line, contact, leg, leg.status)


def _our_leg_ended(session: Session, line: Line, contact: Contact, leg: Call, status: str) -> None:
    if leg.role == "partner":
        desk_leg_ended(session, line, contact, leg, status)
    if leg.role not in OUR_ROLES:
        return
    if contact.state == "connecting":
        counsellor_unreachable(session, line, leg.id, status)
        return
    # Whoever it was: a child is not alone while anyone of ours is still with them.
    left_alone = contact.state == "connected" and leg.joined_at and not in_room(session, contact.id, *OUR_ROLES)
    if left_alone and not counsellor_dropped(session, line, contact, leg):
        counsellor_left(session, line, contact, leg)


def ask_after_leg(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: a leg has gone quiet. If it has ended, that was never told to us, and is taken in now."""
    leg = session.get_one(Call, UUID(work.subject))
    call_sid = leg.call_sid
    commit(session, line.bell)
    status = _status_of(phone, call_sid)
    if status in ENDED:
        leg_heard_of(session, line, leg_id=leg.id, call_sid=call_sid or "", status=status)
        return
    contact = lock_contact(session, leg.contact_id)
    session.refresh(leg)
    leg.last_heard_at = utc_now()
    if leg.role == "caller":
        _fetch_if_stranded(session, contact, leg)


def _status_of(phone: PhoneLine, call_sid: str | None) -> str:
    if call_sid is None:
        return "failed"  # a ring that has been owed for so long is not made any more
    try:
        return phone.call_status(call_sid)
    except CallGone:
        return "completed"


def _fetch_if_stranded(session: Session, contact: Contact, leg: Call) -> None:
    """A child on the line of whom nothing is heard must be with someone, or on hold, or gone home with a goodbye."""
    if contact.state in ("waiting", "offered") and leg.queue_sid is None:
        owe(session, "back_to_hold", contact.id)
    elif contact.state in ("wrap_up", "closed") and not in_room(session, contact.id, "partner"):
        owe(session, "end_room", contact.id)


def lock_leg(session: Session, leg_id: UUID | None, call_sid: str) -> tuple[Contact, Call] | None:
    """The leg of a callback, by its CallSid or else by the id we gave it, with its contact, both locked."""
    leg = session.scalars(select(Call).where(Call.call_sid == call_sid)).one_or_none()
    if leg is None and leg_id:
        leg = session.get(Call, leg_id)
    if leg is None:
        return None
    contact = lock_contact(session, leg.contact_id)
    session.refresh(leg)
    return contact, leg
