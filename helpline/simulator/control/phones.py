"""`/sim/phones`, `/sim/messages`: what stands on people's desks and lies in their pockets."""

from flask import Blueprint, jsonify, request

from helpline.simulator.control.asking import NotUnderstood, wanted
from helpline.simulator.control.views import messages_with, view_message, view_phone
from helpline.simulator.exchange.line import BEHAVIOURS, Behaviour, Line
from helpline.simulator.exchange.messages import receive_text


def add_phone_controls(control: Blueprint, line: Line) -> None:
    """Mount phones and texts."""

    @control.get("/phones/<number>")
    def read_phone(number: str):
        with line.lock:
            return jsonify(view_phone(line, number))

    @control.put("/phones/<number>")
    def set_behaviour(number: str):
        (kind,) = wanted("behaviour")
        if kind not in BEHAVIOURS:
            raise NotUnderstood(f"behaviour must be one of {', '.join(BEHAVIOURS)}")
        with line.lock:
            line.behaviours[number] = Behaviour(kind, float(request.get_json().get("after_s", 2)))
            line.touch()
            return jsonify(view_phone(line, number))

    @control.post("/messages")
    def send_message():
        from_number, to_number, body = wanted("from", "to", "body")
        return jsonify(view_message(receive_text(line, from_number, to_number, body))), 201

    @control.get("/messages")
    def list_messages():
        with line.lock:
            return jsonify(messages_with(line, request.args.get("number")))
