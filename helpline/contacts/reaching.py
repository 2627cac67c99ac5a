"""The one gate to a child's number: whoever would ring it or write to it asks here, at that very moment.

Two ways lead through. A child who has written to us is answered in that conversation, for as long as it is open:
they chose the moment and the phone. Everything else needs a safe contact plan that a person has recorded, and its
hours; a shift lead may pass over the hours, never over the plan. A test sees to it that nobody goes round.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.contacts.attempts import find_attempt
from helpline.contacts.messages import has_written
from helpline.contacts.models import Contact
from helpline.contacts.opening import CALLER_PLACE
from helpline.contacts.safe_plans import find_plan, open_plan
from helpline.line import Line
from helpline.store.types import utc_now

# A last word that was owed just before the conversation ended may still go out.
JUST_ENDED = timedelta(minutes=5)


class NotSafeToReach(Exception):
    """Nobody has recorded that this may be done now."""


def number_to_ring(session: Session, line: Line, contact: Contact, *, past_hours: bool) -> str:
    """The number of a contact that calls somebody back, to ring it now. Raises NotSafeToReach.

    `past_hours` is a shift lead's decision, with its reason on record, that the plan's hours do not bind.
    """
    _demand_plan(session, line, contact, "voice", past_hours)
    return _open_number(line, contact)


def number_to_text(session: Session, line: Line, contact: Contact) -> str | None:
    """The number of a conversation, to write in it. None: it was withheld.

    Raises NotSafeToReach when the conversation is over; and as long as only we have written, outside a text plan.
    """
    if contact.channel != "sms" or _is_over(contact, utc_now()):
        raise NotSafeToReach("no conversation is open")
    if contact.calls_back and not has_written(session, contact):
        _demand_plan(session, line, contact, "sms", find_attempt(session, contact).past_hours)
    return _open_number(line, contact) if contact.caller_sealed else None


def carry_number(line: Line, missed: Contact, contact_id: UUID) -> bytes:
    """The number of a missed contact, sealed anew for the contact that calls back. It comes to nobody's sight."""
    return line.keys.seal(_open_number(line, missed), CALLER_PLACE, contact_id)


def _demand_plan(session: Session, line: Line, contact: Contact, channel: str, past_hours: bool) -> None:
    plan = find_plan(session, line.keys, contact, channel, utc_now())
    if contact.calls_back is None or plan is None:
        raise NotSafeToReach("no plan allows it")
    hours = open_plan(line.keys, plan).hours
    if not (past_hours or hours.cover(utc_now().astimezone(line.helpline.zone))):
        raise NotSafeToReach("outside the plan's hours")


def _is_over(contact: Contact, now: datetime) -> bool:
    return contact.closed_at is not None and now - contact.closed_at > JUST_ENDED


def _open_number(line: Line, contact: Contact) -> str:
    return line.keys.open(contact.caller_sealed, CALLER_PLACE, contact.id)
