"""A key that is pressed after the goodbye: an answer, or the way back to a person."""

from sqlalchemy.orm import Session

from helpline.contacts.models import Call, Contact
from helpline.intake import TALK_IS_OVER, back_in_line
from helpline.line import Line
from helpline.surveying import bring_back, take_answer
from helpline.telephony.twiml import Answer


def hear_after_talk(session: Session, line: Line, contact: Contact, leg: Call, digits: str) -> Answer:
    """A key after the goodbye: an answer to the small question, or 0 for a person after all, as everywhere."""
    if "0" in digits and contact.state in TALK_IS_OVER:
        bring_back(session, line, contact, "asked_for_person")
    if contact.state not in TALK_IS_OVER:
        return back_in_line(session, line, contact, leg)
    return take_answer(session, line, contact, digits)
