"""Rings the on-call people when a child in danger has found nobody free, until one of them takes the call."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.call_control.connect import arm_connect_deadline
from helpline.call_control.rung_before import find_rung, list_known_calls
from helpline.contacts.calls import hear_of_leg, live_legs, new_leg
from helpline.contacts.events import record_event
from helpline.contacts.models import Call, Contact
from helpline.contacts.stages import lock_contact
from helpline.line import Line
from helpline.live_queue.entries import ON_CALL_TIMER, find_entry
from helpline.live_queue.reservations import ReservationOver, find_active, take_contact
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.outbox.timers import set_timer
from helpline.staff.accounts import device_number
from helpline.staff.activity import list_on_call, list_on_shift
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from helpline.telephony.rest import CallGone, PhoneLine, PhoneLineRefused
from triage.model import RiskLevel
from triage.ordering import needs_on_call

REPEAT_S = 30
ASKED_FOR_PERSON = "asked_for_person"


def ring_on_call(session: Session, line: Line, contact_id: str) -> None:
    """Timer: ring everyone on call who is not busy, and again in REPEAT_S until a person has the child."""
    contact = lock_contact(session, UUID(contact_id))
    if contact.state not in ("waiting", "offered") or contact.channel != "voice":
        return
    entry, now = find_entry(session, contact), utc_now()
    set_timer(session, ON_CALL_TIMER, contact.id, now + timedelta(seconds=REPEAT_S))
    waited_s = (now - entry.arrived_at).total_seconds()
    is_open = line.helpline.is_open
    if not needs_on_call(
        RiskLevel(contact.level),
        waited_s,
        line.policy,
        anyone_on_shift=bool(list_on_shift(session)),
        closed=not (is_open(entry.arrived_at) or is_open(now)),
        asked_for_person=any(signal["name"] == ASKED_FOR_PERSON for signal in contact.signals),
    ):
        return
    entry.on_call_rung_at = entry.on_call_rung_at or now
    ringing = {leg.staff_id for leg in live_legs(session, contact.id, "on_call")}
    called = [person for person in list_on_call(session) if person.id not in ringing and _is_free(session, person)]
    for person in called:
        owe(session, "ring_on_call_phone", new_leg(session, contact.id, "on_call", staff_id=person.id).id)
    record_event(session, contact.id, "on_call.rung", "clock", staff=[person.id for person in called])


def _is_free(session: Session, person: Staff) -> bool:
    return person.device_sealed is not None and find_active(session, counsellor_id=person.id) is None


def ring_on_call_phone(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: ring one on-call phone. It hears that a child waits, and takes the call by pressing 1."""
    leg = session.get_one(Call, UUID(work.subject))
    contact = lock_contact(session, leg.contact_id)
    session.refresh(leg)
    if leg.ended_at or leg.call_sid:
        return  # an earlier try has rung it after all
    if contact.state not in ("waiting", "offered"):
        hear_of_leg(leg, "canceled")
        return
    number, known = device_number(line.keys, session.get_one(Staff, leg.staff_id)), list_known_calls(session)
    commit(session, line.bell)
    try:
        rung = find_rung(phone, work, leg, number, known) or phone.ring(
            number, leg.id.hex, "/voice/page", line.helpline.queue.ring_s + 10
        )
    except (CallGone, PhoneLineRefused):
        hear_of_leg(leg, "failed")
        return
    lock_contact(session, leg.contact_id)
    session.refresh(leg)
    hear_of_leg(leg, "queued", rung.call_sid)
    if leg.ended_at:  # the child was taken, or has gone, while the phone was being rung
        owe(session, "end_leg", leg.id)


def take_page(session: Session, line: Line, contact: Contact, leg: Call) -> bool:
    """An on-call person pressed 1. True: the child of this locked contact is theirs; False: somebody was quicker."""
    person = session.get_one(Staff, leg.staff_id)
    held = find_active(session, counsellor_id=person.id)
    if held and (held.contact_id != contact.id or held.state != "pending"):
        return False  # one child at a time; this very child may be offered to them in the console as well
    try:
        take_contact(session, contact, person, line.helpline.queue.offer_s)
    except ReservationOver:
        return False
    for other in live_legs(session, contact.id, "on_call", "counsellor"):
        if other.id != leg.id:
            owe(session, "end_leg", other.id)
    arm_connect_deadline(session, line, contact)
    return True
