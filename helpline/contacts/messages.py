"""The texts of a contact: sealed to their row, with a delivery state that never moves back."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.events import record_event
from helpline.contacts.models import Contact, Message
from helpline.privacy.keys import KeyRing
from helpline.store.types import new_id, utc_now

BODY_PLACE = "messages.body"
STATUS_RANK = {
    "owed": 0,
    "accepted": 1,
    "scheduled": 1,
    "queued": 1,
    "sending": 2,
    "sent": 3,
    "delivered": 5,
    "undelivered": 4,
    "failed": 4,
    "canceled": 4,
    "partially_delivered": 4,
    "read": 6,
    "received": 5,
}
# Who a text of ours is sent by, where it is not 'staff:ID': a flow's reply, the question after a conversation.
FLOW, SURVEY = "flow", "survey"
# Of these a person must hear: the child has not got it, or not all of it.
FAILED = ("undelivered", "failed", "canceled", "partially_delivered")


def add_message(
    session: Session,
    keys: KeyRing,
    contact: Contact,
    body: str,
    *,
    direction: str,
    sent_by: str,
    status: str,
    message_sid: str | None = None,
    media_count: int = 0,
) -> Message:
    """Keep one text of a locked contact."""
    message_id = new_id()
    message = Message(
        id=message_id,
        contact_id=contact.id,
        message_sid=message_sid,
        direction=direction,
        sent_by=sent_by,
        body_sealed=keys.seal(body, BODY_PLACE, message_id),
        media_count=media_count,
        status=status,
        status_rank=STATUS_RANK[status],
        created_at=utc_now(),
    )
    session.add(message)
    record_event(session, contact.id, f"message.{direction}", sent_by, message=str(message_id), media=media_count)
    return message


def open_body(keys: KeyRing, message: Message) -> str:
    """The words of a text."""
    return keys.open(message.body_sealed, BODY_PLACE, message.id)


def hear_of_message(session: Session, message: Message, status: str, error_code: str | None) -> bool:
    """Take in a delivery state. True when it moved forward; an unknown state changes nothing."""
    rank = STATUS_RANK.get(status, -1)
    if rank <= message.status_rank:
        return False
    message.status, message.status_rank, message.error_code = status, rank, error_code or message.error_code
    detail = {"message": str(message.id), "status": status, "error_code": error_code}
    record_event(session, message.contact_id, "message.status", "twilio", **detail)
    return True


def list_messages(session: Session, contact_id: UUID) -> list[Message]:
    """The conversation, oldest first."""
    query = select(Message).where(Message.contact_id == contact_id).order_by(Message.created_at, Message.id)
    return list(session.scalars(query))


def has_written(session: Session, contact: Contact) -> bool:
    """Whether the child has written in this conversation."""
    written = select(Message.id).where(Message.contact_id == contact.id, Message.direction == "in")
    return session.scalars(written.limit(1)).first() is not None


def find_by_sid(session: Session, message_sid: str) -> Message | None:
    """The text with this MessageSid."""
    return session.scalars(select(Message).where(Message.message_sid == message_sid)).one_or_none()
