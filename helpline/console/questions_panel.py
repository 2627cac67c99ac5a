"""What a counsellor may ask a child who can not speak, and what was answered, for the page she talks from."""

from sqlalchemy.orm import Session

from config.silent_questions import Question
from helpline.contacts.models import Contact
from helpline.contacts.questions import AskedQuestion, list_questions
from helpline.line import Line
from ivr_flows.events import Prompt

# What tells us that a voice may not be possible: then the questions stand open at once.
SILENT = {"silent_line", "cannot_talk"}


def show_questions(session: Session, line: Line, contact: Contact) -> dict | None:
    """The buttons, what is being asked now, and the answers so far, the latest first. None: not a live call."""
    if contact.channel != "voice" or contact.state != "connected":
        return None
    asked = list_questions(session, contact.id)
    told = {signal["name"] for signal in contact.signals}
    return {
        "buttons": [_button(line, contact, question) for question in line.questions.questions],
        "pending": next((_tell(line, question) for question in asked if question.answered_at is None), None),
        "answers": [_tell(line, question) for question in asked if question.answered_at],
        "is_open": bool(asked or told & SILENT),
    }


def _button(line: Line, contact: Contact, question: Question) -> dict:
    spoken = line.flows.spoken(Prompt(question.prompt, contact.language), line.speaker.values).text
    return {"code": question.code, "label": question.label.model_dump(), "spoken": spoken}


def _tell(line: Line, asked: AskedQuestion) -> dict:
    question = line.questions.find(asked.code)
    label = question.label.model_dump() if question else {"en": asked.code}
    return {"id": str(asked.id), "label": label, "answer": asked.answer, "at": asked.answered_at or asked.asked_at}
