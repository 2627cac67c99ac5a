"""`/sim/phones`, `/sim/messages`: what stands on people's desks and lies in their pockets."""

from flask import Blueprint, jsonify, request

from helpline.simulator.control.asking import NotUnderstood, wanted
from helpline.simulator.control.views import messages_with, view_message, view_phone
from helpline.simulator.current import the_line
from helpline.simulator.exchange.line import BEHAVIOURS, Behaviour
from helpline.simulator.exchange.messages import WHATSAPP, receive_text

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


@routes.put("/phones/<number>/text-fault")
def set_text_fault(number: str):
    """What befalls the service's texts to this phone; code 0: they arrive."""
    code = request.get_json().get("code")
    if not isinstance(code, int):
        raise NotUnderstood("code must be one of Twilio's error codes, or 0")
    with the_line().lock:
        the_line().text_faults[number] = code
        if code == 0:
            del the_line().text_faults[number]
        the_line().touch()
        return jsonify(view_phone(the_line(), number))


@routes.post("/messages")
def send_message():
    """A phone texts. `media` lists the kinds of what is attached; with `whatsapp` it goes that way."""
    from_number, to_number = wanted("from", "to")
    given = request.get_json()
    body, media = given.get("body") or "", tuple(given.get("media") or ())
    if not isinstance(body, str) or not (body or media):
        raise NotUnderstood("body is missing")
    way = WHATSAPP if given.get("whatsapp") else ""
    return jsonify(view_message(receive_text(the_line(), way + from_number, way + to_number, body, media))), 201


@routes.get("/messages")
def list_messages():
    with the_line().lock:
        return jsonify(messages_with(the_line(), request.args.get("number")))
