"""What whoever picks up the phone of a child hears when we call back, and what their key means.

Nothing is revealed: the question is neutral, every end is the same polite goodbye, and a machine gets silence or the
very words that were agreed. Each answer is given once; the same webhook again finds its receipt.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from helpline.call_control.calling_back import join_child
from helpline.call_control.leave import OUR_ROLES, give_up_attempt
from helpline.contacts.attempts import CallbackAttempt, find_trying
from helpline.contacts.calls import hear_of_leg, in_room, room_of
from helpline.contacts.level import note_signals
from helpline.contacts.models import Call, Contact
from helpline.contacts.safe_plans import SafePlan, open_plan
from helpline.legs import lock_leg
from helpline.line import Line
from helpline.store.receipts import find_answer, keep_answer
from helpline.telephony.twiml import Answer
from ivr_flows.composing import compose
from triage.model import Signal

LISTEN_S = 8
TIMES_ASKED = 2
# 1 as the question says; 9 and 0 mean danger and a person wherever a child can press.
JOINING = ("1", "9", "0")
MACHINES = ("machine", "fax")


def answer_pick_up(
    session: Session, line: Line, leg_id: UUID, call_sid: str, target: str, *, digits: str, answered_by: str, turn: int
) -> str:
    """Answer one webhook of a child's phone that we have rung. `turn` counts the times it was asked."""
    found = lock_leg(session, leg_id, "")
    if found is None or found[1].role != "caller":
        return str(line.speaker.answer().hang_up())
    contact, leg = found
    receipt = f"{call_sid} {target}"
    if (before := find_answer(session, receipt)) is not None:
        return before
    hear_of_leg(leg, "in-progress", call_sid)
    answer = str(_answer(session, line, contact, leg, digits, answered_by, turn))
    keep_answer(session, receipt, answer)
    return answer


def _answer(
    session: Session, line: Line, contact: Contact, leg: Call, digits: str, answered_by: str, turn: int
) -> Answer:
    attempt = find_trying(session, contact)
    if attempt is None and contact.state in ("connecting", "connected"):
        return _to_room(line, contact, leg)  # they have asked to be joined before, and our answer was lost
    if attempt is None or not in_room(session, contact.id, *OUR_ROLES):
        return _say_goodbye(line, contact)  # called off meanwhile: nobody is joined to an empty room
    if answered_by.startswith(MACHINES):
        return _meet_machine(session, line, contact, attempt)
    if digits in JOINING:
        return _join(session, line, contact, leg, attempt, digits)
    if digits or turn >= TIMES_ASKED:
        give_up_attempt(session, contact, attempt, "other_voice" if digits else "no_key", "caller")
        return _say_goodbye(line, contact)
    named = session.get_one(SafePlan, attempt.plan_id).may_name_us
    return line.speaker.answer().listen(
        f"/voice/call-back?leg={leg.id.hex}&n={turn + 1}",
        digits=1,
        timeout_s=LISTEN_S,
        prompts=compose(("callback.pick_up_named" if named else "callback.pick_up",), (contact.language,)),
    )


def _join(session: Session, line: Line, contact: Contact, leg: Call, attempt: CallbackAttempt, digits: str) -> Answer:
    join_child(session, line, contact, attempt)
    if digits == "9":
        note_signals(session, contact, [Signal("danger_key")], line.rules)
    return _to_room(line, contact, leg)


def _to_room(line: Line, contact: Contact, leg: Call) -> Answer:
    answer = line.speaker.answer().say("connect.introduction", languages=[contact.language])
    return answer.enter_room(room_of(contact.id), leg.id, "/voice/room-left?n=0")


def _meet_machine(session: Session, line: Line, contact: Contact, attempt: CallbackAttempt) -> Answer:
    plan = session.get_one(SafePlan, attempt.plan_id)
    answer = line.speaker.answer()
    if plan.may_leave_message and line.speaker.can_speak(contact.language):
        attempt.left_message = True
        answer.say_agreed(open_plan(line.keys, plan).words, contact.language)
    give_up_attempt(session, contact, attempt, "machine", "twilio")
    return answer.hang_up()


def _say_goodbye(line: Line, contact: Contact) -> Answer:
    return line.speaker.answer().say("callback.goodbye", languages=[contact.language]).hang_up()
