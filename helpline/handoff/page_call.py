"""What a person of ours hears when called to a hand-off: 1 takes it, and leads into the room if the child needs it."""

from uuid import UUID

from sqlalchemy.orm import Session

from helpline.contacts.calls import caller_leg, hear_of_leg, in_room, room_of
from helpline.contacts.models import Call, Contact
from helpline.contacts.stages import lock_contact
from helpline.handoff.moving import TransitionRefused, find_paged
from helpline.handoff.paging import take
from helpline.line import Line
from helpline.live_queue.reservations import pass_on
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.store.receipts import find_answer, keep_answer
from helpline.telephony.twiml import Answer
from ivr_flows.composing import compose

KEY_TIMEOUT_S = 8
TIMES_ASKED = 3


def answer_page(
    session: Session, line: Line, leg_id: UUID, call_sid: str, target: str, *, digits: str, turn: int
) -> str:
    """Answer one webhook of a called person's phone. The same one again changes nothing."""
    leg = session.get(Call, leg_id)
    if leg is None or leg.role not in ("page", "on_call"):
        return str(line.speaker.answer().hang_up())
    contact = lock_contact(session, leg.contact_id)
    session.refresh(leg)
    receipt = f"{call_sid} {target}"
    if (before := find_answer(session, receipt)) is not None:
        return before
    hear_of_leg(leg, "in-progress", call_sid)
    staff = session.get_one(Staff, leg.staff_id)
    answer = str(_answer(session, line, contact, leg, staff, digits, turn))
    keep_answer(session, receipt, answer)
    return answer


def _answer(session: Session, line: Line, contact: Contact, leg: Call, staff: Staff, digits: str, turn: int) -> Answer:
    language = staff.interface_language
    handoff = find_paged(session, contact.id)
    answer = line.speaker.answer()
    if handoff is None:
        return answer.say("page.already_taken", languages=[language]).hang_up()
    if digits != "1":
        return _ask(answer, leg, language, turn)
    try:
        take(session, line, handoff, staff, leg)
    except TransitionRefused:
        return answer.say("page.already_taken", languages=[language]).hang_up()
    if not _child_needs_a_person(session, contact):
        return answer.say("page.handoff_taken", languages=[language]).hang_up()
    _step_in(session, contact, leg, staff)
    answer.say("page.taken", languages=[language])
    return answer.enter_room(room_of(contact.id), leg.id, "/voice/leg-left")


def _ask(answer: Answer, leg: Call, language: str, turn: int) -> Answer:
    if turn >= TIMES_ASKED:
        return answer.hang_up()  # nobody is at this phone; it rings again soon
    return answer.listen(
        f"/voice/handoff-page?leg={leg.id.hex}&n={turn + 1}",
        digits=1,
        timeout_s=KEY_TIMEOUT_S,
        prompts=compose(("page.handoff",), (language,)),
    )


def _child_needs_a_person(session: Session, contact: Contact) -> bool:
    """Whether the child is in the room with nobody of ours."""
    if contact.state != "connected" or contact.channel != "voice" or caller_leg(session, contact.id).ended_at:
        return False
    return not in_room(session, contact.id, "counsellor", "on_call")


def _step_in(session: Session, contact: Contact, leg: Call, staff: Staff) -> None:
    """The contact passes from the counsellor who dropped out to whoever comes in."""
    leg.role = "on_call"
    dropped = session.get(Staff, contact.counsellor_id)
    if pass_on(session, contact, staff, "counsellor_dropped") and dropped:
        set_activity(session, dropped, "unavailable", "clock", reason="call_dropped")
