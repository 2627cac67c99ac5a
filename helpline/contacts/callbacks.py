"""A child, or a counsellor for them, asks that we call or write back. A request to people: nothing goes out by it."""

from typing import Literal

from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.contacts.events import record_event
from helpline.contacts.missed import MissedContact, find_open_row, list_missed
from helpline.contacts.models import Contact
from helpline.privacy.keys import KeyRing

REASON = "asked_for_callback"


def ask_for_callback(
    session: Session, keys: KeyRing, contact: Contact, *, channel: Literal["voice", "sms"], safe: bool | None, by: str
) -> MissedContact:
    """Keep the wish of a locked contact's child on the list that people work through. Asking again changes the wish.

    `safe` is what the child said about being reached on this number, None if they were not asked. It opens
    nothing by itself: whoever works the list records a safe contact plan first. `by` is 'caller' or 'staff:ID'.
    """
    row = list_missed(session, keys, contact, REASON, by)
    row.wanted_channel, row.said_safe, row.wanted_by = channel, safe, by
    record_event(session, contact.id, "callback.asked", by, channel=channel, safe=safe)
    record_act(session, actor=by, action="callback.asked", subject=f"contact:{contact.id}", channel=channel, safe=safe)
    return row


def wants_callback(session: Session, keys: KeyRing, contact: Contact) -> bool:
    """Whether a call back was asked for in this very contact and nobody has settled it yet."""
    row = find_open_row(session, keys, contact)
    return row is not None and row.contact_id == contact.id and row.wanted_by is not None
