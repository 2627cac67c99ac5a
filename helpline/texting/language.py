"""A text that is nothing but the name of a language asks for it; the word "language" asks which there are."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.events import record_event
from helpline.contacts.messages import open_body
from helpline.contacts.models import Contact, Message
from helpline.line import Line
from ivr_flows.written import ASKS_FOR_LIST, asked_language, list_languages


def heed_language(session: Session, line: Line, contact: Contact, body: str) -> str | None:
    """Do what a text asks for about the language of a locked contact; returns the language, ASKS_FOR_LIST or None.

    A number asks for one only right after the list was sent: a child who answers "6" tells an age.
    """
    asked = asked_language(body, line.flows, by_number=_list_was_sent(session, line, contact))
    if asked and asked != ASKS_FOR_LIST and asked != contact.language:
        contact.language = asked
        record_event(session, contact.id, "language.chosen", "caller", language=asked)
    return asked


def _list_was_sent(session: Session, line: Line, contact: Contact) -> bool:
    sent = select(Message).where(Message.contact_id == contact.id, Message.direction == "out")
    last = session.scalars(sent.order_by(Message.created_at.desc()).limit(1)).first()
    return last is not None and open_body(line.keys, last) == list_languages(line.flows)
