"""`/sim/calls`: dial, press keys, speak, answer, decline, hang up."""

import re

from flask import Blueprint, jsonify, request

from helpline.simulator.control.asking import NotUnderstood, wanted
from helpline.simulator.control.views import view_call
from helpline.simulator.current import the_line
from helpline.simulator.exchange.calls import Call
from helpline.simulator.exchange.dialling_in import dial_in
from helpline.simulator.exchange.hearing import say_aloud
from helpline.simulator.exchange.people import (
    NotRinging,
    answer_phone,
    decline_call,
    hang_up_phone,
    press_keys,
)

routes = Blueprint("calls", __name__)


def _find(sid: str) -> Call:
    with the_line().lock:
        if sid not in the_line().calls:
            raise NotUnderstood("there is no such call", 404)
        return the_line().calls[sid]


def _find_standing(sid: str) -> Call:
    call = _find(sid)
    if call.ended or call.end_status:
        raise NotUnderstood("the call has ended", 409)
    return call


@routes.post("/calls")
def dial():
    from_number, to_number = wanted("from", "to")
    return jsonify(call_sid=dial_in(the_line(), from_number, to_number).sid), 201


@routes.get("/calls")
def list_calls():
    with the_line().lock:
        return jsonify([view_call(call) for call in the_line().calls.values()])


@routes.get("/calls/<sid>")
def read_call(sid: str):
    with the_line().lock:
        return jsonify(view_call(_find(sid)))


@routes.post("/calls/<sid>/keys")
def press(sid: str):
    (digits,) = wanted("digits")
    if not re.fullmatch(r"[0-9*#]+", digits):
        raise NotUnderstood("a phone has the keys 0-9, * and #")
    return jsonify(taken=press_keys(_find_standing(sid), digits))


@routes.post("/calls/<sid>/speak")
def speak(sid: str):
    (text,) = wanted("text")
    listeners = say_aloud(_find_standing(sid), text, request.get_json().get("language", ""))
    return jsonify(heard_by=[listener.sid for listener in listeners])


@routes.post("/calls/<sid>/hangup")
def hang_up(sid: str):
    hang_up_phone(_find(sid))
    return "", 204


@routes.post("/calls/<sid>/answer")
def answer(sid: str):
    return _decide(answer_phone, _find(sid))


@routes.post("/calls/<sid>/reject")
def decline(sid: str):
    return _decide(decline_call, _find(sid))


def _decide(decision, call: Call):
    try:
        decision(call)
    except NotRinging as error:
        raise NotUnderstood("this phone does not ring", 409) from error
    return "", 204
