"""The end of a call: the goodbye, and for who wants to answer it one small question. 9 and 0 still lead to a person.

The question is not put to a child who was in danger, who was handed on or whom we called, and it needs no answer:
whoever puts the phone down or says nothing has done nothing wrong.
"""

from sqlalchemy.orm import Session

from helpline.contacts.models import Call, Contact
from helpline.contacts.stages import reopen_contact
from helpline.line import Line
from helpline.live_queue.entries import return_to_queue
from helpline.live_queue.reservations import end_reservation, find_active
from helpline.store.types import utc_now
from helpline.survey.counting import count_answer
from helpline.telephony.twiml import Answer
from ivr_flows.composing import compose

BY_KEY = {"1": "helped", "2": "helped_a_little", "3": "did_not_help"}
QUESTION = (
    "survey.ask",
    *("survey.helped", "press.1"),
    *("survey.helped_a_little", "press.2"),
    *("survey.did_not_help", "press.3"),
)
TOO_GRAVE = ("critical", "high")
QUIET_S = 6


def say_goodbye(line: Line, contact: Contact, leg: Call) -> Answer:
    """The talk is over: goodbye, the question where it may be asked, and the end of the call."""
    if contact.calls_back:
        return line.speaker.answer().say("callback.goodbye", languages=[contact.language]).hang_up()
    answer = line.speaker.answer().say("connect.goodbye", languages=[contact.language])
    if line.helpline.survey.voice and may_be_asked(contact):
        answer.ask_in_passing("/voice/after", timeout_s=QUIET_S, prompts=compose(QUESTION, [contact.language]))
    return answer.hang_up()


def take_answer(session: Session, line: Line, contact: Contact, digits: str) -> Answer:
    """Count the answer, without a word of whose it is, and end the call."""
    if answer := BY_KEY.get(digits.strip()):
        count_for(session, line, contact, answer)
    return line.speaker.answer().say("survey.thanks", languages=[contact.language]).hang_up()


def count_for(session: Session, line: Line, contact: Contact, answer: str) -> None:
    """Count an answer by week, channel and language; nothing of it stays with the contact."""
    today = utc_now().astimezone(line.helpline.zone).date()
    count_answer(session, today, contact.channel, contact.language, answer)


def bring_back(session: Session, line: Line, contact: Contact, why: str) -> None:
    """A child whose talk is over and who is still on the line needs a person after all: the same contact goes on.

    Whoever had them is free for others; what they wrote stays with the contact.
    """
    if reservation := find_active(session, contact_id=contact.id):
        end_reservation(session, reservation, "completed", why)
    reopen_contact(session, contact, "caller", why)
    return_to_queue(session, contact, line.policy, "caller", why)


def may_be_asked(contact: Contact) -> bool:
    """Whether the question may be put at all: after a talk that was no exercise, and not to a child in danger."""
    talked = contact.connected_at is not None
    return talked and contact.level not in TOO_GRAVE and contact.outcome in (None, "completed") and not contact.exercise
