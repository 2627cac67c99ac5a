"""Tables of what must still happen: now (owed work) or at a time (timers). Both hold identifiers only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime


class OwedWork(db.Model):
    """One act owed to the outside, such as ringing a phone. Done once `done_at` is set; parked after too many tries.

    `lease` is the fence: a worker that lost its lease finds another token here and must not write its result.
    """

    __tablename__ = "owed_work"
    __table_args__ = (
        Index("ix_owed_work_open", "due_at", postgresql_where=text("done_at IS NULL AND parked_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict] = mapped_column(JSONB, default=dict)
    owed_at: Mapped[datetime] = mapped_column(UTCTime)
    due_at: Mapped[datetime] = mapped_column(UTCTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None] = mapped_column(UTCTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCTime)
    parked_at: Mapped[datetime | None] = mapped_column(UTCTime)
    fault: Mapped[str | None] = mapped_column(Text)


class Timer(db.Model):
    """One alarm. It fires at most once: setting `fired_at` and its effect are one transaction."""

    __tablename__ = "timers"
    __table_args__ = (
        Index("ix_timers_armed", "due_at", postgresql_where=text("fired_at IS NULL AND cancelled_at IS NULL")),
        Index("ix_timers_subject", "subject", postgresql_where=text("fired_at IS NULL AND cancelled_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    due_at: Mapped[datetime] = mapped_column(UTCTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    fault: Mapped[str | None] = mapped_column(Text)
    fired_at: Mapped[datetime | None] = mapped_column(UTCTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCTime)


class Heartbeat(db.Model):
    """When a process that others depend on last said it is alive, by name ('clock')."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCTime)
