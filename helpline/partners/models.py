"""The table of partners' PINs. All else about a partner is a reviewed data file."""

from datetime import datetime

from sqlalchemy import Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime


class PartnerPin(db.Model):
    """The PIN of one partner's desk, as an argon2 hash only, with the wrong tries since the last right one."""

    __tablename__ = "partner_pins"

    partner: Mapped[str] = mapped_column(Text, primary_key=True)
    pin_hash: Mapped[str] = mapped_column(Text)
    # How many keys to wait for, so that a desk need not end its PIN with a key of its own.
    digits: Mapped[int] = mapped_column(Integer)
    set_at: Mapped[datetime] = mapped_column(UTCTime)
    wrong_tries: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UTCTime)
