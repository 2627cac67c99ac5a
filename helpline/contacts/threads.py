"""What else came from the same number: calls and texts shown together. The same number need not be the same child."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact, Message
from helpline.contacts.numbers import pseudonyms_of
from helpline.privacy.keys import KeyRing

MOST_SHOWN = 20


def list_same_number(session: Session, keys: KeyRing, contact: Contact, since: datetime) -> list[Contact]:
    """The latest other contacts of this contact's number, by whatever channel, newest first.

    A withheld number has none, and an opening contact is never joined to others by itself: this is for people to read.
    """
    same = Contact.caller_pseudonym.in_(pseudonyms_of(keys, contact))
    query = select(Contact).where(same, Contact.id != contact.id, Contact.opened_at >= since)
    return list(session.scalars(query.order_by(Contact.opened_at.desc(), Contact.id).limit(MOST_SHOWN)))


def list_thread(session: Session, keys: KeyRing, contact: Contact, since: datetime) -> list[Message]:
    """Texts of earlier conversations of the same number on the same line, oldest first."""
    query = (
        select(Message)
        .join(Contact, Contact.id == Message.contact_id)
        .where(
            Contact.caller_pseudonym.in_(pseudonyms_of(keys, contact)),
            Contact.line == contact.line,
            Contact.channel == "sms",
            Contact.opened_at >= since,
            Contact.opened_at < contact.opened_at,
        )
        .order_by(Message.created_at, Message.id)
    )
    return list(session.scalars(query))
