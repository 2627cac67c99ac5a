"""The table of links by which partners come to their page. Of a link only its hash is kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime, new_id


class PartnerLink(db.Model):
    """One link, to one offer, for whoever reads the mailbox that it was sent to."""

    __tablename__ = "partner_links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("handoff_offers.id"), index=True)
    # The pseudonym of the address it was sent to: registered anew elsewhere, the partner's old links open nothing.
    endpoint: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UTCTime)
    wrong_pins: Mapped[int] = mapped_column(Integer, default=0)
    locked_at: Mapped[datetime | None] = mapped_column(UTCTime)
