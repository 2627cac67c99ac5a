"""`/sim/phones`, `/sim/messages`: what stands on people's desks and lies in their pockets."""

from flask import Blueprint, jsonify, request

from helpline.simulator.control.asking import NotUnderstood, wanted
from helpline.simulator.control.views import messages_with, view_message, view_phone
from helpline.simulator.current import the_line
from helpline.simulator.exchange.line import BEHAVIOURS, Behaviour
from helpline.simulator.exchange.messages import receive_text

routes = Blueprint("phones", __name__)


@routes.get("/phones/<number>")
def read_phone(number: str):
    with the_line().lock:
        return jsonify(view_phone(the_line(), number))


@routes.put("/phones/<number>")
def set_behaviour(number: str):
    (kind,) = wanted("behaviour")
    if kind not in BEHAVIOURS:
        raise NotUnderstood(f"behaviour must be one of {', '.join(BEHAVIOURS)}")
    with the_line().lock:
        the_line().behaviours[number] = Behaviour(kind, float(request.get_json().get("after_s", 2)))
        the_line().touch()
        return jsonify(view_phone(the_line(), number))


@routes.post("/messages")
def send_message():
    from_number, to_number, body = wanted("from", "to", "body")
    return jsonify(view_message(receive_text(the_line(), from_number, to_number, body))), 201


@routes.get("/messages")
def list_messages():
    with the_line().lock:
        return jsonify(messages_with(the_line(), request.args.get("number")))
