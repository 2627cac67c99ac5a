"""What a text, or something said, tells the rules. What can not be read is never taken for harmless."""

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.messages import open_body
from helpline.contacts.models import Message
from helpline.privacy.keys import KeyRing
from triage.model import Signal
from triage.rules import RuleSet
from triage.text.conversation import JOINED_WITHIN, MOST_JOINED, TextMessage, read_messages, read_one

log = structlog.get_logger()


def read_newest_text(session: Session, keys: KeyRing, newest: Message, rules: RuleSet) -> tuple[Signal, ...]:
    """The signals of a text that just came, by itself and together with those just before it."""
    try:
        return read_with(session, keys, newest, rules)
    except Exception as error:  # noqa: BLE001 - whatever went wrong, a child has written and a person must look
        log.error("text_not_assessed", message=str(newest.id), error=type(error).__name__)
        return (Signal("fault_in_assessment"),)


def read_spoken(words: str, rules: RuleSet) -> tuple[Signal, ...]:
    """The signals of something said, as a recogniser wrote it down."""
    try:
        return read_one(words, rules.text).signals
    except Exception as error:  # noqa: BLE001 - as with a text: somebody spoke, and a person must listen
        log.error("speech_not_assessed", error=type(error).__name__)
        return (Signal("fault_in_assessment"),)


def read_with(session: Session, keys: KeyRing, newest: Message, rules: RuleSet) -> tuple[Signal, ...]:
    """The same with any rules; raises whatever goes wrong."""
    return read_messages([_to_words(keys, message) for message in _list_recent(session, newest)], rules.text)


def _list_recent(session: Session, newest: Message) -> list[Message]:
    query = select(Message).where(
        Message.contact_id == newest.contact_id,
        Message.direction == "in",
        Message.created_at >= newest.created_at - JOINED_WITHIN,
        Message.created_at <= newest.created_at,
        Message.id != newest.id,
    )
    earlier = session.scalars(query.order_by(Message.created_at.desc()).limit(MOST_JOINED - 1))
    return [*reversed(list(earlier)), newest]


def _to_words(keys: KeyRing, message: Message) -> TextMessage:
    return TextMessage(open_body(keys, message), message.created_at, message.media_count)
