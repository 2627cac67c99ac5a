"""The audit table. A trigger in the migrations refuses to change or delete a row once it is written."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime


class AuditRow(db.Model):
    """One act: who (`actor`), what (`action`), on which record (`subject`); never the personal data itself.

    `seal_no`, `previous_hash` and `hash` are empty until the clock seals the row into the chain.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCTime)
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text, index=True)
    detail: Mapped[dict] = mapped_column(JSONB, default=dict)
    seal_no: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    previous_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)
