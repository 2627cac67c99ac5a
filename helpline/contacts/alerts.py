"""What about a contact must be seen by a person at once, until somebody says that they have seen to it.

One open alert of a kind and contact: what happens again while it is open makes it newer, not two.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline.audit.record import record_act
from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.store.db import db
from helpline.store.types import UTCTime, utc_now

KINDS = ("level_rose", "stop_asked", "texts_blocked", "not_delivered", "media", "unanswered", "idle")
OPEN = text("settled_at IS NULL")


class ContactAlert(db.Model):
    """One alert. `settled_by` is the actor who has seen to it."""

    __tablename__ = "contact_alerts"
    __table_args__ = (Index("uq_contact_alerts_open", "contact_id", "kind", unique=True, postgresql_where=OPEN),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCTime)
    settled_by: Mapped[str | None] = mapped_column(Text)


def raise_alert(session: Session, contact: Contact, kind: str, actor: str) -> None:
    """Raise an alert about a locked contact: its counsellor and the floor see it at once."""
    alert = _find_open(session, contact.id, kind)
    if alert is None:
        session.add(ContactAlert(contact_id=contact.id, kind=kind, at=utc_now()))
    else:
        alert.at = utc_now()
    record_event(session, contact.id, "alert.raised", actor, alert=kind)


def settle_alert(session: Session, contact: Contact, kind: str, actor: str) -> bool:
    """It was seen to. False when there is no such open alert of this locked contact."""
    alert = _find_open(session, contact.id, kind)
    if alert is None:
        return False
    alert.settled_at, alert.settled_by = utc_now(), actor
    record_event(session, contact.id, "alert.settled", actor, alert=kind)
    record_act(session, actor=actor, action="alert.settled", subject=f"contact:{contact.id}", alert=kind)
    return True


def list_open_alerts(session: Session, contact_id: UUID | None = None) -> Sequence[tuple[ContactAlert, Contact]]:
    """The open alerts of one contact or of all, newest first."""
    query = (
        select(ContactAlert, Contact)
        .join(Contact, Contact.id == ContactAlert.contact_id)
        .where(ContactAlert.settled_at.is_(None))
        .order_by(ContactAlert.at.desc(), ContactAlert.id.desc())
    )
    if contact_id is not None:
        query = query.where(ContactAlert.contact_id == contact_id)
    return [tuple(row) for row in session.execute(query)]


def _find_open(session: Session, contact_id: UUID, kind: str) -> ContactAlert | None:
    query = select(ContactAlert).where(
        ContactAlert.contact_id == contact_id, ContactAlert.kind == kind, ContactAlert.settled_at.is_(None)
    )
    return session.scalars(query).one_or_none()
