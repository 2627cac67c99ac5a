"""Tables of what only some hand-offs have: beds kept, a journey, an appeal to the public, additions, serials."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime, new_id

HOLD_STATES = ("held", "confirmed", "released", "expired", "site_closed")
PARTIES = ("police", "prosecutor", "body", "guardian")


class ShelterCount(db.Model):
    """How full one class of beds of a site is, as the shelter last said. No row: empty and taking people in."""

    __tablename__ = "shelter_counts"

    partner: Mapped[str] = mapped_column(Text, primary_key=True)
    site: Mapped[str] = mapped_column(Text, primary_key=True)
    bed: Mapped[str] = mapped_column(Text, primary_key=True)
    occupied: Mapped[int] = mapped_column(Integer, default=0)
    accepting: Mapped[bool] = mapped_column(default=True)
    as_of: Mapped[datetime] = mapped_column(UTCTime)


class Hold(db.Model):
    """One place kept for one person until they come, or until it expires."""

    __tablename__ = "handoff_holds"
    __table_args__ = (
        CheckConstraint(f"state IN {HOLD_STATES}", name="state"),
        Index("uq_handoff_holds_member", "member_id", unique=True, postgresql_where=text("state = 'held'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoffs.id"), index=True)
    offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("handoff_offers.id"), index=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("handoff_members.id"))
    partner: Mapped[str] = mapped_column(Text)
    site: Mapped[str] = mapped_column(Text)
    bed: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="held")
    expires_at: Mapped[datetime] = mapped_column(UTCTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)


class Transport(db.Model):
    """The journey to a shelter. Where they are fetched and the code word are sealed to the hand-off."""

    __tablename__ = "handoff_transports"

    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoffs.id"), primary_key=True)
    mode: Mapped[str] = mapped_column(Text)
    escort: Mapped[str] = mapped_column(Text)
    same_sex: Mapped[bool]
    pickup_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    code_word_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    eta_at: Mapped[datetime] = mapped_column(UTCTime)
    arrived_at: Mapped[datetime | None] = mapped_column(UTCTime)


class Appeal(db.Model):
    """An appeal to the public about a missing child; its words are gone once the child is found."""

    __tablename__ = "handoff_appeals"

    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoffs.id"), primary_key=True)
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    written_at: Mapped[datetime] = mapped_column(UTCTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCTime)
    purged_at: Mapped[datetime | None] = mapped_column(UTCTime)


class AppealDecision(db.Model):
    """What one of the four says to the appeal; a later word of the same party replaces it, and both are events."""

    __tablename__ = "handoff_appeal_decisions"
    __table_args__ = (CheckConstraint(f"party IN {PARTIES}", name="party"),)

    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoffs.id"), primary_key=True)
    party: Mapped[str] = mapped_column(Text, primary_key=True)
    agrees: Mapped[bool]
    by_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UTCTime)


class Addition(db.Model):
    """Something told after the first report: a tip about a missing child, a supplement. Sealed to its row."""

    __tablename__ = "handoff_additions"
    __table_args__ = (Index("uq_handoff_additions_number", "handoff_id", "kind", "number", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoffs.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)  # 'tip', 'supplement'
    number: Mapped[int] = mapped_column(Integer)
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UTCTime)
    by: Mapped[str] = mapped_column(Text)


class Serial(db.Model):
    """The last number given to a report of this workflow in this year."""

    __tablename__ = "handoff_serials"

    workflow: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
