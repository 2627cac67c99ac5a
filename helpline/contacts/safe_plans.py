"""What a person has recorded about when and how a child may be reached on their number, and nothing goes out without.

A plan belongs to a number and a channel, ends by itself, and can be withdrawn. Its hours, its words and who may
pick up tell of a child's home, so each is sealed to its own row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from config.calendar_file import WEEKDAYS
from helpline.audit.record import record_act
from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.contacts.numbers import pseudonyms_of
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.privacy.keys import KeyRing
from helpline.store.db import db
from helpline.store.types import UTCTime, new_id, utc_now

CHANNELS = ("voice", "sms")
HOURS_PLACE, WORDS_PLACE, PICK_UP_PLACE = "safe_plans.hours", "safe_plans.words", "safe_plans.may_pick_up"
LONGEST_WORDS = 300
LIVE = text("withdrawn_at IS NULL")


@dataclass(frozen=True)
class SafeHours:
    """Local days of the week and the time between which the child may be reached."""

    days: tuple[str, ...]
    start: time
    end: time

    def __str__(self) -> str:
        return f"{','.join(self.days)} {self.start:%H:%M}-{self.end:%H:%M}"

    def cover(self, local: datetime) -> bool:
        """Whether this local time is within them."""
        return WEEKDAYS[local.weekday()] in self.days and self.start <= local.time() < self.end

    def next_from(self, local: datetime) -> datetime:
        """The first local time from this one on that they cover."""
        if self.cover(local):
            return local
        for days_on in range(8):
            day = local + timedelta(days=days_on)
            begins = day.replace(hour=self.start.hour, minute=self.start.minute, second=0, microsecond=0)
            if begins > local and WEEKDAYS[day.weekday()] in self.days:
                return begins
        raise ValueError("hours without a day")


def read_hours(days: Iterable[str], start: str, end: str) -> SafeHours:
    """What a person has entered. Raises Invalid."""
    chosen = tuple(day for day in WEEKDAYS if day in days)
    try:
        hours = SafeHours(chosen, time.fromisoformat(start), time.fromisoformat(end))
    except ValueError as error:
        raise Invalid("write times like 15:00") from error
    if not chosen or hours.start >= hours.end:
        raise Invalid("choose days, and a time that ends after it starts")
    return hours


@dataclass(frozen=True)
class WhatIsSafe:
    """A plan in clear. `words` are what may be said or written; `may_name_us` lets the helpline's name be said."""

    channel: str
    hours: SafeHours
    words: str
    may_pick_up: str
    may_name_us: bool = False
    may_leave_message: bool = False


class SafePlan(db.Model):
    """One record of what is safe, for one number and channel; the newest that is not withdrawn counts."""

    __tablename__ = "safe_plans"
    __table_args__ = (
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        Index("uq_safe_plans_live", "caller_pseudonym", "channel", unique=True, postgresql_where=LIVE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)
    caller_pseudonym: Mapped[bytes] = mapped_column(LargeBinary)
    channel: Mapped[str] = mapped_column(Text)
    hours_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    may_pick_up_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    may_name_us: Mapped[bool]
    may_leave_message: Mapped[bool]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCTime)
    expires_at: Mapped[datetime] = mapped_column(UTCTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCTime)
    withdrawn_by: Mapped[str | None] = mapped_column(Text)


def record_plan(
    session: Session, keys: KeyRing, contact: Contact, safe: WhatIsSafe, *, lasts: timedelta, by: int
) -> SafePlan:
    """Keep what is safe for the number of this contact; it takes the place of an earlier plan of the same channel.

    Raises NotPossibleNow for a withheld number, Invalid for words that are too long.
    """
    if contact.caller_pseudonym is None:
        raise NotPossibleNow("the number was withheld, so nobody can be reached on it")
    if max(len(safe.words), len(safe.may_pick_up)) > LONGEST_WORDS:
        raise Invalid(f"words hold at most {LONGEST_WORDS} characters")
    if safe.may_leave_message and not safe.words.strip():
        raise Invalid("write the words that may be left as a message")
    actor, now, plan_id = f"staff:{by}", utc_now(), new_id()
    _withdraw(session, keys, contact, safe.channel, actor)
    plan = SafePlan(
        id=plan_id,
        contact_id=contact.id,
        caller_pseudonym=contact.caller_pseudonym,
        channel=safe.channel,
        hours_sealed=keys.seal(str(safe.hours), HOURS_PLACE, plan_id),
        words_sealed=keys.seal(safe.words.strip(), WORDS_PLACE, plan_id),
        may_pick_up_sealed=keys.seal(safe.may_pick_up.strip(), PICK_UP_PLACE, plan_id),
        may_name_us=safe.may_name_us,
        may_leave_message=safe.may_leave_message,
        recorded_by=by,
        recorded_at=now,
        expires_at=now + lasts,
    )
    session.add(plan)
    session.flush()
    record_event(session, contact.id, "safe_plan.recorded", actor, channel=safe.channel)
    record_act(
        session, actor=actor, action="safe_plan.recorded", subject=f"contact:{contact.id}", plan=str(plan_id),
        channel=safe.channel, expires_at=plan.expires_at.isoformat(),
    )  # fmt: skip
    return plan


def withdraw_plan(session: Session, keys: KeyRing, contact: Contact, channel: str, by: int) -> bool:
    """It is not safe any more, from this moment. False when there was no plan."""
    if not _withdraw(session, keys, contact, channel, f"staff:{by}"):
        return False
    record_event(session, contact.id, "safe_plan.withdrawn", f"staff:{by}", channel=channel)
    record_act(
        session, actor=f"staff:{by}", action="safe_plan.withdrawn", subject=f"contact:{contact.id}", channel=channel
    )
    return True


def find_plan(session: Session, keys: KeyRing, contact: Contact, channel: str, now: datetime) -> SafePlan | None:
    """The plan that counts now for this contact's number. None: nothing may go out."""
    query = select(SafePlan).where(
        SafePlan.caller_pseudonym.in_(pseudonyms_of(keys, contact)),
        SafePlan.channel == channel,
        SafePlan.withdrawn_at.is_(None),
        SafePlan.expires_at > now,
    )
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def open_plan(keys: KeyRing, plan: SafePlan) -> WhatIsSafe:
    """The plan in clear."""
    days, _space, span = keys.open(plan.hours_sealed, HOURS_PLACE, plan.id).partition(" ")
    start, _dash, end = span.partition("-")
    return WhatIsSafe(
        channel=plan.channel,
        hours=read_hours(days.split(","), start, end),
        words=keys.open(plan.words_sealed, WORDS_PLACE, plan.id),
        may_pick_up=keys.open(plan.may_pick_up_sealed, PICK_UP_PLACE, plan.id),
        may_name_us=plan.may_name_us,
        may_leave_message=plan.may_leave_message,
    )


def _withdraw(session: Session, keys: KeyRing, contact: Contact, channel: str, actor: str) -> bool:
    live = update(SafePlan).where(
        SafePlan.caller_pseudonym.in_(pseudonyms_of(keys, contact)),
        SafePlan.channel == channel,
        SafePlan.withdrawn_at.is_(None),
    )
    withdrawn = session.execute(
        live.values(withdrawn_at=utc_now(), withdrawn_by=actor), execution_options={"synchronize_session": False}
    )
    return withdrawn.rowcount > 0
