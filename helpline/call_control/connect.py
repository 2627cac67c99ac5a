"""From 'accepted' to two people talking: ring the counsellor first, then bring the child, confirm when both are in.

Until both have joined, the child stays in the hold queue and keeps their place; whatever goes wrong on the
way leads back there.
"""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from helpline.call_control.leave import CONNECT_TIMER, OUR_ROLES, caller_gone, give_up_attempt
from helpline.contacts.attempts import find_trying
from helpline.contacts.calls import caller_leg, hear_of_leg, in_room, live_legs, new_leg, room_of
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
from helpline.staff.accounts import device_address
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from helpline.telephony.rest import CallGone, Leg, PhoneLine, PhoneLineFault, PhoneLineRefused

log = structlog.get_logger()

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
    if leg.ended_at or leg.call_sid or contact.state != "connecting" or leg.staff_id != contact.counsellor_id:
        return  # the child is gone, or somebody else has them by now
    number = device_address(line.keys, session.get_one(Staff, leg.staff_id))
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
    if leg.role == "caller":
        _caller_is_in(session, contact, leg)
    elif leg.role in OUR_ROLES:
        _one_of_ours_is_in(session, contact, leg)
    elif not (leg.left_at or leg.ended_at):
        _note_joined(leg)


def _note_joined(leg: Call) -> None:
    leg.joined_at = leg.joined_at or utc_now()
    hear_of_leg(leg, "in-progress")


def _one_of_ours_is_in(session: Session, contact: Contact, leg: Call) -> None:
    if leg.ended_at and leg.status != "completed" and not leg.left_at:
        owe(session, "end_leg", leg.id)  # we took this phone for one that never answered
    if leg.left_at or leg.ended_at:
        return
    _note_joined(leg)
    theirs = leg.staff_id == contact.counsellor_id
    if contact.state == "connecting" and theirs:
        _bring_or_ring(session, contact)
    elif contact.state != "connected" or (leg.role == "counsellor" and not theirs):
        owe(session, "end_leg", leg.id)  # the child is gone, or with someone else: nobody waits in an empty room


def _bring_or_ring(session: Session, contact: Contact) -> None:
    """The counsellor is in the room: now the child. One whom we call back is rung first."""
    if find_trying(session, contact):
        owe(session, "ring_child", contact.id)
    else:
        owe(session, "bring_caller", contact.id)


def _caller_is_in(session: Session, contact: Contact, leg: Call) -> None:
    if leg.ended_at:
        return
    # Only in one and the same room are they together: this may be a late word about an earlier one.
    company = in_room(session, contact.id, *OUR_ROLES)
    together = any(other.conference_sid in (None, leg.conference_sid) for other in company)
    if contact.state == "connecting" and company and not together:
        return
    leg.joined_at, leg.left_at = utc_now(), None
    if contact.state == "connecting" and together:
        cancel_timers(session, contact.id, CONNECT_TIMER)
        move_contact(session, contact, "connected", f"staff:{contact.counsellor_id}")
    elif contact.state in ("connecting", "waiting", "offered"):
        # Whoever was there for them has dropped out or is being let go. Nobody is left alone in a room.
        owe(session, "back_to_hold", contact.id)


def bring_caller(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: take this very child out of the hold queue and into the room, where the counsellor is."""
    contact = lock_contact(session, UUID(work.subject))
    leg = caller_leg(session, contact.id)
    if contact.state != "connecting" or leg.ended_at:
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
    if any(other.staff_id == leg.staff_id for other in live_legs(session, contact.id, *OUR_ROLES)):
        return  # a late word about an earlier ring: this person's phone is being rung again, or is in the room
    _give_back(session, line, contact, reservation, why)


def connect_deadline(session: Session, line: Line, contact_id: str) -> None:
    """Timer: the two are not talking yet, as far as we know. See who is in the room before anyone is let go."""
    contact = lock_contact(session, UUID(contact_id))
    reservation = find_active(session, contact_id=contact.id)
    if contact.state != "connecting" or reservation is None:
        return
    owe(session, "look_in_room", contact.id, reservation=str(reservation.id))
    arm_connect_deadline(session, line, contact)


def look_in_room(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: the time to connect is up. Let the counsellor go and offer the child on, unless a callback was lost.

    Two who talk are never parted because we were not told, and a counsellor who is in gets the child after all.
    """
    contact = lock_contact(session, UUID(work.subject))
    legs = [*live_legs(session, contact.id, *OUR_ROLES), caller_leg(session, contact.id)]
    known = [leg.id for leg in legs if leg.joined_at]
    commit(session, line.bell)
    inside = _look_for(phone, room_of(contact.id), legs)
    contact = lock_contact(session, contact.id)
    reservation = find_active(session, contact_id=contact.id)
    if contact.state != "connecting" or reservation is None or str(reservation.id) != work.detail["reservation"]:
        return
    for leg, found in inside:
        leg.call_sid, leg.conference_sid = leg.call_sid or found.call_sid, found.conference_sid
        leg_joined(session, line, contact, leg)
    newly = [leg for leg, _found in inside if leg.id not in known and leg.role in OUR_ROLES]
    if contact.state == "connecting" and not newly:
        for leg in live_legs(session, contact.id, *OUR_ROLES):
            owe(session, "end_leg", leg.id)
        _give_back(session, line, contact, reservation, "connect_deadline")


def _look_for(phone: PhoneLine, room: str, legs: list[Call]) -> list[tuple[Call, Leg]]:
    """Which of these legs are in the room and answered, the caller last. Nobody, if we can not be told."""
    try:
        found = [(leg, phone.find_in_room(room, leg.id.hex)) for leg in legs]
        return [(leg, leg_there) for leg, leg_there in found if leg_there and _is_answered(phone, leg_there)]
    except PhoneLineFault as fault:
        log.warning("room_not_seen", fault=str(fault))
        return []


def _is_answered(phone: PhoneLine, leg: Leg) -> bool:
    # A phone that still rings stands among those in the room as well.
    return phone.call_status(leg.call_sid) == "in-progress"


def _give_back(session: Session, line: Line, contact: Contact, reservation: Reservation, why: str) -> None:
    if attempt := find_trying(session, contact):
        give_up_attempt(session, contact, attempt, "called_off", "twilio")
        return
    cancel_timers(session, contact.id, CONNECT_TIMER)
    record_event(session, contact.id, "connect.failed", "twilio", why=why, counsellor=reservation.counsellor_id)
    count_missed_offer(
        session, session.get_one(Staff, reservation.counsellor_id), line.helpline.queue.missed_offers_until_away
    )
    release(session, reservation, contact, line.policy, "timed_out", why, "clock")
    if caller_leg(session, contact.id).queue_sid is None:  # let into the room already, or on the way there
        owe(session, "back_to_hold", contact.id)
