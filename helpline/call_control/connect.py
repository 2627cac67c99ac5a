"""From 'accepted' to two people talking: ring the counsellor first, then bring the child, confirm when both are in.

Until both have joined, the child stays in the hold queue and keeps their place; whatever goes wrong on the
way leads back there.
"""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from helpline.call_control.leave import caller_gone
from helpline.contacts.calls import caller_leg, hear_of_leg, live_legs, new_leg, room_of
from helpline.contacts.events import record_event
from helpline.contacts.models import Call, Contact, FlowSession
from helpline.contacts.stages import lock_contact, move_contact
from helpline.line import Line
from helpline.live_queue.models import Reservation
from helpline.live_queue.reservations import count_missed_offer, find_active, release
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.outbox.timers import cancel_timers, set_timer
from helpline.staff.accounts import device_number
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from helpline.telephony.rest import CallGone, PhoneLine, PhoneLineRefused

log = structlog.get_logger()

OUR_ROLES = ("counsellor", "on_call")
CONNECT_TIMER = "connect_deadline"
# Beyond the ring itself: answering, joining, and bringing the child in.
CONNECT_GRACE_S = 15


def begin_connecting(session: Session, line: Line, contact: Contact, reservation: Reservation) -> None:
    """After a counsellor accepted a call: owe the ring of her phone."""
    leg = new_leg(session, contact.id, "counsellor", staff_id=reservation.counsellor_id)
    owe(session, "ring_counsellor", leg.id)
    arm_connect_deadline(session, line, contact)


def arm_connect_deadline(session: Session, line: Line, contact: Contact) -> None:
    """From now, the two must be talking within the ring and some grace, or the child is offered on."""
    due_at = utc_now() + timedelta(seconds=line.helpline.queue.ring_s + CONNECT_GRACE_S)
    set_timer(session, CONNECT_TIMER, contact.id, due_at)


def ring_counsellor(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: ring the counsellor's phone into the contact's room."""
    leg = session.get_one(Call, UUID(work.subject))
    contact = lock_contact(session, leg.contact_id)
    if leg.ended_at or leg.call_sid or contact.state != "connecting":
        return
    number = device_number(line.keys, session.get_one(Staff, leg.staff_id))
    room = room_of(contact.id)
    commit(session, line.bell)  # no lock is held while the telephone company thinks
    if number is None:
        counsellor_unreachable(session, line, leg.id, "no_device")
        return
    try:
        rung = _rung_before(phone, work, room, leg) or phone.ring_into_room(
            room, number, leg.id.hex, line.helpline.queue.ring_s
        )
    except (CallGone, PhoneLineRefused) as fault:
        log.warning("counsellor_not_rung", contact=str(contact.id), fault=str(fault))
        counsellor_unreachable(session, line, leg.id, "refused")
        return
    lock_contact(session, leg.contact_id)
    session.refresh(leg)
    leg.conference_sid = leg.conference_sid or rung.conference_sid
    hear_of_leg(leg, "queued", rung.call_sid)
    if leg.ended_at:  # the caller went while the phone was being rung
        owe(session, "end_leg", leg.id)


def _rung_before(phone: PhoneLine, work: OwedWork, room: str, leg: Call):
    """An earlier try may have rung without our hearing of it; look, so that nobody's phone rings twice."""
    return phone.find_in_room(room, leg.id.hex) if work.attempts > 1 else None


def leg_joined(session: Session, line: Line, contact: Contact, leg: Call) -> None:
    """Someone of a locked contact is in the room now."""
    if leg.left_at or leg.ended_at:
        return
    leg.joined_at = leg.joined_at or utc_now()
    hear_of_leg(leg, "in-progress")
    if leg.role in OUR_ROLES:
        _counsellor_is_in(session, contact, leg)
    elif leg.role == "caller":
        _caller_is_in(session, line, contact)


def _counsellor_is_in(session: Session, contact: Contact, leg: Call) -> None:
    if contact.state == "connecting":
        owe(session, "bring_caller", contact.id)
    elif contact.state != "connected":
        owe(session, "end_leg", leg.id)  # the child is gone, or with someone else: nobody waits in an empty room


def _caller_is_in(session: Session, line: Line, contact: Contact) -> None:
    company = [leg for leg in live_legs(session, contact.id, *OUR_ROLES) if leg.joined_at and not leg.left_at]
    if contact.state == "connecting" and company:
        cancel_timers(session, contact.id, CONNECT_TIMER)
        move_contact(session, contact, "connected", f"staff:{contact.counsellor_id}")
    elif not company and contact.state in ("connecting", "waiting", "offered"):
        # The counsellor dropped out as the child came in. Nobody is left alone in a room.
        owe(session, "back_to_hold", contact.id)


def bring_caller(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: take this very child out of the hold queue and into the room, where the counsellor is."""
    contact = lock_contact(session, UUID(work.subject))
    leg = caller_leg(session, contact.id)
    if contact.state != "connecting" or leg.ended_at or (leg.joined_at and not leg.left_at):
        return
    leg.joined_at = leg.left_at = None
    queue_sid, call_sid = leg.queue_sid, leg.call_sid
    step = session.get_one(FlowSession, contact.id).step
    commit(session, line.bell)
    try:
        _take_out_of_hold(phone, queue_sid, call_sid, step)
    except CallGone:
        caller_gone(session, line, lock_contact(session, contact.id), "gone_before_bridge")


def _take_out_of_hold(phone: PhoneLine, queue_sid: str | None, call_sid: str, step: int) -> None:
    if queue_sid:
        try:
            phone.take_from_hold(queue_sid, call_sid, "/voice/room", n=step)
            return
        except CallGone:
            log.info("caller_not_in_hold_queue")
    # Not in the queue (yet, or any more): a live call can be sent on from wherever it is.
    phone.send_to(call_sid, "/voice/room", n=step)


def counsellor_unreachable(session: Session, line: Line, leg_id: UUID, why: str) -> None:
    """Her phone was busy, not answered, refused or lost: the child keeps their place and is offered on."""
    leg = session.get_one(Call, leg_id)
    contact = lock_contact(session, leg.contact_id)
    session.refresh(leg)
    hear_of_leg(leg, "failed")
    reservation = find_active(session, contact_id=contact.id)
    if contact.state != "connecting" or reservation is None or reservation.counsellor_id != leg.staff_id:
        return
    _give_back(session, line, contact, reservation, why)


def connect_deadline(session: Session, line: Line, contact_id: str) -> None:
    """Timer: the two are not talking yet. End the counsellor's leg and offer the child on."""
    contact = lock_contact(session, UUID(contact_id))
    reservation = find_active(session, contact_id=contact.id)
    if contact.state != "connecting" or reservation is None:
        return
    for leg in live_legs(session, contact.id, *OUR_ROLES):
        owe(session, "end_leg", leg.id)
    _give_back(session, line, contact, reservation, "connect_deadline")


def _give_back(session: Session, line: Line, contact: Contact, reservation: Reservation, why: str) -> None:
    cancel_timers(session, contact.id, CONNECT_TIMER)
    record_event(session, contact.id, "connect.failed", "twilio", why=why, counsellor=reservation.counsellor_id)
    count_missed_offer(
        session, session.get_one(Staff, reservation.counsellor_id), line.helpline.queue.missed_offers_until_away
    )
    release(session, reservation, contact, line.policy, "timed_out", why, "clock")
    leg = caller_leg(session, contact.id)
    if leg.joined_at and not leg.left_at:
        owe(session, "back_to_hold", contact.id)
