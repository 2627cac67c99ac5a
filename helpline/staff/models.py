"""Tables of staff. The columns that Flask-Security asks for carry its names."""

from datetime import datetime

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpline.store.db import db
from helpline.store.types import UTCTime

ROLES = ("counsellor", "shift_lead", "administrator", "auditor")
ACTIVITIES = ("available", "unavailable", "offline")

staff_roles = Table(
    "staff_roles",
    db.metadata,
    Column("staff_id", ForeignKey("staff.id"), primary_key=True),
    Column("role_id", ForeignKey("roles.id"), primary_key=True),
)


class Role(db.Model, RoleMixin):
    """What someone may do. The four names are fixed; guards at each route say which they let in."""

    __tablename__ = "roles"
    __table_args__ = (CheckConstraint(f"name IN {ROLES}", name="name"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    description: Mapped[str | None] = mapped_column(Text)


class Staff(db.Model, UserMixin):
    """A person who works here, with what routing needs to know: languages, channels, device, activity."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint(f"activity IN {ACTIVITIES}", name="activity"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text, unique=True)
    password: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(Text, unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(Text, unique=True)
    mf_recovery_codes: Mapped[list | None] = mapped_column(MutableList.as_mutable(AsaList()))
    tf_primary_method: Mapped[str | None] = mapped_column(Text)
    tf_totp_secret: Mapped[str | None] = mapped_column(Text)
    tf_phone_number: Mapped[str | None] = mapped_column(Text)
    roles: Mapped[list[Role]] = relationship(secondary=staff_roles, lazy="selectin")

    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    channels: Mapped[list[str]] = mapped_column(ARRAY(Text), default=lambda: ["voice", "sms"])
    gender: Mapped[str | None] = mapped_column(Text)  # 'woman' or 'man', for a child's wish
    interface_language: Mapped[str] = mapped_column(Text, default="en")
    device: Mapped[str] = mapped_column(Text, default="phone")  # or 'browser'
    device_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    on_call: Mapped[bool] = mapped_column(default=False)
    activity: Mapped[str] = mapped_column(Text, default="offline")
    activity_since: Mapped[datetime] = mapped_column(UTCTime)
    missed_offers: Mapped[int] = mapped_column(Integer, default=0)

    @property
    def role(self) -> str:
        """The person's role: everyone has exactly one."""
        return self.roles[0].name


class ApiToken(db.Model):
    """A token for the JSON API. Only its hash is kept; it is shown once."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCTime)
