"""Marks on numbers that are used to abuse or to flood the line: one person sets one, a second confirms it, it expires.

A mark gives the number a slower lane and nothing else: what is heard stays the same to the letter, the level is never
lowered, and 9 leads to critical at once. A child may use a marked phone. Undone marks are counted.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline.audit.record import record_act
from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.contacts.numbers import pseudonyms_of
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.privacy.keys import KeyRing
from helpline.store.db import db
from helpline.store.types import UTCTime, new_id, utc_now

KINDS = ("abusive", "spam")
# 'refused' was never confirmed; 'lifted' was in force and is the one that counts as a reversal.
ENDINGS = ("refused", "lifted", "expired")
REASON_PLACE = "number_marks.reason"
LONGEST_REASON = 500
OPEN = text("ended_at IS NULL")


class NumberMark(db.Model):
    """One mark on one number. It has an effect from its confirmation until it ends."""

    __tablename__ = "number_marks"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"ending IN {ENDINGS}", name="ending"),
        CheckConstraint("set_by <> confirmed_by", name="two_people"),
        Index("uq_number_marks_open", "caller_pseudonym", unique=True, postgresql_where=OPEN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    caller_pseudonym: Mapped[bytes] = mapped_column(LargeBinary)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    set_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime] = mapped_column(UTCTime)
    expires_at: Mapped[datetime] = mapped_column(UTCTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ending: Mapped[str | None] = mapped_column(Text)


def set_mark(
    session: Session, keys: KeyRing, contact: Contact, kind: str, reason: str, *, lasts: timedelta, by: int
) -> NumberMark:
    """Propose a mark on a locked contact's number. Without effect until another person has confirmed it.

    Raises NotPossibleNow for a withheld number, which unrelated children share, and for one that has a mark.
    """
    if contact.caller_pseudonym is None:
        raise NotPossibleNow("the number was withheld: a mark would fall on children who have nothing to do with it")
    if kind not in KINDS or not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid("choose what it is and say why in a few words")
    now, mark_id = utc_now(), new_id()
    if find_mark(session, keys, contact, now):
        raise NotPossibleNow("this number has a mark already")
    _end_expired(session, keys, contact, now)
    mark = NumberMark(
        id=mark_id,
        caller_pseudonym=contact.caller_pseudonym,
        contact_id=contact.id,
        kind=kind,
        reason_sealed=keys.seal(reason.strip(), REASON_PLACE, mark_id),
        set_by=by,
        set_at=now,
        expires_at=now + lasts,
    )
    session.add(mark)
    session.flush()
    _record(session, contact, "number_mark.set", by, mark)
    return mark


def confirm_mark(session: Session, keys: KeyRing, contact: Contact, by: int) -> NumberMark:
    """A second person agrees with the mark on a locked contact's number: it has its effect from the next call on."""
    mark = _find_open_mark(session, keys, contact)
    if mark.confirmed_at:
        raise NotPossibleNow("the mark is confirmed already")
    if mark.set_by == by:
        raise NotPossibleNow("whoever has set a mark does not confirm it")
    mark.confirmed_by, mark.confirmed_at = by, utc_now()
    _record(session, contact, "number_mark.confirmed", by, mark)
    return mark


def lift_mark(session: Session, keys: KeyRing, contact: Contact, by: int) -> NumberMark:
    """Undo the mark on a locked contact's number at once. One person is enough for that."""
    mark = _find_open_mark(session, keys, contact)
    mark.ended_at, mark.ended_by = utc_now(), by
    mark.ending = "lifted" if mark.confirmed_at else "refused"
    _record(session, contact, "number_mark.lifted", by, mark)
    return mark


def find_mark(session: Session, keys: KeyRing, contact: Contact, now: datetime) -> NumberMark | None:
    """The mark on this contact's number that has not ended, confirmed or not."""
    query = select(NumberMark).where(
        NumberMark.caller_pseudonym.in_(pseudonyms_of(keys, contact)),
        NumberMark.ended_at.is_(None),
        NumberMark.expires_at > now,
    )
    return session.scalars(query).one_or_none()


def is_in_slower_lane(session: Session, keys: KeyRing, contact: Contact, now: datetime) -> bool:
    """Whether two people have marked this contact's number, and the mark has not expired."""
    mark = find_mark(session, keys, contact, now)
    return mark is not None and mark.confirmed_at is not None


def open_reason(keys: KeyRing, mark: NumberMark) -> str:
    """Why, in clear."""
    return keys.open(mark.reason_sealed, REASON_PLACE, mark.id)


def count_marks(session: Session, now: datetime) -> dict[str, int]:
    """Figures: marks ever set, confirmed, reversed after they had been confirmed, and in force now."""
    confirmed = NumberMark.confirmed_at.is_not(None)
    row = session.execute(
        select(
            func.count(),
            func.count().filter(confirmed),
            func.count().filter(NumberMark.ending == "lifted"),
            func.count().filter(confirmed, NumberMark.ended_at.is_(None), NumberMark.expires_at > now),
        ).select_from(NumberMark)
    ).one()
    return dict(zip(("set", "confirmed", "reversed", "in_force"), row, strict=True))


def _find_open_mark(session: Session, keys: KeyRing, contact: Contact) -> NumberMark:
    mark = find_mark(session, keys, contact, utc_now())
    if mark is None:
        raise NotPossibleNow("this number has no mark")
    return mark


def _end_expired(session: Session, keys: KeyRing, contact: Contact, now: datetime) -> None:
    over = select(NumberMark).where(
        NumberMark.caller_pseudonym.in_(pseudonyms_of(keys, contact)), NumberMark.ended_at.is_(None)
    )
    for mark in session.scalars(over):
        mark.ended_at, mark.ending = now, "expired"
    session.flush()


def _record(session: Session, contact: Contact, what: str, by: int, mark: NumberMark) -> None:
    actor = f"staff:{by}"
    record_event(session, contact.id, "number.marked", actor, step=what.rpartition(".")[2], mark=mark.kind)
    record_act(session, actor=actor, action=what, subject=f"contact:{contact.id}", mark=str(mark.id), kind=mark.kind)
