"""What someone sees of themselves: their activity, what is offered to them, and the contact they have."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.calls import live_legs
from helpline.contacts.models import Contact
from helpline.floor.contact import describe_leg
from helpline.floor.wording import risk_of, seconds_between, written
from helpline.line import Line
from helpline.live_queue.models import QueueEntry, Reservation
from helpline.live_queue.reservations import find_active
from helpline.staff.models import Staff
from helpline.store.types import utc_now


def view_me(session: Session, line: Line, staff: Staff) -> dict:
    """Own state; `reservation` is the pending offer, `contact` the one held until its record is finished."""
    now = utc_now()
    reservation = find_active(session, counsellor_id=staff.id)
    contact = session.get(Contact, reservation.contact_id) if reservation else None
    pending = reservation is not None and reservation.state == "pending"
    return {
        "id": staff.id,
        "name": staff.name,
        "role": staff.role,
        "languages": list(staff.languages),
        "activity": staff.activity,
        "activity_since": written(staff.activity_since),
        "reservation": _offer(session, reservation, contact, now) if pending else None,
        "contact": _held(session, contact, now) if contact and not pending else None,
    }


def _offer(session: Session, reservation: Reservation, contact: Contact, now: datetime) -> dict:
    arrived_at = session.scalar(select(QueueEntry.arrived_at).where(QueueEntry.contact_id == contact.id))
    return {
        "id": str(reservation.id),
        "contact_id": str(contact.id),
        "channel": contact.channel,
        "risk": risk_of(contact.level, contact.reasons),
        "language": contact.language,
        "waited_s": seconds_between(arrived_at, now),
        "expires_at": written(reservation.expires_at),
    }


def _held(session: Session, contact: Contact, now: datetime) -> dict:
    return {
        "id": str(contact.id),
        "state": contact.state,
        "channel": contact.channel,
        "language": contact.language,
        "risk": risk_of(contact.level, contact.reasons),
        "connected_at": written(contact.connected_at),
        "talked_s": seconds_between(contact.connected_at, contact.talk_ended_at or now),
        "legs": [describe_leg(leg) for leg in live_legs(session, contact.id)],
    }
