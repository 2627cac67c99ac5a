"""Tables of the flow book. Rows are only ever added: a trigger in the migrations refuses to change or delete one."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime


class FlowDraft(db.Model):
    """A draft as it was saved once. The latest of a flow counts; one without a text says it was thrown away."""

    __tablename__ = "flow_drafts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    flow: Mapped[str] = mapped_column(Text, index=True)
    source: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)  # why the other person sent it back
    saved_by: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UTCTime)


class FlowProposal(db.Model):
    """Somebody asks that a draft be published. It stands as long as that draft is the latest."""

    __tablename__ = "flow_proposals"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    flow: Mapped[str] = mapped_column(Text)
    draft_id: Mapped[int] = mapped_column(ForeignKey("flow_drafts.id"), index=True)
    change: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UTCTime)


class FlowVersion(db.Model):
    """One published version of a flow. `id` numbers all publications, so that a process can tell it is behind."""

    __tablename__ = "flow_versions"
    __table_args__ = (
        UniqueConstraint("flow", "version"),
        CheckConstraint("approved_by <> published_by", name="two_people"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    flow: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(Text)
    change: Mapped[str] = mapped_column(Text)
    published_by: Mapped[str] = mapped_column(Text)  # 'staff:7'; 'operator'; 'program' for a shipped text
    approved_by: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UTCTime)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("flow_drafts.id"))
    restores: Mapped[int | None] = mapped_column(Integer)  # the version whose text this one brings back
