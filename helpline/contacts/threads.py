"""What else came from the same number: calls and texts shown together. The same number need not be the same child."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact, Message


def list_same_number(session: Session, contact: Contact, since: datetime) -> list[Contact]:
    """Other contacts of this contact's number, by whatever channel, newest first. A withheld number has none."""
    if contact.caller_pseudonym is None:
        return []
    query = (
        select(Contact)
        .where(
            Contact.caller_pseudonym == contact.caller_pseudonym, Contact.id != contact.id, Contact.opened_at >= since
        )
        .order_by(Contact.opened_at.desc(), Contact.id)
    )
    return list(session.scalars(query))


def list_thread(session: Session, contact: Contact, since: datetime) -> list[Message]:
    """Texts of earlier conversations of the same number on the same line, oldest first."""
    if contact.caller_pseudonym is None:
        return []
    query = (
        select(Message)
        .join(Contact, Contact.id == Message.contact_id)
        .where(
            Contact.caller_pseudonym == contact.caller_pseudonym,
            Contact.line == contact.line,
            Contact.channel == "sms",
            Contact.opened_at >= since,
            Contact.opened_at < contact.opened_at,
        )
        .order_by(Message.created_at, Message.id)
    )
    return list(session.scalars(query))
