"""`/sim/webhooks`, `/sim/rest`, `/sim/dead-lines`, `/sim/faults`, `/sim/events`: what the line did and will do."""

from flask import Blueprint, jsonify, request

from helpline.simulator.control.asking import NotUnderstood
from helpline.simulator.current import the_line, the_phonebook
from helpline.simulator.wire.faults import FaultRejected
from helpline.simulator.wire.journal import as_json

LONGEST_POLL_S = 25.0

routes = Blueprint("observing", __name__)


@routes.get("/webhooks")
def list_webhooks():
    return jsonify([as_json(record) for record in list(the_line().journal.webhooks)])


@routes.get("/rest")
def list_rest_calls():
    return jsonify([as_json(record) for record in list(the_line().journal.rest)])


@routes.get("/dead-lines")
def list_dead_lines():
    return jsonify([as_json(record) for record in list(the_line().journal.dead_lines)])


@routes.get("/faults")
def list_faults():
    return jsonify(the_line().faults.as_json())


@routes.put("/faults")
def replace_faults():
    body = request.get_json()
    try:
        the_line().faults.replace(body.get("callbacks", []), body.get("rest", []))
    except FaultRejected as error:
        raise NotUnderstood(str(error)) from error
    return jsonify(the_line().faults.as_json())


@routes.get("/events")
def wait_for_news():
    """Long polling: answers as soon as anything beyond `after` has happened."""
    after = request.args.get("after", -1, int)
    timeout_s = min(request.args.get("timeout", LONGEST_POLL_S, float), LONGEST_POLL_S)
    return jsonify(version=the_line().wait_for_change(after, timeout_s))


@routes.post("/reset")
def reset():
    the_line().forget_everything()
    return "", 204


@routes.get("/line")
def describe_line():
    return jsonify(
        speed=the_line().account.speed,
        service_url=the_line().account.service_url,
        helpline_number=the_phonebook().helpline_number,
        version=the_line().version,
    )
