"""Tables of a hand-off: where it stands, to whom it was offered, and everything that happened, in order."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from config.handoffs import Workflow
from helpline.store.db import db
from helpline.store.types import UTCTime, new_id

STATES = (
    "offering",
    "acknowledged",
    "accepted",
    "returned",
    "unreachable",
    "cancel_requested",
    "completed",
    "cancelled",
    "closed",
)
OFFER_STATES = ("sent", "seen", "acked", "accepted", "declined", "expired", "withdrawn", "lost")
LIVE_OFFER = ("sent", "seen", "acked", "accepted")


class Handoff(db.Model):
    """One contact on its way to a partner. Changed by `moving.move` only, under its contact's lock."""

    __tablename__ = "handoffs"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("responsible IN ('us', 'partner')", name="responsible"),
        # One of a kind at a time: two presses of a button ask for the police once.
        Index(
            "uq_handoffs_live",
            "contact_id",
            "workflow",
            unique=True,
            postgresql_where=text("state NOT IN ('cancelled', 'closed')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    ref: Mapped[str] = mapped_column(Text, unique=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)
    workflow: Mapped[str] = mapped_column(Text)
    workflow_version: Mapped[int] = mapped_column(Integer)
    workflow_sha: Mapped[str] = mapped_column(Text)
    # The workflow as it read when this began; a file edited since then does not change what is under way.
    plan: Mapped[dict] = mapped_column(JSONB)
    # Coded facts for the spoken brief, fixed at the start: level, age band, subject, language. Nobody's identity.
    brief: Mapped[dict] = mapped_column(JSONB)
    area: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    phase: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1)
    last_seq: Mapped[int] = mapped_column(Integer, default=0)
    responsible: Mapped[str] = mapped_column(Text, default="us")
    # Who of ours answers for it; there is always somebody.
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    taken_at: Mapped[datetime | None] = mapped_column(UTCTime)
    # Since when our own people are being called to it; None while nobody is.
    paged_since: Mapped[datetime | None] = mapped_column(UTCTime)
    # The next step of the chain, and which time round it is: a new round may ask everyone again.
    step: Mapped[int] = mapped_column(Integer, default=0)
    round: Mapped[int] = mapped_column(Integer, default=1)
    exercise: Mapped[bool] = mapped_column(default=False)
    requested_at: Mapped[datetime] = mapped_column(UTCTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCTime)
    accepted_by: Mapped[str | None] = mapped_column(Text)  # the partner's key
    # Name or badge, incident number, who confirmed: people's data, sealed to this row.
    acceptance_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    confirmation_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    outcome: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(UTCTime)

    @property
    def workflow_as_started(self) -> Workflow:
        """The definition this hand-off runs by."""
        return Workflow.model_validate(self.plan)


class Offer(db.Model):
    """The hand-off offered to one partner by one call."""

    __tablename__ = "handoff_offers"
    __table_args__ = (
        CheckConstraint(f"state IN {OFFER_STATES}", name="state"),
        Index("uq_handoff_offers_seq", "handoff_id", "seq", unique=True),
        # Whoever is first has it; a second one meets this index.
        Index("uq_handoff_offers_accepted", "handoff_id", unique=True, postgresql_where=text("state = 'accepted'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoffs.id"), index=True)
    seq: Mapped[int] = mapped_column(Integer)
    round: Mapped[int] = mapped_column(Integer)
    partner: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="sent")
    why: Mapped[str | None] = mapped_column(Text)
    wrong_pins: Mapped[int] = mapped_column(Integer, default=0)
    asked: Mapped[int] = mapped_column(Integer, default=0)
    made_at: Mapped[datetime] = mapped_column(UTCTime)
    announced_at: Mapped[datetime | None] = mapped_column(UTCTime)
    joined_at: Mapped[datetime | None] = mapped_column(UTCTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)


class HandoffEvent(db.Model):
    """One thing that happened to a hand-off. Numbered without gaps, appended, never changed; nothing personal."""

    __tablename__ = "handoff_events"

    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoffs.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCTime)
    kind: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    came_from: Mapped[str | None] = mapped_column(Text)
    came_to: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    detail: Mapped[dict] = mapped_column(JSONB, default=dict)
