"""Tables of signing in: sessions, attempts, and one-time codes already used. Nothing here names a person in clear."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime


class ConsoleSession(db.Model):
    """One browser signed in or signing in. The key is a hash: who reads this table can not become anybody."""

    __tablename__ = "console_sessions"

    id_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    started_at: Mapped[datetime] = mapped_column(UTCTime)
    expires_at: Mapped[datetime] = mapped_column(UTCTime, index=True)


class SignInAttempt(db.Model):
    """One try with a password or a code. Account and address are keyed hashes, enough to count by."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_failed_account", "account", "at", postgresql_where=text("NOT succeeded")),
        Index("ix_sign_in_attempts_failed_address", "address", "at", postgresql_where=text("NOT succeeded")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCTime)
    step: Mapped[str] = mapped_column(Text)  # 'password' or 'code'
    account: Mapped[bytes] = mapped_column(LargeBinary)
    address: Mapped[bytes] = mapped_column(LargeBinary)
    succeeded: Mapped[bool] = mapped_column(default=False)


class UsedCode(db.Model):
    """The newest one-time code that each person has used. It and all before it are refused from then on."""

    __tablename__ = "used_codes"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    counter: Mapped[int] = mapped_column(BigInteger)
