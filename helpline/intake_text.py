"""The same story for a text: recorded, answered once and calmly, and waiting in the same queue for a person."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.conditions import read_conditions
from helpline.contacts.events import record_event
from helpline.contacts.level import note_signals
from helpline.contacts.messages import add_message, find_by_sid, hear_of_message, open_body
from helpline.contacts.models import Contact, Message
from helpline.contacts.opening import CALLER_PLACE
from helpline.contacts.stages import lock_contact
from helpline.intake import assess_and_queue
from helpline.line import Line
from helpline.live_queue.entries import rank_anew
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.store.receipts import find_answer, keep_answer
from helpline.store.types import new_id, utc_now
from helpline.telephony.inbound import InboundText
from helpline.telephony.rest import CallGone, PhoneLine, PhoneLineRefused
from helpline.telephony.twiml import no_text_reply, text_reply
from ivr_flows.engine import start
from ivr_flows.events import Say
from triage.model import Signal

TEXT_WELCOME = "text_welcome"
STILL_OPEN = ("menu", "waiting", "offered", "connecting", "connected")
ARABIC_LETTERS = ("\u0600", "\u06ff")


class ContactNotYours(Exception):
    """Only the counsellor who has the conversation writes in it."""


def text_arrived(session: Session, line: Line, text: InboundText) -> str:
    """A text comes in. Returns the TwiML of the one automatic reply that a new conversation gets, or of none."""
    receipt = f"{text.message_sid} /sms/incoming"
    contact = _find_open(session, line, text)
    # Only now: a copy of this very text that came at the same moment held the conversation until just before.
    if (before := find_answer(session, receipt)) is not None:
        return before
    answer = _go_on(session, line, contact, text) if contact else _open_conversation(session, line, text)
    keep_answer(session, receipt, answer)
    return answer


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


def _open_conversation(session: Session, line: Line, text: InboundText) -> str:
    contact_id, number = new_id(), text.caller.number
    language = guess_language(line, text.body)
    contact = Contact(
        id=contact_id,
        channel="sms",
        line=text.line,
        language=language,
        opened_at=utc_now(),
        caller_sealed=line.keys.seal(number, CALLER_PLACE, contact_id) if number else None,
        caller_pseudonym=line.keys.pseudonym(number) if number else None,
        caller_country=text.caller.country,
        signals=[],
    )
    session.add(contact)
    session.flush()
    record_event(session, contact.id, "contact.opened", "caller", channel="sms", withheld=number is None)
    record_act(session, actor="caller", action="contact.opened", subject=f"contact:{contact.id}", channel="sms")
    _keep_text(session, line, contact, text)
    assess_and_queue(session, line, contact)
    return _reply_once(session, line, contact)


def _reply_once(session: Session, line: Line, contact: Contact) -> str:
    conditions = read_conditions(session, line, line.flows.current.get(TEXT_WELCOME))
    step = start(line.flows, TEXT_WELCOME, conditions, contact.language)
    said = [prompt for event in step.events if isinstance(event, Say) for prompt in event.prompts]
    body = " ".join(line.speaker.text(prompt.key, prompt.language) for prompt in said)
    reply = add_message(session, line.keys, contact, body, direction="out", sent_by="flow", status="queued")
    return text_reply(body, line.speaker.address("/sms/status", message=reply.id))


def _go_on(session: Session, line: Line, contact: Contact, text: InboundText) -> str:
    _keep_text(session, line, contact, text)
    told = [Signal(old["name"], old["value"]) for old in contact.signals]
    if note_signals(session, contact, told, line.rules):
        rank_anew(session, contact, line.targets(contact.channel), line.policy, "caller")
    return no_text_reply()


def _keep_text(session: Session, line: Line, contact: Contact, text: InboundText) -> None:
    add_message(
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
    if contact.state == "menu":
        # No rule reads texts yet, so every one counts as elevated until a person has read it.
        contact.signals = contact.signals + [{"name": "text_unread_by_rules", "value": None}]


def write_back(session: Session, line: Line, contact: Contact, body: str, staff_id: int) -> Message:
    """The counsellor of a locked, connected text contact writes; sending it is owed. Raises ContactNotYours."""
    if contact.channel != "sms" or contact.state != "connected" or contact.counsellor_id != staff_id:
        raise ContactNotYours(contact.state)
    actor = f"staff:{staff_id}"
    message = add_message(session, line.keys, contact, body, direction="out", sent_by=actor, status="owed")
    owe(session, "send_text", message.id)
    return message


def send_text(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: send one text. After an unsure try, look first whether it was sent: a child must not get it twice."""
    message = session.get_one(Message, UUID(work.subject))
    contact = lock_contact(session, message.contact_id)
    session.refresh(message)
    if message.message_sid or message.status_rank:
        return
    number = line.keys.open(contact.caller_sealed, CALLER_PLACE, contact.id) if contact.caller_sealed else None
    body = open_body(line.keys, message)
    our_number, message_id = contact.line, str(message.id)
    commit(session, line.bell)
    if number is None:
        hear_of_message(session, message, "failed", "no_number")
        return
    try:
        sent_before = _find_sent(session, line, phone, number, our_number, body) if work.attempts > 1 else None
        sid = sent_before or phone.send_text(number, our_number, body, message_id)
        status, error_code = "queued", None
    except (PhoneLineRefused, CallGone) as fault:
        sid, status, error_code = None, "failed", str(getattr(fault, "code", "gone"))
    lock_contact(session, contact.id)  # what a callback is just writing of this text must not be overwritten
    session.refresh(message)
    message.message_sid = message.message_sid or sid
    hear_of_message(session, message, status, error_code)


def _find_sent(session: Session, line: Line, phone: PhoneLine, number: str, our_number: str, body: str) -> str | None:
    """The text that an unsure try did send. One that is known already is another with the same words, such as 'ok'."""
    same = phone.find_texts(number, our_number, body)
    found = next((sid for sid in same if find_by_sid(session, sid) is None), None)
    commit(session, line.bell)
    return found


def text_status(session: Session, *, message_id: object, message_sid: str, status: str, error_code: str | None) -> None:
    """The telephone company's word on a text of ours. Never moves a state back."""
    message = session.get(Message, message_id) if message_id else find_by_sid(session, message_sid)
    if message is None:
        return
    lock_contact(session, message.contact_id)
    session.refresh(message)
    message.message_sid = message.message_sid or message_sid
    hear_of_message(session, message, status, error_code)


def guess_language(line: Line, body: str) -> str:
    """A first guess from the letters alone; the counsellor sees the words and knows better."""
    arabic = any(ARABIC_LETTERS[0] <= letter <= ARABIC_LETTERS[1] for letter in body)
    offered = line.helpline.languages.offered
    guess = "ar" if arabic else "en"
    return guess if guess in offered else offered[0]
