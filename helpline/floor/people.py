"""Everyone who may answer, what they do now, and since when."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.floor.wording import seconds_between
from helpline.live_queue.models import Reservation
from helpline.staff.models import Role, Staff, staff_roles

ANSWERING_ROLES = ("counsellor", "shift_lead")


def list_counsellors(session: Session, now: datetime, expected_wrap_up_s: int) -> list[dict]:
    """Counsellors and shift leads, and anyone else who is signed on or holds a contact. One query.

    A record that takes longer than `expected_wrap_up_s` is `overdue`: somebody may need help, or a break.
    """
    return [_describe(row, now, expected_wrap_up_s) for row in _read(session)]


def _read(session: Session) -> Sequence[Row]:
    # Since when the contact is in the state it is in, as far as the person beside it is concerned.
    since = func.coalesce(Contact.talk_ended_at, Contact.connected_at, Reservation.accepted_at, Reservation.offered_at)
    active = (Reservation.counsellor_id == Staff.id) & Reservation.state.in_(("pending", "accepted"))
    query = (
        select(
            Staff.id,
            Staff.name,
            Role.name.label("role"),
            Staff.activity,
            Staff.activity_since,
            Staff.languages,
            Staff.on_call,
            Contact.id.label("contact_id"),
            Contact.state,
            Contact.channel,
            Contact.level,
            since.label("since"),
        )
        .join(staff_roles, staff_roles.c.staff_id == Staff.id)
        .join(Role, Role.id == staff_roles.c.role_id)
        .outerjoin(Reservation, active)
        .outerjoin(Contact, Contact.id == Reservation.contact_id)
        .where(
            Staff.active,
            or_(Role.name.in_(ANSWERING_ROLES), Staff.activity != "offline", Reservation.id.is_not(None)),
        )
        .order_by(Staff.name, Staff.id)
    )
    return session.execute(query).all()


def _describe(row: Row, now: datetime, expected_wrap_up_s: int) -> dict:
    return {
        "id": row.id,
        "name": row.name,
        "role": row.role,
        "activity": row.activity,
        "since_s": seconds_between(row.activity_since, now),
        "languages": list(row.languages),
        "on_call": row.on_call,
        "contact": _contact(row, now, expected_wrap_up_s) if row.contact_id else None,
    }


def _contact(row: Row, now: datetime, expected_wrap_up_s: int) -> dict:
    since_s = seconds_between(row.since, now)
    return {
        "id": str(row.contact_id),
        "state": row.state,
        "channel": row.channel,
        "level": row.level,
        "since_s": since_s,
        "overdue": row.state == "wrap_up" and since_s > expected_wrap_up_s,
    }
