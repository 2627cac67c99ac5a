"""Appends what happened to a contact, and tells the floor."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import ContactEvent
from helpline.outbox.bell import remember_change
from helpline.store.types import utc_now

FLOOR = "floor"


def record_event(session: Session, contact_id: UUID, kind: str, actor: str, **detail: object) -> None:
    """Append one event. `detail` holds identifiers and plain facts, never a name, a number or words said."""
    session.add(ContactEvent(contact_id=contact_id, at=utc_now(), kind=kind, actor=actor, detail=detail))
    remember_change(session, FLOOR)


def list_events(session: Session, contact_id: UUID) -> list[ContactEvent]:
    """The contact's whole story, in order."""
    query = select(ContactEvent).where(ContactEvent.contact_id == contact_id).order_by(ContactEvent.id)
    return list(session.scalars(query))
