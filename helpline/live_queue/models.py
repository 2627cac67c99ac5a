"""Tables of the live queue. Two partial unique indexes make 'one child, one counsellor' impossible to break."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime, new_id

RESERVATION_STATES = ("pending", "accepted", "rejected", "timed_out", "canceled", "completed")
ACTIVE = text("state IN ('pending', 'accepted')")


class QueueEntry(db.Model):
    """One waiting contact. `arrived_at` is the child's first arrival and is never set anew."""

    __tablename__ = "queue_entries"
    __table_args__ = (
        Index(
            "ix_queue_entries_order",
            "rank",
            "due_at",
            "arrived_at",
            "contact_id",
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    wish: Mapped[str | None] = mapped_column(Text)
    wished_at: Mapped[datetime | None] = mapped_column(UTCTime)  # when the child told this wish
    level: Mapped[str] = mapped_column(Text)
    rank: Mapped[int] = mapped_column(SmallInteger)
    due_at: Mapped[datetime] = mapped_column(UTCTime)
    arrived_at: Mapped[datetime] = mapped_column(UTCTime)
    slower_by_s: Mapped[int] = mapped_column(Integer, default=0, server_default="0")  # for a marked number
    on_call_rung_at: Mapped[datetime | None] = mapped_column(UTCTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCTime)


class Reservation(db.Model):
    """One contact offered to one counsellor. Accepted until the record is finished: she is busy that long."""

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint(f"state IN {RESERVATION_STATES}", name="state"),
        Index("uq_reservations_contact_active", "contact_id", unique=True, postgresql_where=ACTIVE),
        Index("uq_reservations_counsellor_active", "counsellor_id", unique=True, postgresql_where=ACTIVE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)
    counsellor_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    state: Mapped[str] = mapped_column(Text, default="pending")
    version: Mapped[int] = mapped_column(Integer, default=0)
    offered_at: Mapped[datetime] = mapped_column(UTCTime)
    expires_at: Mapped[datetime] = mapped_column(UTCTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)
    end_reason: Mapped[str | None] = mapped_column(Text)
