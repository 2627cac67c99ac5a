"""Pictures and files that came with a text: counted, sealed away unseen, and never fetched for showing.

What a child or somebody on a child's phone sends may be unlawful to hold or to look at. Only where the
telephone company keeps it is remembered, for a report that the law asks for, and a shift lead alone gets at it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline.contacts.models import Message
from helpline.privacy.keys import KeyRing
from helpline.store.db import db
from helpline.store.types import UTCTime, new_id, utc_now
from helpline.telephony.inbound import Attachment

URL_PLACE = "message_media.url"


class MessageMedia(db.Model):
    """One attachment. `kind` is what its sender's network says it is; nobody has looked."""

    __tablename__ = "message_media"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id"), index=True)
    place: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Text)
    url_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    released_at: Mapped[datetime | None] = mapped_column(UTCTime)
    released_by: Mapped[str | None] = mapped_column(Text)


def seal_media(session: Session, keys: KeyRing, message: Message, attachments: tuple[Attachment, ...]) -> None:
    """Remember where the attachments of a new text are kept."""
    session.flush()
    for place, attachment in enumerate(attachments):
        media_id = new_id()
        sealed = keys.seal(attachment.url, URL_PLACE, media_id)
        session.add(
            MessageMedia(id=media_id, message_id=message.id, place=place, kind=attachment.kind, url_sealed=sealed)
        )


def list_media(session: Session, contact_id: UUID) -> list[MessageMedia]:
    """What came with the texts of a contact, in order."""
    query = (
        select(MessageMedia)
        .join(Message, Message.id == MessageMedia.message_id)
        .where(Message.contact_id == contact_id)
        .order_by(Message.created_at, MessageMedia.place)
    )
    return list(session.scalars(query))


def release_media(keys: KeyRing, media: MessageMedia, actor: str) -> str:
    """Where the telephone company keeps it. Whoever asks has put the reason on record."""
    media.released_at, media.released_by = media.released_at or utc_now(), media.released_by or actor
    return keys.open(media.url_sealed, URL_PLACE, media.id)
