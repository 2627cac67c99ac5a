"""What we write to a child: checked, kept, owed, sent once, and its way followed until it has arrived or failed."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.contacts.alerts import raise_alert
from helpline.contacts.messages import FAILED, SURVEY, add_message, find_by_sid, has_written, hear_of_message, open_body
from helpline.contacts.missed import list_missed
from helpline.contacts.models import Contact, Message
from helpline.contacts.reaching import NotSafeToReach, number_to_text
from helpline.contacts.stages import Invalid, NotPossibleNow, lock_contact
from helpline.contacts.text_stops import BY_COMPANY, list_stops, stop_texts
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.outbox.timers import set_first_timer
from helpline.store.types import utc_now
from helpline.telephony.rest import CallGone, PhoneLine, PhoneLineRefused
from helpline.telephony.segments import LONGEST_TEXT, count_units
from helpline.texting.outgoing import forbid_pointing_elsewhere
from helpline.texting.quiet import we_wrote

# Our own words for why a text did not go, beside the telephone company's numbers.
NO_NUMBER, STOPPED, GIVEN_UP, GONE, NOT_SAFE = "no_number", "stopped", "given_up", "gone", "not_safe"
OPTED_OUT = "21610"
# How far a text has come is asked after this long: most arrive within seconds, and a callback may be lost.
CHECK_TIMER = "check_text"
LONGEST_WAY = timedelta(minutes=5)
IN_TURN = timedelta(seconds=1)
PACE_WINDOW = timedelta(seconds=30)


class ContactNotYours(Exception):
    """Only the counsellor who has the conversation writes in it."""


class TextsStopped(Exception):
    """No text goes to this number: the child asked for none, or the telephone company lets none through."""


class NoAnswerYet(NotPossibleNow):
    """We wrote first, in agreed words; nothing else goes out before an answer has come."""


class TextTooLong(Invalid):
    """Longer than the telephone company takes."""


def write_back(session: Session, line: Line, contact: Contact, body: str, staff_id: int) -> Message:
    """The counsellor of a locked, connected text contact writes; sending it is owed.

    Raises ContactNotYours, NoAnswerYet, TextsStopped, TextTooLong or PointsElsewhere; then nothing has changed.
    """
    _forbid_others(contact, staff_id)
    if contact.calls_back and not has_written(session, contact):
        raise NoAnswerYet("the agreed words went out; anything else waits until an answer has come")
    return _write(session, line, contact, body, staff_id)


def write_first_words(session: Session, line: Line, contact: Contact, words: str, staff_id: int) -> Message:
    """The words of a recorded plan, as the first text of a conversation that we begin. Raises as write_back does."""
    _forbid_others(contact, staff_id)
    return _write(session, line, contact, words, staff_id)


def _forbid_others(contact: Contact, staff_id: int) -> None:
    if contact.channel != "sms" or contact.state != "connected" or contact.counsellor_id != staff_id:
        raise ContactNotYours(contact.state)


def _write(session: Session, line: Line, contact: Contact, body: str, staff_id: int) -> Message:
    if count_units(body) > LONGEST_TEXT:
        raise TextTooLong(f"a text holds at most {LONGEST_TEXT} characters")
    if list_stops(session, line.keys, contact):
        raise TextsStopped
    forbid_pointing_elsewhere(session, line, contact, body)
    message = add_message(
        session, line.keys, contact, body, direction="out", sent_by=f"staff:{staff_id}", status="owed"
    )
    we_wrote(session, line, contact)
    owe(session, "send_text", message.id)
    return message


def send_again(session: Session, line: Line, contact: Contact, message_id: UUID, staff_id: int) -> Message:
    """Write the same words once more, after they failed. Raises NotPossibleNow, and as write_back does."""
    failed = session.get(Message, message_id)
    if failed is None or failed.contact_id != contact.id or failed.status not in FAILED or failed.sent_again:
        raise NotPossibleNow("only a text that has failed can be sent again, and once")
    _forbid_others(contact, staff_id)
    message = _write(session, line, contact, open_body(line.keys, failed), staff_id)
    failed.sent_again = True
    return message


def send_text(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: send one text. After an unsure try, look first whether it was sent: a child must not get it twice."""
    message = session.get_one(Message, UUID(work.subject))
    contact = lock_contact(session, message.contact_id)
    session.refresh(message)
    if message.message_sid or message.sent_again or (message.status_rank and message.error_code != GIVEN_UP):
        return
    try:
        number = number_to_text(session, line, contact)
    except NotSafeToReach:
        take_in_state(session, line, contact, message, "failed", NOT_SAFE)
        return
    if fault := _why_not(session, line, contact):
        take_in_state(session, line, contact, message, "failed", fault)
        return
    if turn := _when_in_turn(session, line, message):
        owe(session, "send_text", message.id, due_at=turn)
        return
    body, our_number = open_body(line.keys, message), contact.line
    message.handed_over_at = utc_now()
    commit(session, line.bell)
    try:
        sent_before = find_sent(session, line, phone, number, contact, message) if work.attempts > 1 else None
        sid = sent_before or phone.send_text(number, our_number, body, str(message.id))
        status, error_code = "queued", None
    except (PhoneLineRefused, CallGone) as fault:
        sid, status, error_code = None, "failed", str(getattr(fault, "code", GONE))
    contact = lock_contact(session, contact.id)  # what a callback is just writing of this text must not be overwritten
    session.refresh(message)
    message.message_sid = message.message_sid or sid
    take_in_state(session, line, contact, message, status, error_code)
    follow_text(session, message)


def follow_text(session: Session, message: Message) -> None:
    """Look after LONGEST_WAY how far a text has come that is handed over now."""
    set_first_timer(session, CHECK_TIMER, message.id, utc_now() + LONGEST_WAY)


def _why_not(session: Session, line: Line, contact: Contact) -> str | None:
    if contact.caller_sealed is None:
        return NO_NUMBER
    return STOPPED if list_stops(session, line.keys, contact) else None


def _when_in_turn(session: Session, line: Line, message: Message) -> datetime | None:
    """When to try, if not now: texts keep their order, and no more go in 30 s than the telephone company takes."""
    ours = (Message.contact_id == message.contact_id, Message.direction == "out", Message.id != message.id)
    earlier = (Message.status == "owed", Message.message_sid.is_(None), Message.created_at < message.created_at)
    if session.scalar(select(func.count()).select_from(Message).where(*ours, *earlier)):
        return utc_now() + IN_TURN
    most = line.helpline.texting.most_in_30_s
    latest = select(Message.handed_over_at).where(*ours, Message.handed_over_at > utc_now() - PACE_WINDOW)
    sent = session.scalars(latest.order_by(Message.handed_over_at.desc()).limit(most)).all()
    return sent[-1] + PACE_WINDOW if len(sent) == most else None


def find_sent(
    session: Session, line: Line, phone: PhoneLine, number: str, contact: Contact, message: Message
) -> str | None:
    """The text that an unsure try did send. One that is known already is another with the same words, such as 'ok'."""
    same = phone.find_texts(number, contact.line, open_body(line.keys, message), message.created_at)
    found = next((sid for sid in same if find_by_sid(session, sid) is None), None)
    commit(session, line.bell)
    return found


def give_up_text(session: Session, line: Line, work: OwedWork) -> None:
    """After the last try: the counsellor must not read 'being sent' under words that the child will not get."""
    message = session.get_one(Message, UUID(work.subject))
    contact = lock_contact(session, message.contact_id)
    session.refresh(message)
    if message.message_sid is None:
        take_in_state(session, line, contact, message, "failed", GIVEN_UP)


def text_status(
    session: Session, line: Line, *, message_id: object, message_sid: str, status: str, error_code: str | None
) -> None:
    """The telephone company's word on a text of ours. Never moves a state back."""
    message = session.get(Message, message_id) if message_id else find_by_sid(session, message_sid)
    if message is None:
        return
    contact = lock_contact(session, message.contact_id)
    session.refresh(message)
    message.message_sid = message.message_sid or message_sid
    take_in_state(session, line, contact, message, status, error_code)


def take_in_state(
    session: Session, line: Line, contact: Contact, message: Message, status: str, error_code: str | None
) -> None:
    """A state of a text of a locked contact. One that has failed is put before people at once."""
    if not hear_of_message(session, message, status, error_code) or status not in FAILED:
        return
    if error_code == OPTED_OUT:
        stop_texts(session, line.keys, contact, BY_COMPANY, "twilio")
    if message.sent_by == SURVEY:
        return  # nobody waits for it, and nothing is to be done about it
    if error_code == OPTED_OUT:
        raise_alert(session, contact, "texts_blocked", "twilio")
    else:
        raise_alert(session, contact, "not_delivered", "twilio")
    if contact.state != "connected":
        list_missed(
            session, line.keys, contact, "text_failed", "twilio"
        )  # nobody is with them: people work through that list
