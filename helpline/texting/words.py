"""Words that ask for an end of texts, or for a new start, heeded when a text is nothing else."""

from datetime import timedelta

from sqlalchemy.orm import Session

from config.text_words import Meaning
from helpline.contacts.alerts import raise_alert
from helpline.contacts.models import Contact
from helpline.contacts.text_stops import BY_CHILD, BY_COMPANY, allow_texts, stop_texts
from helpline.contacts.threads import list_same_number
from helpline.line import Line
from helpline.store.types import utc_now
from helpline.telephony.inbound import InboundText
from helpline.texting.quiet import GRAVE

# A danger told to us so lately, on whatever channel, is still one.
LATELY = timedelta(days=1)


def heed_words(session: Session, line: Line, contact: Contact, text: InboundText) -> Meaning | None:
    """Do what a text asks for that is nothing but one word of text_words.toml; returns what that was.

    `contact` is locked and its level counts this text already. What the telephone company did by itself is
    believed whatever the word was.
    """
    meaning = "stop" if text.acted_on == "STOP" else line.text_words.meaning_of(text.body)
    if text.acted_on == "STOP":
        stop_texts(session, line.keys, contact, BY_COMPANY, "twilio")
        raise_alert(session, contact, "texts_blocked", "twilio")
    if meaning == "stop":
        _heed_stop(session, line, contact)
    elif meaning == "start" or text.acted_on == "START":
        allow_texts(session, line.keys, contact, "caller", BY_CHILD, BY_COMPANY)
    else:
        # Whoever writes on wants an answer. What the telephone company blocks, only START opens again.
        allow_texts(session, line.keys, contact, "caller", BY_CHILD)
    return meaning


def _heed_stop(session: Session, line: Line, contact: Contact) -> None:
    if _is_grave(session, line, contact):
        # "Make it stop" is not always about texts. A person decides, and may go on writing meanwhile.
        raise_alert(session, contact, "stop_asked", "caller")
    else:
        stop_texts(session, line.keys, contact, BY_CHILD, "caller")


def _is_grave(session: Session, line: Line, contact: Contact) -> bool:
    lately = list_same_number(session, line.keys, contact, utc_now() - LATELY)
    return any(known.level in GRAVE for known in [contact, *lately])
