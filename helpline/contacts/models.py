"""Tables of a contact and all that belongs to it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, LargeBinary, Text, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime, new_id
from triage.model import RiskLevel

STATES = ("menu", "waiting", "offered", "connecting", "connected", "wrap_up", "closed")
OUTCOMES = ("completed", "abandoned", "transferred", "handed_off", "callback", "referred")
OPEN_TEXT = text("channel = 'sms' AND state <> 'closed' AND state <> 'wrap_up'")


class Contact(db.Model):
    """One call or one text conversation, from its first webhook until its record is finished."""

    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        CheckConstraint(f"closing_level IN {tuple(map(str, RiskLevel))}", name="closing_level"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_has_outcome"),
        Index("ix_contacts_pseudonym", "caller_pseudonym", "opened_at"),
        Index("ix_contacts_labelled", "opened_at", postgresql_where=text("closing_level IS NOT NULL")),
        Index("ix_contacts_live", "state", postgresql_where=text("state <> 'closed'")),
        # One open text conversation a number and line; two first texts at once meet here.
        Index("uq_contacts_open_text", "line", "caller_pseudonym", unique=True, postgresql_where=OPEN_TEXT),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[str] = mapped_column(Text)
    line: Mapped[str] = mapped_column(Text)  # the number of ours that was called
    state: Mapped[str] = mapped_column(Text, default="menu", server_default="menu")
    outcome: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UTCTime)
    connected_at: Mapped[datetime | None] = mapped_column(UTCTime)
    talk_ended_at: Mapped[datetime | None] = mapped_column(UTCTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCTime)
    caller_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Empty for withheld numbers, which must never join two children into one caller.
    caller_pseudonym: Mapped[bytes | None] = mapped_column(LargeBinary)
    caller_country: Mapped[str | None] = mapped_column(Text)
    wish: Mapped[str | None] = mapped_column(Text)  # 'woman' or 'man'
    level: Mapped[str] = mapped_column(Text, default="routine", server_default="routine")
    level_by_person: Mapped[str | None] = mapped_column(Text)
    level_by_rules: Mapped[str | None] = mapped_column(Text)  # the gravest that the machine alone made of it
    # What the counsellor thought after the talk, asked before the machine's opinion is shown: the label.
    closing_level: Mapped[str | None] = mapped_column(Text)
    # What was noticed, in order; the first `signals_judged` of them a person has weighed already.
    signals: Mapped[list] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    signals_judged: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    score: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    reasons: Mapped[list] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    rules_version: Mapped[str | None] = mapped_column(Text)
    counsellor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    record: Mapped[dict] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    notes_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    exercise: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Set when we called: the missed contact that this call answers. Empty for all who came to us.
    calls_back: Mapped[UUID | None] = mapped_column(ForeignKey("contacts.id"))


class Call(db.Model):
    """One telephone leg. Ours to ring legs exist before their CallSid: the row names the leg in every callback."""

    __tablename__ = "calls"
    __table_args__ = (
        Index("uq_calls_sid", "call_sid", unique=True),
        Index("ix_calls_live", "contact_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_calls_rung_by_us", "created_at", postgresql_where=text("role <> 'caller'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)
    role: Mapped[str] = mapped_column(Text)  # caller, counsellor, partner, on_call
    call_sid: Mapped[str | None] = mapped_column(Text)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    offer_id: Mapped[UUID | None]
    queue_sid: Mapped[str | None] = mapped_column(Text)
    conference_sid: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    status_rank: Mapped[int] = mapped_column(Integer, default=0)
    muted: Mapped[bool] = mapped_column(default=False, server_default=false())
    on_hold: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    last_heard_at: Mapped[datetime] = mapped_column(UTCTime)
    joined_at: Mapped[datetime | None] = mapped_column(UTCTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)


class FlowSession(db.Model):
    """Where a contact stands in its menu or its waiting loop: the flow engine's state, kept between webhooks.

    `stories` has what was done on the way, as signs of a walk: a choice by its name, silence, that somebody spoke.
    """

    __tablename__ = "flow_sessions"

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    state: Mapped[dict] = mapped_column(JSONB)
    step: Mapped[int] = mapped_column(Integer, default=0)
    stories: Mapped[list] = mapped_column(JSONB, default=list, server_default=text("'[]'"))


class ContactEvent(db.Model):
    """One thing that happened to a contact, in order. Appended, never changed; holds no personal data."""

    __tablename__ = "contact_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCTime)
    kind: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict] = mapped_column(JSONB, default=dict)


class Message(db.Model):
    """One text. `body_sealed` is bound to this row; `status` never moves back."""

    __tablename__ = "messages"
    __table_args__ = (Index("uq_messages_sid", "message_sid", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)
    message_sid: Mapped[str | None] = mapped_column(Text)
    direction: Mapped[str] = mapped_column(Text)  # 'in' from the child, 'out' from us
    sent_by: Mapped[str] = mapped_column(Text)
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    media_count: Mapped[int] = mapped_column(Integer, default=0)
    status: Mapped[str] = mapped_column(Text)
    status_rank: Mapped[int] = mapped_column(Integer, default=0)
    error_code: Mapped[str | None] = mapped_column(Text)
    sent_again: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    handed_over_at: Mapped[datetime | None] = mapped_column(UTCTime)  # to the telephone company, by us
