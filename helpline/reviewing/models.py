"""What a candidate would have said of a contact, beside what the live rules said: levels and reasons, never text."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime


class ShadowOpinion(db.Model):
    """Both opinions of one contact as it stood after the event `event_id`. `shadow_level` is empty on a fault.

    `told` holds the signals that the candidate has read in the contact's texts so far.
    """

    __tablename__ = "shadow_opinions"
    __table_args__ = (
        UniqueConstraint("candidate_id", "contact_id", "event_id"),
        Index("ix_shadow_opinions_candidate_id", "candidate_id", "event_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("rule_candidates.id"))
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"))
    event_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UTCTime)
    live_version: Mapped[str] = mapped_column(Text)
    live_level: Mapped[str] = mapped_column(Text)
    live_reasons: Mapped[list] = mapped_column(JSONB, default=list)
    shadow_level: Mapped[str | None] = mapped_column(Text)
    shadow_reasons: Mapped[list] = mapped_column(JSONB, default=list)
    told: Mapped[list] = mapped_column(JSONB, default=list)
    fault: Mapped[str | None] = mapped_column(Text)
