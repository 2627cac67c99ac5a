"""Tables of a hand-off: where it stands, to whom it was offered, and everything that happened, in order."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from config.handoffs import Workflow
from helpline.handoff.transitions import LIVE, OVER
from helpline.store.db import db
from helpline.store.types import UTCTime, new_id

STATES = (*LIVE, *OVER)
DIRECTIONS = ("out", "in", "between")
OFFER_STATES = ("sent", "delivered", "seen", "acked", "accepted", "declined", "expired", "withdrawn", "lost")
LIVE_OFFER = ("sent", "delivered", "seen", "acked", "accepted")
# What is sent to a partner: the offer itself, or word of what has become of it.
TELLINGS = ("offer", "notice", "withdrawn", "cancel", "recall", "declined", "returned", "receipt")
ATTEMPT_STATES = ("owed", "sent", "delivered", "failed")


class Handoff(db.Model):
    """One contact on its way to a partner. Changed by `moving.move` only, under its contact's lock."""

    __tablename__ = "handoffs"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("responsible IN ('us', 'partner', 'shared')", name="responsible"),
        CheckConstraint(f"direction IN {DIRECTIONS}", name="direction"),
        # One of a kind at a time: two presses of a button ask for the police once. Those split off another apart.
        Index(
            "uq_handoffs_live",
            "contact_id",
            "workflow",
            unique=True,
            postgresql_where=text(f"parent_id IS NULL AND state NOT IN {OVER}"),
        ),
        Index("uq_handoffs_serial", "workflow", "serial", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    ref: Mapped[str] = mapped_column(Text, unique=True)
    # The name that every hand-off of one story shares, whichever organisation looks: the first one's.
    shared_ref: Mapped[str] = mapped_column(Text, index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("handoffs.id"), index=True)
    direction: Mapped[str] = mapped_column(Text, default="out", server_default="out")
    # The partner that it comes from, when it does not come from us.
    origin: Mapped[str | None] = mapped_column(Text)
    origin_ref: Mapped[str | None] = mapped_column(Text)
    # Whether the child is put through by telephone; all else runs beside the call or after it.
    live_call: Mapped[bool] = mapped_column(default=True, server_default=true())
    priority: Mapped[str] = mapped_column(Text, default="emergency", server_default="emergency")
    basis: Mapped[str] = mapped_column(Text, default="vital_interest", server_default="vital_interest")
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
    # The number of a report whose kind is numbered: its year, and its place in the row.
    serial: Mapped[str | None] = mapped_column(Text)
    # Which services are asked for, and what the partner answered to each.
    services: Mapped[dict] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    # Partners that must not be asked, such as the school at which the alleged person works.
    excluded: Mapped[list] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
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


class HandoffMember(db.Model):
    """One person that a hand-off is about. Coded facts only; a day of birth is sealed to this row."""

    __tablename__ = "handoff_members"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoffs.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    sex: Mapped[str | None] = mapped_column(Text)
    age: Mapped[int | None] = mapped_column(Integer)
    born_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    needs: Mapped[list] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    # The one offer under which a partner has taken this person on: there is no room for a second one.
    accepted_offer_id: Mapped[UUID | None]


class SecondPerson(db.Model):
    """An act that takes two people, as the first of them has asked for it."""

    __tablename__ = "handoff_second_persons"
    __table_args__ = (
        Index(
            "uq_handoff_second_persons_open",
            "handoff_id",
            "act",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoffs.id"), index=True)
    act: Mapped[str] = mapped_column(Text)
    # Partners that must not be asked, such as the school at which the alleged person works.
    excluded: Mapped[list] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCTime)


class HandoffMilestone(db.Model):
    """A look at how the child is, due on a day and answered by a code."""

    __tablename__ = "handoff_milestones"

    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoffs.id"), primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    track: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UTCTime)
    overdue_at: Mapped[datetime | None] = mapped_column(UTCTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCTime)
    answer: Mapped[str | None] = mapped_column(Text)


class Offer(db.Model):
    """The hand-off offered to one partner, by a call or in writing."""

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
    channel: Mapped[str] = mapped_column(Text, default="call", server_default="call")
    step: Mapped[int] = mapped_column(Integer, default=0, server_default="0")  # its place in the chain
    # Until when they may answer; a call has its own seconds, step by step.
    expires_at: Mapped[datetime | None] = mapped_column(UTCTime)
    seen_at: Mapped[datetime | None] = mapped_column(UTCTime)
    decline_code: Mapped[str | None] = mapped_column(Text)
    # A partner's own words, sealed to this row.
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    wrong_pins: Mapped[int] = mapped_column(Integer, default=0)
    asked: Mapped[int] = mapped_column(Integer, default=0)
    made_at: Mapped[datetime] = mapped_column(UTCTime)
    announced_at: Mapped[datetime | None] = mapped_column(UTCTime)
    joined_at: Mapped[datetime | None] = mapped_column(UTCTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)


class Attempt(db.Model):
    """One message owed to a partner. `idem_key` makes the same message twice one message, for them and for us."""

    __tablename__ = "handoff_attempts"
    __table_args__ = (
        CheckConstraint(f"about IN {TELLINGS}", name="about"),
        CheckConstraint(f"status IN {ATTEMPT_STATES}", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoffs.id"), index=True)
    offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("handoff_offers.id"), index=True)
    partner: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    idem_key: Mapped[str] = mapped_column(Text, unique=True)
    status: Mapped[str] = mapped_column(Text, default="owed")
    provider_id: Mapped[str | None] = mapped_column(Text)
    fault: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UTCTime)
    told_at: Mapped[datetime | None] = mapped_column(UTCTime)


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
