"""Writing first to a child we did not get to talk with: the words that a recorded plan holds, and in its hours.

A text stands on a screen for whoever holds the phone. So nothing but those words goes out until an answer comes;
from then on it is a conversation like any other, and hers who wrote.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.contacts.attempts import WRITTEN, CallbackAttempt
from helpline.contacts.events import record_event
from helpline.contacts.missed import MissedContact
from helpline.contacts.models import Contact
from helpline.contacts.numbers import pseudonyms_of
from helpline.contacts.safe_plans import open_plan
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.following_up import find_plan_for_try, lock_own_row, open_own_contact, pass_over_hours
from helpline.line import Line
from helpline.live_queue.reservations import hold_for
from helpline.staff.activity import lock_staff
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from helpline.telephony.numbers import is_whatsapp
from helpline.texting.sending import write_first_words


def write_first(session: Session, line: Line, staff: Staff, missed_id: UUID, why_past_hours: str = "") -> Contact:
    """Send the words of the text plan now. Returns the conversation that begins with it, which is this person's.

    Only inside the plan's hours; `why_past_hours` is a shift lead's reason to pass over them. Raises as calling back
    does, TextsStopped, and PointsElsewhere for words that hold a link or number which is not allowed.
    """
    row = lock_own_row(session, staff, missed_id)
    plan = find_plan_for_try(session, line, row, "sms")
    words = open_plan(line.keys, plan).words
    if not words:
        raise Invalid("the plan holds no words to write")
    past_hours = pass_over_hours(session, line, staff, row, plan, why_past_hours)
    person, missed = lock_staff(session, staff.id), session.get_one(Contact, row.contact_id)
    our_number = _number_to_write_from(line, missed)
    _forbid_second_conversation(session, line, missed, our_number)
    contact = open_own_contact(session, line, row, person, channel="sms", our_number=our_number)
    hold_for(session, contact, person)
    now, tried = utc_now(), {"missed_id": row.id, "contact_id": contact.id, "plan_id": plan.id, "begun_by": person.id}
    session.add(CallbackAttempt(**tried, begun_at=now, ended_at=now, how_ended=WRITTEN, past_hours=past_hours))
    session.flush()
    write_first_words(session, line, contact, words, staff.id)
    _record(session, row, contact, staff, past_hours)
    return contact


def _number_to_write_from(line: Line, missed: Contact) -> str:
    """By SMS only: whoever has not written by WhatsApp just before can not be reached there."""
    for number in (missed.line, *line.helpline.numbers.sms):
        if number in line.helpline.numbers.sms and not is_whatsapp(number):
            return number
    raise NotPossibleNow("there is no number of ours to send a text from")


def _forbid_second_conversation(session: Session, line: Line, missed: Contact, our_number: str) -> None:
    is_open = select(Contact.id).where(
        Contact.channel == "sms",
        Contact.line == our_number,
        Contact.caller_pseudonym.in_(pseudonyms_of(line.keys, missed)),
        Contact.state.not_in(("wrap_up", "closed")),
    )
    if session.scalars(is_open.limit(1)).first():
        raise NotPossibleNow("a conversation with this number is open already")


def _record(session: Session, row: MissedContact, contact: Contact, staff: Staff, past_hours: bool) -> None:
    actor = f"staff:{staff.id}"
    record_event(session, row.contact_id, "callback.written", actor, contact=str(contact.id))
    about = {"subject": f"missed:{row.id}", "contact": str(contact.id), "past_hours": past_hours}
    record_act(session, actor=actor, action="callback.written", **about)
