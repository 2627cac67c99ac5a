"""The story of a question to a child who can not speak: out of the room for a moment, heard, answered by key, back.

A room can not hear keys, so the child's call alone is sent to a question that listens, and from there back into
the same room, where whoever is with them has stayed. Silence, wrong keys and every fault lead back to the room as
well; 9 raises the alarm at once. What was answered can only raise the level.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from config.silent_questions import Question
from helpline.call_control.leave import caller_gone
from helpline.contacts.calls import caller_leg
from helpline.contacts.level import note_signals
from helpline.contacts.models import Call, Contact, FlowSession
from helpline.contacts.questions import (
    AskedQuestion,
    find_open_question,
    list_questions,
    open_question,
    settle_question,
)
from helpline.contacts.stages import Invalid, NotPossibleNow, lock_contact
from helpline.intake import go_back_to_room
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.outbox.timers import cancel_timers, set_timer
from helpline.preferences import choose_language
from helpline.store.types import utc_now
from helpline.telephony.rest import CallGone, PhoneLine
from helpline.telephony.twiml import Answer
from ivr_flows.events import Prompt
from ivr_flows.model import NEXT_LANGUAGE
from triage.model import Signal

QUESTION_TIMER = "question_over"
# Longer than the longest question is spoken and listened for, so that it rings only if something was lost.
LONGEST_QUESTION_S = 45
KEYS = {"1": "yes", "2": "no"}
YES_OR_NO = ("ask.yes", "press.1", "ask.no", "press.2")
DANGER_TOO = ("danger.if_now", "press.9")
SPOKEN_AFTER = {"danger": "waiting.danger_heard", "none": "ask.no_answer"}


def put_question(session: Session, line: Line, contact: Contact, code: str, actor: str) -> None:
    """Owe a question to the child of a locked contact. Raises NotPossibleNow or Invalid."""
    if line.questions.find(code) is None:
        raise Invalid("there is no such question")
    if contact.channel != "voice" or contact.state != "connected":
        raise NotPossibleNow("there is no live call")
    if find_open_question(session, contact.id):
        raise NotPossibleNow("the child is being asked something already")
    question = open_question(session, contact.id, code, actor)
    owe(session, "ask_child", question.id)
    set_timer(session, QUESTION_TIMER, question.id, utc_now() + timedelta(seconds=LONGEST_QUESTION_S))


def ask_child(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: send the child's call, out of the room, to the question. Whoever is with them stays."""
    contact, question = _lock_question(session, work.subject)
    leg = caller_leg(session, contact.id)
    if question.answered_at or question.put_at or leg.ended_at or contact.state != "connected":
        return
    _send(session, line, phone, contact, leg, "/voice/asked", q=question.id)


def say_question(session: Session, line: Line, contact: Contact, leg: Call, question_id: UUID | None) -> Answer:
    """What the child hears, and the listening for one key. Back to the room if there is nothing to ask any more."""
    question = _find(session, contact, question_id)
    asked = question and line.questions.find(question.code)
    if not asked or question.answered_at or contact.state != "connected":
        return go_back_to_room(session, line, contact, leg, line.speaker.answer())
    question.put_at = question.put_at or utc_now()
    prompts = [Prompt(key, contact.language) for key in _sentences(session, contact, asked)]
    # Asked again in another language it is another answer, with an address of its own.
    path = f"/voice/answered?q={question.id}&n={session.get_one(FlowSession, contact.id).step}"
    return line.speaker.answer().listen(path, digits=1, timeout_s=line.questions.listen_s, prompts=prompts)


def _sentences(session: Session, contact: Contact, asked: Question) -> tuple[str, ...]:
    """The question and its keys; the first time also how to tell of danger."""
    is_first = len(list_questions(session, contact.id)) == 1
    return (asked.prompt, *YES_OR_NO, *(DANGER_TOO if is_first else ()))


def take_answer(
    session: Session, line: Line, contact: Contact, leg: Call, question_id: UUID | None, digits: str
) -> Answer:
    """The key that was pressed, or none: keep it, let it raise the level, and lead the child back to the room.

    # is no answer: the question is asked again in the next language, as everywhere.
    """
    if digits == NEXT_LANGUAGE and len(line.flows.languages) > 1:
        return _ask_in_next_language(session, line, contact, leg, question_id)
    answer = "danger" if "9" in digits else KEYS.get(digits, "none")
    question = _find(session, contact, question_id)
    if question and settle_question(session, question, answer, "caller"):
        cancel_timers(session, question.id, QUESTION_TIMER)
        _weigh(session, line, contact, question)
    spoken = line.speaker.answer().say(SPOKEN_AFTER.get(answer, "ask.heard"), languages=[contact.language])
    return go_back_to_room(session, line, contact, leg, spoken)


def _ask_in_next_language(
    session: Session, line: Line, contact: Contact, leg: Call, question_id: UUID | None
) -> Answer:
    choose_language(session, line, contact, line.flows.language_after(contact.language))
    session.get_one(FlowSession, contact.id).step += 1
    return say_question(session, line, contact, leg, question_id)


def _weigh(session: Session, line: Line, contact: Contact, question: AskedQuestion) -> None:
    asked = line.questions.find(question.code)
    if asked is None or question.answer not in ("yes", "no", "none"):
        return  # danger has been noted where every 9 is
    if signal := asked.signal_of(question.answer):
        note_signals(session, contact, [Signal(signal)], line.rules)


def question_over(session: Session, line: Line, question_id: str) -> None:
    """Timer: nothing was heard of a question for too long. It counts as unanswered, and the child is fetched back."""
    contact, question = _lock_question(session, question_id)
    if question.answered_at:
        return
    settle_question(session, question, "none" if question.put_at else "not_put", "clock")
    _weigh(session, line, contact, question)
    if question.put_at:
        owe(session, "fetch_from_question", question.id)


def fetch_from_question(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: a child who was asked and never came back goes into the room again, where somebody waits for them."""
    contact, question = _lock_question(session, work.subject)
    leg = caller_leg(session, contact.id)
    is_back = leg.joined_at and leg.joined_at > question.put_at
    if leg.ended_at or contact.state != "connected" or is_back:
        return
    _send(session, line, phone, contact, leg, "/voice/answered", q=question.id, fetched=1)


def _send(
    session: Session, line: Line, phone: PhoneLine, contact: Contact, leg: Call, path: str, **query: object
) -> None:
    call_sid = leg.call_sid
    commit(session, line.bell)  # no lock is held while the telephone company thinks
    try:
        phone.send_to(call_sid, path, **query)
    except CallGone:
        caller_gone(session, line, lock_contact(session, contact.id), "gone_while_asked")


def _lock_question(session: Session, question_id: str) -> tuple[Contact, AskedQuestion]:
    question = session.get_one(AskedQuestion, UUID(question_id))
    contact = lock_contact(session, question.contact_id)
    session.refresh(question)
    return contact, question


def _find(session: Session, contact: Contact, question_id: UUID | None) -> AskedQuestion | None:
    question = session.get(AskedQuestion, question_id) if question_id else None
    return question if question and question.contact_id == contact.id else None
