"""`/sim/calls`: dial, press keys, speak, answer, decline, hang up."""

import re

from flask import Blueprint, jsonify, request

from helpline.simulator.control.asking import NotUnderstood, wanted
from helpline.simulator.control.views import view_call
from helpline.simulator.exchange.calls import Call
from helpline.simulator.exchange.dialling_in import dial_in
from helpline.simulator.exchange.hearing import say_aloud
from helpline.simulator.exchange.line import Line
from helpline.simulator.exchange.people import (
    NotRinging,
    answer_phone,
    decline_call,
    hang_up_phone,
    press_keys,
)


def add_call_controls(control: Blueprint, line: Line) -> None:
    """Mount the calls."""

    def find(sid: str) -> Call:
        with line.lock:
            if sid not in line.calls:
                raise NotUnderstood("there is no such call", 404)
            return line.calls[sid]

    def find_standing(sid: str) -> Call:
        call = find(sid)
        if call.ended or call.end_status:
            raise NotUnderstood("the call has ended", 409)
        return call

    @control.post("/calls")
    def dial():
        from_number, to_number = wanted("from", "to")
        return jsonify(call_sid=dial_in(line, from_number, to_number).sid), 201

    @control.get("/calls")
    def list_calls():
        with line.lock:
            return jsonify([view_call(call) for call in line.calls.values()])

    @control.get("/calls/<sid>")
    def read_call(sid: str):
        with line.lock:
            return jsonify(view_call(find(sid)))

    @control.post("/calls/<sid>/keys")
    def press(sid: str):
        (digits,) = wanted("digits")
        if not re.fullmatch(r"[0-9*#]+", digits):
            raise NotUnderstood("a phone has the keys 0-9, * and #")
        return jsonify(taken=press_keys(find_standing(sid), digits))

    @control.post("/calls/<sid>/speak")
    def speak(sid: str):
        (text,) = wanted("text")
        listeners = say_aloud(find_standing(sid), text, request.get_json().get("language", ""))
        return jsonify(heard_by=[listener.sid for listener in listeners])

    @control.post("/calls/<sid>/hangup")
    def hang_up(sid: str):
        hang_up_phone(find(sid))
        return "", 204

    @control.post("/calls/<sid>/answer")
    def answer(sid: str):
        return _decide(answer_phone, find(sid))

    @control.post("/calls/<sid>/reject")
    def decline(sid: str):
        return _decide(decline_call, find(sid))


def _decide(decision, call: Call):
    try:
        decision(call)
    except NotRinging as error:
        raise NotUnderstood("this phone does not ring", 409) from error
    return "", 204
