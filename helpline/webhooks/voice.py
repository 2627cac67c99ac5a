"""Webhooks that a call asks, each answered with TwiML: what the caller, an on-call person or a desk hears next."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response, request

from helpline import asking_silently, intake
from helpline.after_talk import hear_after_talk
from helpline.spoken import Spoken
from helpline.store.db import db
from helpline.store.types import utc_now
from helpline.telephony.fallback import render_static
from helpline.telephony.inbound import InboundCall, field, read_call
from helpline.webhooks.guard import calls_us, danger_pressed, from_phone_company, speaks, the_line
from ivr_flows.model import Heard, Key, Silence, Speech

voice = Blueprint("voice", __name__, url_prefix="/voice")

LONGEST_AWAY_S = 3600


@voice.post("/incoming")
@from_phone_company
@speaks
def incoming() -> str:
    """A child calls. Recorded before a word is spoken."""
    line = the_line()
    coming_back = "chance" in request.args
    calls_us("CallSid", line.helpline.numbers.voice, or_from=line.helpline.numbers.caller_id if coming_back else None)
    call = read_call(request.form)
    if coming_back:
        danger = request.args.get("danger") == "1"
        return intake.call_came_back(db.session(), line, call, _this_request(), _first_arrival(), danger=danger)
    return intake.call_arrived(db.session(), line, call, utc_now())


@voice.post("/step")
@from_phone_company
@speaks
def step() -> str:
    """A key or silence in a menu."""
    heard = _heard()
    return _once(lambda contact, leg: intake.take_step(db.session(), the_line(), contact, leg, heard))


@voice.post("/waiting")
@from_phone_company
@speaks
def waiting() -> str:
    """The waiting loop asks what comes next, or tells a key pressed while waiting."""
    queue_sid, heard = field(request.form, "QueueSid"), _heard()
    return _once(lambda contact, leg: intake.wait_on(db.session(), the_line(), contact, leg, queue_sid, heard))


@voice.post("/hold-ended")
@from_phone_company
@speaks
def hold_ended() -> str:
    """The hold queue has let the caller go."""
    result = field(request.form, "QueueResult")
    return _once(lambda contact, leg: intake.leave_hold(db.session(), the_line(), contact, leg, result))


@voice.post("/room")
@from_phone_company
@speaks
def room() -> str:
    """The caller, taken out of hold, goes to the counsellor."""
    return _once(lambda contact, leg: intake.enter_room(db.session(), the_line(), contact, leg))


@voice.post("/room-left")
@from_phone_company
@speaks
def room_left() -> str:
    """The caller's stay in the room is over."""
    status = field(request.form, "CallStatus")
    return _once(lambda contact, leg: intake.leave_room(db.session(), the_line(), contact, leg, status))


@voice.post("/asked")
@from_phone_company
@speaks
def asked() -> str:
    """A child who can not speak, taken out of the room for a moment, hears a question."""
    question = request.args.get("q", type=UUID)
    return _once(lambda contact, leg: asking_silently.say_question(db.session(), the_line(), contact, leg, question))


@voice.post("/answered")
@from_phone_company
@speaks
def answered() -> str:
    """The key that answers the question, or none; then back into the room."""
    question, digits = request.args.get("q", type=UUID), field(request.form, "Digits")
    return _once(
        lambda contact, leg: asking_silently.take_answer(db.session(), the_line(), contact, leg, question, digits)
    )


@voice.post("/back-in-line")
@from_phone_company
@speaks
def back_in_line() -> str:
    """The child was left alone in a room and goes back to their place in the queue."""
    return _once(lambda contact, leg: intake.back_in_line(db.session(), the_line(), contact, leg))


@voice.post("/held")
@from_phone_company
@speaks
def held() -> str:
    """What a child hears while a counsellor has put them on hold: a voice now and then, never silence."""
    line = the_line()
    answer = line.speaker.answer().say("hold.moment", languages=line.helpline.languages.offered)
    return str(answer.pause(8).go_on_at("/voice/held"))


@voice.post("/after")
@from_phone_company
@speaks
def after() -> str:
    """A key that was pressed after the goodbye."""
    line, digits = the_line(), field(request.form, "Digits")
    return intake.answer_once(
        db.session(),
        line,
        _call(),
        _target(),
        lambda contact, leg: hear_after_talk(db.session(), line, contact, leg, digits),
        danger=danger_pressed(),
        hears_after_talk=True,
    )


@voice.post("/fallback")
@from_phone_company
def fallback() -> Response:
    """What the telephone company asks for when another of our answers failed. Needs no database."""
    line = the_line()
    return Response(render_static(line.helpline, line.speaker), content_type="text/xml; charset=utf-8")


def _once(act: intake.Act) -> str:
    spoken = Spoken.read(request.form)
    return intake.answer_once(db.session(), the_line(), _call(), _target(), act, danger=danger_pressed(), spoken=spoken)


def _call() -> InboundCall:
    return read_call(request.form)


def _target() -> str:
    query = request.query_string.decode("latin-1")
    return f"{request.path}?{query}" if query else request.path


def _this_request() -> str:
    """The address and the request's own name: the static document leads back by the same address every time."""
    return f"{_target()} {field(request.headers, 'I-Twilio-Idempotency-Token')}".rstrip()


def _heard() -> Heard:
    if digits := field(request.form, "Digits"):
        return Key(digits)
    if field(request.form, "SpeechResult").strip():
        return Speech()
    return Silence()


def _first_arrival() -> datetime:
    """When the child first reached us, carried in an address of ours; never in the future or long ago."""
    now = utc_now()
    since = request.args.get("since", 0, type=int) / 1000
    carried = datetime.fromtimestamp(since, UTC) if 0 < since < now.timestamp() else now
    return carried if (now - carried).total_seconds() < LONGEST_AWAY_S else now
