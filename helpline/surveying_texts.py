"""The small question after a conversation by text: asked once, at its end, and answered by one digit or not at all.

It goes out only where the child has written just now: a telephone that lights up later by itself can betray them.
An answer is counted and kept nowhere else; every other text is a text like any other, and a person reads it.
"""

import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.alerts import list_open_alerts
from helpline.contacts.events import list_events, record_event
from helpline.contacts.messages import SURVEY, add_message, list_messages
from helpline.contacts.models import Contact, Message
from helpline.contacts.text_stops import list_stops
from helpline.handoff.leaving import was_handed_off
from helpline.handoff.moving import find_live
from helpline.line import Line
from helpline.outbox.owed import owe
from helpline.store.types import utc_now
from helpline.surveying import BY_KEY, count_for, may_be_asked
from helpline.telephony.inbound import InboundText
from ivr_flows.written import plain

ANSWERED_WITHIN = timedelta(days=1)
ANSWERED = "survey.answered"


def ask_by_text(session: Session, line: Line, contact: Contact) -> Message | None:
    """Owe the question to the child of a locked conversation that a counsellor has just ended, if it may be asked."""
    if not (line.helpline.survey.text and contact.channel == "sms" and _may_be_written_to(session, line, contact)):
        return None
    body = line.speaker.text("text.survey", contact.language)
    message = add_message(session, line.keys, contact, body, direction="out", sent_by=SURVEY, status="owed")
    owe(session, "send_text", message.id)
    return message


def take_text_answer(session: Session, line: Line, text: InboundText) -> bool:
    """Count a text that belongs to no open conversation and is nothing but an answer. False: it is a text to read."""
    answer = BY_KEY.get(_digit(text.body))
    if answer is None or text.media_count or text.caller.number is None:
        return False
    asked = _find_asked(session, line, text, utc_now())
    if asked is None or any(event.kind == ANSWERED for event in list_events(session, asked.id)):
        return False
    count_for(session, line, asked, answer)
    record_event(session, asked.id, ANSWERED, "caller")
    return True


def _may_be_written_to(session: Session, line: Line, contact: Contact) -> bool:
    stop_unsure = any(alert.kind == "stop_asked" for alert, _contact in list_open_alerts(session, contact.id))
    return (
        may_be_asked(contact)
        and contact.calls_back is None
        and not stop_unsure
        and not list_stops(session, line.keys, contact)
        and not (find_live(session, contact.id) or was_handed_off(session, contact))
        and _wrote_lately(session, line, contact, utc_now())
    )


def _wrote_lately(session: Session, line: Line, contact: Contact, now: datetime) -> bool:
    since = now - timedelta(seconds=line.helpline.texting.idle_after_s)
    return any(one.direction == "in" and one.created_at > since for one in list_messages(session, contact.id))


def _find_asked(session: Session, line: Line, text: InboundText, now: datetime) -> Contact | None:
    """The latest conversation of this number with this line, if it ended with the question, within a day."""
    same = (Contact.line == text.line, Contact.caller_pseudonym.in_(line.keys.pseudonyms(text.caller.number)))
    latest = select(Contact).where(*same, Contact.channel == "sms").order_by(Contact.opened_at.desc()).limit(1)
    contact = session.scalars(latest.with_for_update()).first()
    if contact is None:
        return None
    asked = (one for one in list_messages(session, contact.id) if one.sent_by == SURVEY)
    return contact if any(one.created_at > now - ANSWERED_WITHIN for one in asked) else None


def _digit(body: str) -> str:
    """The one digit that a text consists of, in whatever script; empty for every other text."""
    word = plain(body)
    return str(unicodedata.digit(word, "")) if len(word) == 1 else ""
