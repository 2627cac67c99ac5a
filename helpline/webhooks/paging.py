"""The on-call person's phone: a child waits and nobody is free; pressing 1 takes the call."""

from uuid import UUID

from flask import Blueprint, request

from helpline.call_control.paging import take_page
from helpline.contacts.calls import hear_of_leg, room_of
from helpline.contacts.models import Call, Contact
from helpline.legs import lock_leg
from helpline.line import Line
from helpline.staff.models import Staff
from helpline.store.db import db
from helpline.store.receipts import find_answer, keep_answer
from helpline.telephony.inbound import field
from helpline.telephony.twiml import Answer
from helpline.webhooks.guard import asks_again, from_phone_company, the_line
from ivr_flows.events import Prompt

paging = Blueprint("paging", __name__, url_prefix="/voice")

LISTEN_S = 8
MOST_ASKED = 3
TAKE = "1"


@paging.post("/page")
@from_phone_company
@asks_again
def page() -> str:
    """The phone was picked up, or nothing was pressed yet: say what it is about, and listen."""
    found = _find_leg()
    line, asked = the_line(), request.args.get("asked", 0, type=int)
    if found is None or asked >= MOST_ASKED:
        return str(line.speaker.answer().hang_up())  # a voicemail presses nothing; the page is repeated anyway
    _contact, leg = found
    hear_of_leg(leg, "in-progress", field(request.form, "CallSid"))
    path = f"/voice/page-answer?leg={leg.id.hex}&asked={asked}"
    prompt = Prompt("page.greeting", _language(line, leg))
    return str(line.speaker.answer().listen(path, digits=1, timeout_s=LISTEN_S, prompts=[prompt]))


@paging.post("/page-answer")
@from_phone_company
@asks_again
def page_answer() -> str:
    """A key, or silence. 1 takes the child, if nobody was quicker."""
    found, line = _find_leg(), the_line()
    if found is None:
        return str(line.speaker.answer().hang_up())
    contact, leg = found
    asked = request.args.get("asked", 0, type=int)
    receipt = f"{leg.id.hex} /voice/page-answer?asked={asked}"
    if (before := find_answer(db.session(), receipt)) is not None:
        return before
    answer = _answer_key(line, contact, leg, field(request.form, "Digits"), asked)
    keep_answer(db.session(), receipt, str(answer))
    return str(answer)


@paging.post("/leg-left")
@from_phone_company
@asks_again
def leg_left() -> str:
    """One of ours has left the room: their call is over. What that means for the child is told by the room."""
    return str(the_line().speaker.answer().hang_up())


def _answer_key(line: Line, contact: Contact, leg: Call, pressed: str, asked: int) -> Answer:
    answer = line.speaker.answer()
    if TAKE not in pressed:
        return answer.go_on_at("/voice/page", leg=leg.id.hex, asked=asked + 1)
    if not take_page(db.session(), line, contact, leg):
        return answer.say("page.already_taken", languages=[_language(line, leg)]).hang_up()
    answer.say("page.taken", languages=[_language(line, leg)])
    return answer.enter_room(room_of(contact.id), leg.id, "/voice/leg-left")


def _find_leg() -> tuple[Contact, Call] | None:
    try:
        leg_id = UUID(hex=request.args.get("leg", ""))
    except ValueError:
        return None
    return lock_leg(db.session(), leg_id, "")


def _language(line: Line, leg: Call) -> str:
    person = db.session.get_one(Staff, leg.staff_id)
    return line.flows.known_language(person.interface_language)
