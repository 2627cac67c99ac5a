"""Webhooks of a hand-off: what a partner's desk hears and presses, and a person of ours who is called to it."""

from functools import partial
from uuid import UUID

from flask import Blueprint, abort, request

from helpline.contacts.models import Contact
from helpline.handoff import desk as at_desk
from helpline.handoff.page_call import answer_page
from helpline.store.db import db
from helpline.telephony.inbound import field
from helpline.webhooks.guard import asks_again, from_phone_company, the_line

desk = Blueprint("desk", __name__, url_prefix="/voice")


@desk.post("/desk")
@from_phone_company
@asks_again
def greeting() -> str:
    """A desk has picked up."""
    return _answer(at_desk.greet)


@desk.post("/desk-key")
@from_phone_company
@asks_again
def key() -> str:
    """A person at the desk presses 1; a voicemail presses nothing."""
    return _answer(partial(at_desk.hear_key, digits=_digits()))


@desk.post("/desk-pin")
@from_phone_company
@asks_again
def pin() -> str:
    """The desk's PIN."""
    return _answer(partial(at_desk.hear_pin, digits=_digits()))


@desk.post("/desk-choice")
@from_phone_company
@asks_again
def choice() -> str:
    """Take it, decline it, or hear it again."""
    return _answer(partial(at_desk.hear_choice, digits=_digits()))


@desk.post("/desk-enter")
@from_phone_company
@asks_again
def enter() -> str:
    """Into the child's room."""
    return _answer(partial(at_desk.enter, turn=request.args.get("n", 1, type=int)))


@desk.post("/desk-over")
@from_phone_company
@asks_again
def over() -> str:
    """The desk is not needed any more."""
    return at_desk.tell_over(db.session(), the_line(), _id("leg"), field(request.form, "CallSid"))


@desk.post("/joining")
@from_phone_company
@asks_again
def joining() -> str:
    """Said to everyone in the room, in the child's language, before a desk comes in."""
    contact = db.session.get(Contact, _id("contact"))
    language = contact.language if contact else the_line().first_language
    return str(the_line().speaker.answer().say("connect.joining", languages=[language]))


@desk.post("/handoff-page")
@from_phone_company
@asks_again
def handoff_page() -> str:
    """A person of ours is called to a hand-off, and takes it by pressing 1."""
    turn = request.args.get("n", 0, type=int)
    about = {"call_sid": field(request.form, "CallSid"), "target": _target()}
    return answer_page(db.session(), the_line(), _id("leg"), **about, digits=_digits(), turn=turn)


def _answer(act: at_desk.Act) -> str:
    return at_desk.answer_desk(db.session(), the_line(), _id("leg"), field(request.form, "CallSid"), _target(), act)


def _digits() -> str:
    return field(request.form, "Digits")


def _target() -> str:
    return request.full_path.rstrip("?")


def _id(name: str) -> UUID:
    try:
        return UUID(hex=request.args.get(name, ""))
    except ValueError:
        abort(403)
