"""Asks after a text of ours of which nobody has told us how far it came: a callback may be lost."""

from uuid import UUID

from sqlalchemy.orm import Session

from helpline.contacts.alerts import raise_alert
from helpline.contacts.messages import STATUS_RANK, SURVEY
from helpline.contacts.models import Contact, Message
from helpline.contacts.reaching import NotSafeToReach, number_to_text
from helpline.contacts.stages import lock_contact
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.telephony.rest import PhoneLine
from helpline.texting.sending import GONE, find_sent, take_in_state

ON_THE_NETWORK = STATUS_RANK["sent"]


def check_text(session: Session, line: Line, message_id: str) -> None:
    """Alarm: nobody has said yet that a text has left, arrived or failed."""
    message = session.get(Message, UUID(message_id))
    if message is not None and message.status_rank < ON_THE_NETWORK:
        owe(session, "ask_after_text", message.id)


def ask_after_text(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: ask the telephone company how far a text has come, and put it before people if that is nowhere."""
    message = session.get_one(Message, UUID(work.subject))
    contact = session.get_one(Contact, message.contact_id)
    sid = message.message_sid or _find(session, line, phone, contact, message)
    commit(session, line.bell)
    status, error_code = phone.text_state(sid) if sid else ("failed", GONE)
    contact = lock_contact(session, contact.id)
    session.refresh(message)
    message.message_sid = message.message_sid or sid
    take_in_state(session, line, contact, message, status, error_code)
    if message.status_rank < ON_THE_NETWORK and message.sent_by != SURVEY:
        raise_alert(session, contact, "not_delivered", "clock")


def _find(session: Session, line: Line, phone: PhoneLine, contact: Contact, message: Message) -> str | None:
    """The automatic reply is sent by the telephone company itself, which tells its MessageSid only in its callbacks."""
    try:
        number = number_to_text(session, line, contact)
    except NotSafeToReach:
        return None
    return find_sent(session, line, phone, number, contact, message) if number else None
