"""The telephone legs of a contact, and what the telephone company says of them: never backwards."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Call
from helpline.store.types import utc_now

# A leg's status only ever moves up this ladder: callbacks arrive in any order, and an ended leg never revives.
STATUS_RANK = {"owed": 0, "queued": 1, "initiated": 1, "ringing": 2, "in-progress": 3}
ENDED_RANK = 4
ENDED = ("completed", "busy", "failed", "no-answer", "canceled")
# What an unknown new status counts as: it never means that a leg has ended.
UNKNOWN_RANK = 0


def new_leg(
    session: Session, contact_id: UUID, role: str, *, staff_id: int | None = None, offer_id: UUID | None = None
) -> Call:
    """A leg that we owe a ring to. It has no CallSid yet; its own id names it in every callback."""
    now = utc_now()
    leg = Call(
        contact_id=contact_id,
        role=role,
        staff_id=staff_id,
        offer_id=offer_id,
        status="owed",
        created_at=now,
        last_heard_at=now,
    )
    session.add(leg)
    session.flush()
    return leg


def hear_of_leg(leg: Call, status: str, call_sid: str | None = None) -> bool:
    """Take in a status of a locked contact's leg. True when it moved the leg forward."""
    leg.last_heard_at = utc_now()
    if call_sid and leg.call_sid is None:
        leg.call_sid = call_sid
    rank = ENDED_RANK if status in ENDED else STATUS_RANK.get(status, UNKNOWN_RANK)
    if rank <= leg.status_rank:
        return False
    leg.status, leg.status_rank = status, rank
    if rank == ENDED_RANK:
        leg.ended_at = utc_now()
    return True


def end_leg(leg: Call, status: str = "completed") -> bool:
    """The leg is over. True when it was not already."""
    return hear_of_leg(leg, status)


def caller_leg(session: Session, contact_id: UUID) -> Call:
    """The child's own leg."""
    query = select(Call).where(Call.contact_id == contact_id, Call.role == "caller")
    return session.scalars(query).one()


def live_legs(session: Session, contact_id: UUID, *roles: str) -> list[Call]:
    """The legs that have not ended, of these roles or of any."""
    query = select(Call).where(Call.contact_id == contact_id, Call.ended_at.is_(None)).order_by(Call.created_at)
    if roles:
        query = query.where(Call.role.in_(roles))
    return list(session.scalars(query))


def in_room(session: Session, contact_id: UUID, *roles: str) -> list[Call]:
    """The legs of these roles, or of any, that are in the contact's room now, as far as we have been told."""
    return [leg for leg in live_legs(session, contact_id, *roles) if leg.joined_at and not leg.left_at]


def room_of(contact_id: UUID) -> str:
    """The name of the room that this contact's call lives in. It names nobody."""
    return f"contact-{contact_id.hex}"
