"""Each try to call or write back to a child: by whom, on which missed contact, and how it ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.store.db import db
from helpline.store.types import UTCTime, new_id, utc_now

# 'talked' means that whoever picked up asked to be joined; 'written' that the agreed words went out by text, and what
# came of it is the conversation's own story. All others ended without a word about us.
WRITTEN = "written"
ENDS = ("talked", "no_answer", "busy", "other_voice", "no_key", "machine", "failed", "called_off", WRITTEN)


class CallbackAttempt(db.Model):
    """One try. `contact_id` is the contact that the try itself is: it has the legs, the room and the record."""

    __tablename__ = "callback_attempts"
    __table_args__ = (CheckConstraint(f"how_ended IN {ENDS}", name="how_ended"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    missed_id: Mapped[UUID] = mapped_column(ForeignKey("missed_contacts.id"), index=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), unique=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("safe_plans.id"))
    begun_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    begun_at: Mapped[datetime] = mapped_column(UTCTime)
    past_hours: Mapped[bool] = mapped_column(default=False)
    how_ended: Mapped[str | None] = mapped_column(Text)
    left_message: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)


def find_attempt(session: Session, contact: Contact) -> CallbackAttempt | None:
    """The try that this contact is; None for a contact that came to us."""
    if contact.calls_back is None:
        return None
    return session.scalars(select(CallbackAttempt).where(CallbackAttempt.contact_id == contact.id)).one()


def find_trying(session: Session, contact: Contact) -> CallbackAttempt | None:
    """The same, as long as nobody has asked to be joined and it has not ended."""
    attempt = find_attempt(session, contact)
    return attempt if attempt and attempt.how_ended is None else None


def list_attempts(session: Session, missed_id: UUID) -> list[CallbackAttempt]:
    """All tries on one missed contact, the first first."""
    query = select(CallbackAttempt).where(CallbackAttempt.missed_id == missed_id)
    return list(session.scalars(query.order_by(CallbackAttempt.begun_at)))


def settle_attempt(session: Session, attempt: CallbackAttempt, how: str, actor: str) -> None:
    """Keep how it ended."""
    attempt.how_ended, attempt.ended_at = how, utc_now()
    record_event(session, attempt.contact_id, "callback.ended", actor, how=how)
