"""Acts that take two people: the first asks, another one decides. Never the same person twice."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.handoff.models import Handoff, SecondPerson
from helpline.handoff.moving import note, person
from helpline.staff.models import Staff
from helpline.store.types import utc_now


def is_seconded(session: Session, handoff: Handoff, act: str, staff: Staff) -> bool:
    """Whether another person has asked for this act; then it is decided by this one. Else it is asked for now."""
    asked = find_asked(session, handoff, act)
    if asked is None:
        session.add(SecondPerson(handoff_id=handoff.id, act=act, asked_by=staff.id, asked_at=utc_now()))
        session.flush()
        note(session, handoff, "second_person_asked", person(staff), act=act)
        return False
    if asked.asked_by == staff.id:
        return False
    asked.decided_by, asked.decided_at = staff.id, utc_now()
    return True


def find_asked(session: Session, handoff: Handoff, act: str) -> SecondPerson | None:
    """The open wish for this act."""
    query = select(SecondPerson).where(SecondPerson.handoff_id == handoff.id, SecondPerson.decided_at.is_(None))
    return session.scalars(query.where(SecondPerson.act == act)).one_or_none()


def list_asked(session: Session, handoff: Handoff) -> list[SecondPerson]:
    """Everything of this hand-off that waits for a second person."""
    query = select(SecondPerson).where(SecondPerson.handoff_id == handoff.id, SecondPerson.decided_at.is_(None))
    return list(session.scalars(query.order_by(SecondPerson.asked_at)))
