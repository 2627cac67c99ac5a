"""What someone sees of themselves: their activity, what is offered to them, and the contact they have."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.floor.legs import list_live_legs
from helpline.floor.wording import risk_of, seconds_between, written
from helpline.line import Line
from helpline.live_queue.models import QueueEntry, Reservation
from helpline.staff.models import Role, Staff, staff_roles
from helpline.store.types import utc_now


def view_me(session: Session, line: Line, staff: Staff) -> dict:
    """Own state; `reservation` is the pending offer, `contact` the one held until its record is finished."""
    return _view(session, staff.id)[staff.id]


def view_everyone(session: Session, line: Line) -> dict[int, dict]:
    """`view_me` of everyone who works here, by staff id, in the same two queries."""
    return _view(session, None)


def _view(session: Session, staff_id: int | None) -> dict[int, dict]:
    now, rows = utc_now(), _read(session, staff_id)
    held = [row.contact_id for row in rows if row.reservation_state == "accepted"]
    legs = list_live_legs(session, held) if held else {}
    return {row.id: _describe(row, legs.get(row.contact_id, []), now) for row in rows}


def _read(session: Session, staff_id: int | None) -> Sequence[Row]:
    active = (Reservation.counsellor_id == Staff.id) & Reservation.state.in_(("pending", "accepted"))
    query = (
        select(
            Staff.id,
            Staff.name,
            Role.name.label("role"),
            Staff.languages,
            Staff.activity,
            Staff.activity_since,
            Reservation.id.label("reservation_id"),
            Reservation.state.label("reservation_state"),
            Reservation.expires_at,
            Contact.id.label("contact_id"),
            Contact.channel,
            Contact.state,
            Contact.language,
            Contact.level,
            Contact.reasons,
            Contact.connected_at,
            Contact.talk_ended_at,
            QueueEntry.arrived_at,
        )
        .join(staff_roles, staff_roles.c.staff_id == Staff.id)
        .join(Role, Role.id == staff_roles.c.role_id)
        .outerjoin(Reservation, active)
        .outerjoin(Contact, Contact.id == Reservation.contact_id)
        .outerjoin(QueueEntry, QueueEntry.contact_id == Contact.id)
        .where(Staff.active)
    )
    if staff_id is not None:
        query = query.where(Staff.id == staff_id)
    return session.execute(query).all()


def _describe(row: Row, legs: list[dict], now: datetime) -> dict:
    return {
        "id": row.id,
        "name": row.name,
        "role": row.role,
        "languages": list(row.languages),
        "activity": row.activity,
        "activity_since": written(row.activity_since),
        "reservation": _offer(row, now) if row.reservation_state == "pending" else None,
        "contact": _held(row, legs, now) if row.reservation_state == "accepted" else None,
    }


def _offer(row: Row, now: datetime) -> dict:
    return {
        "id": str(row.reservation_id),
        "contact_id": str(row.contact_id),
        "channel": row.channel,
        "risk": risk_of(row.level, row.reasons),
        "language": row.language,
        "waited_s": seconds_between(row.arrived_at, now),
        "expires_at": written(row.expires_at),
    }


def _held(row: Row, legs: list[dict], now: datetime) -> dict:
    return {
        "id": str(row.contact_id),
        "state": row.state,
        "channel": row.channel,
        "language": row.language,
        "risk": risk_of(row.level, row.reasons),
        "connected_at": written(row.connected_at),
        "talked_s": seconds_between(row.connected_at, row.talk_ended_at or now),
        "legs": legs,
    }
