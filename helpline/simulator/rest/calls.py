"""REST: calls."""

from flask import Blueprint, jsonify, request

from helpline.simulator.current import the_line
from helpline.simulator.exchange.calls import Call
from helpline.simulator.exchange.legs import place_call
from helpline.simulator.exchange.line import Line
from helpline.simulator.rest import parameters
from helpline.simulator.rest.errors import (
    NO_INSTRUCTIONS,
    UNKNOWN_PARAMETERS,
    Refused,
    call_not_in_progress,
    not_found,
)
from helpline.simulator.rest.paging import on_the_days, page_of
from helpline.simulator.rest.parameters import check_fields
from helpline.simulator.rest.shapes import call_shape
from helpline.simulator.rest.wanted import fallback, instructions, new_leg
from helpline.simulator.twiml.verbs import CALL_VERBS
from helpline.simulator.wire.callbacks import CallbackPlan

routes = Blueprint("calls", __name__)


def _find(sid: str) -> Call:
    with the_line().lock:
        if sid not in the_line().calls:
            raise not_found(request.path)
        return the_line().calls[sid]


@routes.post("/Calls.json")
def create_call():
    check_fields(request.form, parameters.CREATE_CALL)
    leg, first = new_leg(the_line(), request.form), instructions(request.form)
    if first is None:
        raise Refused(400, NO_INSTRUCTIONS, "Url or Twiml parameter is required")
    leg.fallback = fallback(request.form)
    if request.form.get("AsyncAmdStatusCallback"):
        leg.machine_callback = CallbackPlan(request.form["AsyncAmdStatusCallback"], frozenset({"amd"}))
    queued = call_shape(leg)
    place_call(leg, lambda execution: execution.run(first), CALL_VERBS)
    return jsonify(queued), 201


@routes.get("/Calls.json")
def list_calls():
    check_fields(request.args, parameters.LIST_CALLS)
    with the_line().lock:
        return jsonify(page_of(request, "calls", _matching(the_line()), call_shape))


@routes.get("/Calls/<sid>.json")
def read_call(sid: str):
    with the_line().lock:
        return jsonify(call_shape(_find(sid)))


@routes.post("/Calls/<sid>.json")
def update_call(sid: str):
    check_fields(request.form, parameters.UPDATE_CALL)
    with the_line().lock:
        call = _find(sid)
        _update(call, request.form)
        return jsonify(call_shape(call))


def _matching(line: Line) -> list[Call]:
    """Calls that fit the filters in the address, newest first."""
    fields = {"To": "to_number", "From": "from_number", "Status": "status", "ParentCallSid": "parent_sid"}
    wanted = {attribute: request.args[name] for name, attribute in fields.items() if request.args.get(name)}
    started, ended = on_the_days(request, "StartTime"), on_the_days(request, "EndTime")
    return [
        call
        for call in reversed(line.calls.values())
        if all(getattr(call, attribute) == value for attribute, value in wanted.items())
        and started(call.answered_at or call.created_at)
        and ended(call.ended_at)
    ]


def _update(call: Call, form) -> None:
    following, status = instructions(form), form.get("Status")
    if status not in (None, "", "completed", "canceled"):
        raise Refused(400, UNKNOWN_PARAMETERS, "Status is neither completed nor canceled")
    if call.ended or call.end_status or (following and call.status != "in-progress"):
        raise call_not_in_progress()
    call.fallback = fallback(form) or call.fallback
    if form.get("StatusCallback"):
        call.callback = CallbackPlan(
            form["StatusCallback"], frozenset({"completed"}), form.get("StatusCallbackMethod", "POST")
        )
    if status == "completed":
        call.end("completed" if call.answered_at else "canceled", "ended through the REST interface")
        call.status = call.end_status
    elif status == "canceled" and not call.answered_at:
        call.end("canceled", "canceled through the REST interface")
        call.status = call.end_status
    elif following:
        call.redirect(following)
