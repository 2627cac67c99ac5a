"""REST: calls."""

from flask import Blueprint, jsonify, request

from helpline.simulator.exchange.calls import LONGEST_CALL_S, Call, DocumentRequest
from helpline.simulator.exchange.legs import place_call
from helpline.simulator.exchange.line import Line
from helpline.simulator.rest import parameters
from helpline.simulator.rest.errors import (
    NO_FROM_NUMBER,
    NO_INSTRUCTIONS,
    NO_TO_NUMBER,
    UNKNOWN_PARAMETERS,
    Refused,
    call_not_in_progress,
    not_found,
)
from helpline.simulator.rest.paging import on_the_days, page_of
from helpline.simulator.rest.parameters import check_fields, words
from helpline.simulator.rest.shapes import call_shape
from helpline.simulator.twiml.verbs import CALL_VERBS
from helpline.simulator.wire.callbacks import CallbackPlan


def new_leg(line: Line, form, default_timeout_s: int = 60) -> Call:
    """The leg that a REST form asks for, not ringing yet."""
    if not form.get("To"):
        raise Refused(400, NO_TO_NUMBER, "No 'To' number is specified")
    if not form.get("From"):
        raise Refused(400, NO_FROM_NUMBER, "No 'From' number is specified")
    leg = Call(line, form["From"], form["To"], "outbound-api")
    leg.ring_for_s = int(form.get("Timeout") or default_timeout_s)
    leg.time_limit_s = int(form.get("TimeLimit") or LONGEST_CALL_S)
    leg.machine_detection = bool(form.get("MachineDetection"))
    if form.get("StatusCallback"):
        events = words(form, "StatusCallbackEvent", "completed")
        leg.callback = CallbackPlan(form["StatusCallback"], events, form.get("StatusCallbackMethod", "POST"))
    return leg


def instructions(form) -> DocumentRequest | None:
    """The document that a form points at or contains; None when it does neither."""
    if form.get("Twiml"):
        return DocumentRequest(twiml=form["Twiml"])
    if form.get("Url"):
        return DocumentRequest(form["Url"], form.get("Method", "POST"))
    return None


def fallback(form) -> DocumentRequest | None:
    """Where to turn when the instructions fail."""
    if not form.get("FallbackUrl"):
        return None
    return DocumentRequest(form["FallbackUrl"], form.get("FallbackMethod", "POST"))


def add_call_routes(rest: Blueprint, line: Line) -> None:
    """Mount the calls."""

    def find(sid: str) -> Call:
        with line.lock:
            if sid not in line.calls:
                raise not_found(request.path)
            return line.calls[sid]

    @rest.post("/Calls.json")
    def create_call():
        check_fields(request.form, parameters.CREATE_CALL)
        leg, first = new_leg(line, request.form), instructions(request.form)
        if first is None:
            raise Refused(400, NO_INSTRUCTIONS, "Url or Twiml parameter is required")
        leg.fallback = fallback(request.form)
        if request.form.get("AsyncAmdStatusCallback"):
            leg.machine_callback = CallbackPlan(request.form["AsyncAmdStatusCallback"], frozenset({"amd"}))
        queued = call_shape(leg)
        place_call(leg, lambda execution: execution.run(first), CALL_VERBS)
        return jsonify(queued), 201

    @rest.get("/Calls.json")
    def list_calls():
        check_fields(request.args, parameters.LIST_CALLS)
        with line.lock:
            return jsonify(page_of(request, "calls", _matching(line), call_shape))

    @rest.get("/Calls/<sid>.json")
    def read_call(sid: str):
        with line.lock:
            return jsonify(call_shape(find(sid)))

    @rest.post("/Calls/<sid>.json")
    def update_call(sid: str):
        check_fields(request.form, parameters.UPDATE_CALL)
        with line.lock:
            call = find(sid)
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
