"""The table of switches: every time one was on, until when, why and by whom."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime

NAMES = ("surge", "outage")
ON = text("off_at IS NULL")


class LineSwitch(db.Model):
    """One time a switch was on. `reason` is a person's words about the line, or the clock's code; never of a child.

    It is on while `off_at` is empty and `until` has not come: a dead clock keeps no switch on.
    """

    __tablename__ = "line_switches"
    __table_args__ = (
        CheckConstraint(f"name IN {NAMES}", name="name"),
        Index("uq_line_switches_on", "name", unique=True, postgresql_where=ON),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    on_by: Mapped[str] = mapped_column(Text)
    on_at: Mapped[datetime] = mapped_column(UTCTime)
    until: Mapped[datetime] = mapped_column(UTCTime)
    off_by: Mapped[str | None] = mapped_column(Text)
    off_at: Mapped[datetime | None] = mapped_column(UTCTime)
