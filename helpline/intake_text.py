"""The same story for a text: recorded, answered once and calmly, and waiting in the same queue for a person."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.conditions import read_conditions
from helpline.contacts.alerts import raise_alert
from helpline.contacts.events import record_event
from helpline.contacts.level import note_signals
from helpline.contacts.media import seal_media
from helpline.contacts.messages import FLOW, STATUS_RANK, add_message, find_by_sid, open_body
from helpline.contacts.models import Contact, Message
from helpline.contacts.opening import CALLER_PLACE
from helpline.contacts.reading import read_newest_text
from helpline.contacts.stages import lock_contact
from helpline.intake import assess_and_queue
from helpline.line import Line
from helpline.live_queue.entries import rank_anew
from helpline.outbox.owed import owe
from helpline.second_opinion import ask_second_opinion
from helpline.store.receipts import find_answer, keep_answer
from helpline.store.types import new_id, utc_now
from helpline.surveying_texts import take_text_answer
from helpline.telephony.inbound import InboundText
from helpline.telephony.twiml import no_text_reply, text_reply
from helpline.texting.language import heed_language
from helpline.texting.quiet import child_wrote
from helpline.texting.sending import follow_text
from helpline.texting.words import heed_words
from ivr_flows.engine import start
from ivr_flows.events import Say
from ivr_flows.written import ASKS_FOR_LIST, guess_written, list_languages
from triage.model import Signal

TEXT_WELCOME = "text_welcome"
STILL_OPEN = ("menu", "waiting", "offered", "connecting", "connected")


def text_arrived(session: Session, line: Line, text: InboundText) -> str:
    """A text comes in. Returns the TwiML of the one automatic reply that a new conversation gets, or of none."""
    receipt = _receipt_of(text)
    contact = _find_open(session, line, text)
    # Only now: a copy of this very text that came at the same moment held the conversation until just before.
    if (before := find_answer(session, receipt)) is not None:
        return before
    reply = _take_in(session, line, contact, text, utc_now())
    answer = no_text_reply()
    if reply:
        follow_text(session, reply)
        answer = text_reply(open_body(line.keys, reply), line.speaker.address("/sms/status", message=reply.id))
    keep_answer(session, receipt, answer)
    return answer


def text_found_late(session: Session, line: Line, text: InboundText, sent_at: datetime) -> None:
    """A text whose webhook never reached us: the same story, from its own time on; we send the reply ourselves."""
    receipt = _receipt_of(text)
    contact = _find_open(session, line, text)
    if find_answer(session, receipt) is not None:  # an answer to our question is kept nowhere else
        return
    keep_answer(session, receipt, no_text_reply())
    if reply := _take_in(session, line, contact, text, sent_at):
        reply.status, reply.status_rank = "owed", STATUS_RANK["owed"]
        owe(session, "send_text", reply.id)


def _receipt_of(text: InboundText) -> str:
    return f"{text.message_sid} /sms/incoming"


def _take_in(
    session: Session, line: Line, contact: Contact | None, text: InboundText, came_at: datetime
) -> Message | None:
    """Keep a text, let it count, and return the automatic reply that is due to it, if one is."""
    if find_by_sid(session, text.message_sid):  # a copy so late that its receipt is gone
        return None
    if contact:
        return _go_on(session, line, contact, text)
    if take_text_answer(session, line, text):
        return None
    return _open_conversation(session, line, text, came_at)


def _find_open(session: Session, line: Line, text: InboundText) -> Contact | None:
    if text.caller.number is None:
        return None
    query = select(Contact.id).where(
        Contact.channel == "sms",
        Contact.line == text.line,
        Contact.caller_pseudonym.in_(line.keys.pseudonyms(text.caller.number)),
        Contact.state.in_(STILL_OPEN),
    )
    found = session.scalars(query).first()
    contact = lock_contact(session, found) if found else None
    # Ended just before it could be locked: a text must not go into a conversation that nobody reads any more.
    return contact if contact and contact.state in STILL_OPEN else None


def _open_conversation(session: Session, line: Line, text: InboundText, came_at: datetime) -> Message | None:
    contact_id, number = new_id(), text.caller.number
    language = guess_written(text.body, line.flows)
    contact = Contact(
        id=contact_id,
        channel="sms",
        line=text.line,
        language=language,
        opened_at=came_at,
        caller_sealed=line.keys.seal(number, CALLER_PLACE, contact_id) if number else None,
        caller_pseudonym=line.keys.pseudonym(number) if number else None,
        caller_country=text.caller.country,
        signals=[],
    )
    session.add(contact)
    session.flush()
    record_event(session, contact.id, "contact.opened", "caller", channel="sms", withheld=number is None)
    record_act(session, actor="caller", action="contact.opened", subject=f"contact:{contact.id}", channel="sms")
    told = _keep_text(session, line, contact, text)
    contact.signals = [{"name": signal.name, "value": signal.value} for signal in told]
    assess_and_queue(session, line, contact)
    if heed_words(session, line, contact, text) == "stop":
        return None
    heed_language(session, line, contact, text.body)
    return _reply_calmly(session, line, contact)


def _reply_calmly(session: Session, line: Line, contact: Contact) -> Message:
    """The one automatic answer. The same for everyone, known or not: it may be read by someone else."""
    conditions = read_conditions(session, line, line.flows.current.get(TEXT_WELCOME))
    step = start(line.flows, TEXT_WELCOME, conditions, contact.language)
    said = [prompt for event in step.events if isinstance(event, Say) for prompt in event.prompts]
    body = " ".join(line.speaker.text(prompt.key, prompt.language) for prompt in said)
    return _reply(session, line, contact, body)


def _reply(session: Session, line: Line, contact: Contact, body: str) -> Message:
    return add_message(session, line.keys, contact, body, direction="out", sent_by=FLOW, status="queued")


def _go_on(session: Session, line: Line, contact: Contact, text: InboundText) -> Message | None:
    told = _keep_text(session, line, contact, text)
    if note_signals(session, contact, told, line.rules):
        rank_anew(session, contact, line.targets(contact.channel), line.policy, "caller")
        if contact.state == "connected":
            raise_alert(session, contact, "level_rose", "rules")
    child_wrote(session, line, contact)
    asks_who_we_are = heed_words(session, line, contact, text) == "help" and text.acted_on != "HELP"
    asked = heed_language(session, line, contact, text.body)
    if contact.state == "connected":  # a person reads it, and answers
        return None
    if asked == ASKS_FOR_LIST:
        return _reply(session, line, contact, list_languages(line.flows))
    return _reply_calmly(session, line, contact) if asked or asks_who_we_are else None


def _keep_text(session: Session, line: Line, contact: Contact, text: InboundText) -> tuple[Signal, ...]:
    """Keep a text, and say what it tells."""
    message = add_message(
        session,
        line.keys,
        contact,
        text.body,
        direction="in",
        sent_by="caller",
        status="received",
        message_sid=text.message_sid,
        media_count=text.media_count,
    )
    if text.media_count:
        seal_media(session, line.keys, message, text.attachments)
        raise_alert(session, contact, "media", "caller")
    ask_second_opinion(session, line, message)
    return read_newest_text(session, line.keys, message, line.rules)
