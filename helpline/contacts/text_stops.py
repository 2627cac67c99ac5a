"""Who wants no more texts on which line of ours: asked for by the child, or put up by the telephone company.

Kept by pseudonymous number and line, so that it outlives the contact in which it was said.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline.audit.record import record_act
from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.contacts.numbers import pseudonyms_of
from helpline.privacy.keys import KeyRing
from helpline.store.db import db
from helpline.store.types import UTCTime, new_id, utc_now

BY_CHILD, BY_COMPANY = "child", "company"
IN_FORCE = text("lifted_at IS NULL")


class TextStop(db.Model):
    """Texts to one number from one line have been stopped, until `lifted_at`."""

    __tablename__ = "text_stops"
    __table_args__ = (
        Index("uq_text_stops_in_force", "line", "caller_pseudonym", "said_by", unique=True, postgresql_where=IN_FORCE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)  # where it was said
    line: Mapped[str] = mapped_column(Text)
    caller_pseudonym: Mapped[bytes] = mapped_column(LargeBinary)
    said_by: Mapped[str] = mapped_column(Text)  # 'child' or 'company'
    at: Mapped[datetime] = mapped_column(UTCTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UTCTime)


def stop_texts(session: Session, keys: KeyRing, contact: Contact, said_by: str, actor: str) -> None:
    """From now on no text goes to the number of this locked contact. Nothing new when it is so already."""
    if contact.caller_pseudonym is None or said_by in {stop.said_by for stop in list_stops(session, keys, contact)}:
        return
    session.add(
        TextStop(
            contact_id=contact.id,
            line=contact.line,
            caller_pseudonym=contact.caller_pseudonym,
            said_by=said_by,
            at=utc_now(),
        )
    )
    session.flush()
    record_event(session, contact.id, "texts.stopped", actor, said_by=said_by)
    record_act(session, actor=actor, action="texts.stopped", subject=f"contact:{contact.id}", said_by=said_by)


def allow_texts(session: Session, keys: KeyRing, contact: Contact, actor: str, *said_by: str) -> None:
    """Texts to the number of this locked contact are welcome again, as far as these had stopped them."""
    lifted = [stop for stop in list_stops(session, keys, contact) if stop.said_by in said_by]
    for stop in lifted:
        stop.lifted_at = utc_now()
    if lifted:
        record_event(session, contact.id, "texts.allowed", actor)
        record_act(session, actor=actor, action="texts.allowed", subject=f"contact:{contact.id}")


def list_stops(session: Session, keys: KeyRing, contact: Contact) -> list[TextStop]:
    """What now stands against a text to this contact's number from its line."""
    query = select(TextStop).where(
        TextStop.line == contact.line,
        TextStop.caller_pseudonym.in_(pseudonyms_of(keys, contact)),
        TextStop.lifted_at.is_(None),
    )
    return list(session.scalars(query))
