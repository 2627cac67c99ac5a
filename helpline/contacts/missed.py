"""Children we did not get to talk with, as a list that people work through, each with why and how grave it was.

Being on this list sends nothing to anyone: a ring or a text at the wrong moment can put a child in danger. A
person takes the row, and decides. Calls from one number that follow each other are one row.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline.audit.record import record_act
from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.contacts.numbers import pseudonyms_of
from helpline.contacts.stages import ContactNotFound, NotPossibleNow
from helpline.privacy.keys import KeyRing
from helpline.store.db import db
from helpline.store.types import UTCTime, new_id, utc_now
from triage.model import RiskLevel

# Why a contact stands on the list, the gravest first: of several reasons the first of these is kept.
REASONS = (
    "hung_up_after_9",
    "hung_up_after_disclosure",
    "asked_for_callback",
    "text_failed",
    "hung_up_waiting",
    "hung_up_in_menu",
)
ENDINGS = ("talked", "came_back", "not_safe", "not_reached", "no_number", "nothing_to_do")
OPEN = text("closed_at IS NULL")
DISCLOSED_FROM = RiskLevel.high


class MissedContact(db.Model):
    """One story that was broken off before a person was there. `contact_id` is the latest contact of it."""

    __tablename__ = "missed_contacts"
    __table_args__ = (
        CheckConstraint(f"reason IN {REASONS}", name="reason"),
        CheckConstraint(f"ending IN {ENDINGS}", name="ending"),
        CheckConstraint("(closed_at IS NULL) = (ending IS NULL)", name="closed_has_ending"),
        Index("uq_missed_contacts_open", "contact_id", unique=True, postgresql_where=OPEN),
        Index("ix_missed_contacts_open_number", "caller_pseudonym", postgresql_where=OPEN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)
    # Empty for a withheld number: unrelated children must never become one story.
    caller_pseudonym: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    times: Mapped[int] = mapped_column(Integer, default=1)
    since: Mapped[datetime] = mapped_column(UTCTime)  # the clock that says when it is due starts here
    latest_at: Mapped[datetime] = mapped_column(UTCTime)
    # What the child asked for, if they did: by 'voice' or 'sms', and whether they said that it is safe.
    wanted_channel: Mapped[str | None] = mapped_column(Text)
    said_safe: Mapped[bool | None]
    wanted_by: Mapped[str | None] = mapped_column(Text)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    taken_at: Mapped[datetime | None] = mapped_column(UTCTime)
    notes_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    closed_at: Mapped[datetime | None] = mapped_column(UTCTime)
    closed_by: Mapped[str | None] = mapped_column(Text)
    ending: Mapped[str | None] = mapped_column(Text)


def list_missed(session: Session, keys: KeyRing, contact: Contact, reason: str, actor: str) -> MissedContact:
    """Put a locked contact on the list, or add to what is there of the same contact or the same number."""
    row = find_open_row(session, keys, contact)
    now = utc_now()
    if row is None:
        row = MissedContact(contact_id=contact.id, reason=reason, level=contact.level, since=now, times=1)
        session.add(row)
    elif row.contact_id != contact.id:
        row.contact_id, row.times = contact.id, row.times + 1
    row.caller_pseudonym, row.latest_at = contact.caller_pseudonym, now
    row.reason = min(row.reason, reason, key=REASONS.index)
    row.level = str(RiskLevel.highest(RiskLevel(row.level), RiskLevel(contact.level)))
    record_event(session, contact.id, "contact.missed", actor, reason=reason)
    session.flush()
    return row


def lock_row(session: Session, missed_id: UUID) -> MissedContact:
    """An open row, locked. Locked after contacts, never before. Raises ContactNotFound, NotPossibleNow."""
    row = session.get(MissedContact, missed_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ContactNotFound(str(missed_id))
    if row.closed_at:
        raise NotPossibleNow("this row is closed")
    return row


def close_row(session: Session, row: MissedContact, ending: str, actor: str) -> None:
    """Nothing is left to do on a locked row."""
    row.ending, row.closed_at, row.closed_by = ending, utc_now(), actor
    record_event(session, row.contact_id, "missed.closed", actor, ending=ending)
    record_act(session, actor=actor, action="missed.closed", subject=f"missed:{row.id}", ending=ending)


def why_missed(contact: Contact) -> str:
    """Why a contact that ends without a talk belongs on the list. Ask before it is closed."""
    if any(signal["name"] == "danger_key" for signal in contact.signals):
        return "hung_up_after_9"
    if RiskLevel(contact.level) >= DISCLOSED_FROM:
        return "hung_up_after_disclosure"
    return "hung_up_in_menu" if contact.state == "menu" else "hung_up_waiting"


def find_open_row(session: Session, keys: KeyRing, contact: Contact) -> MissedContact | None:
    """The open row of this contact or of earlier ones from its number, locked."""
    same = or_(MissedContact.contact_id == contact.id, MissedContact.caller_pseudonym.in_(pseudonyms_of(keys, contact)))
    query = select(MissedContact).where(same, MissedContact.closed_at.is_(None)).order_by(MissedContact.since)
    return session.scalars(query.limit(1).with_for_update(), execution_options={"populate_existing": True}).first()
