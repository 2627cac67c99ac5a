"""REST: texts."""

from flask import Blueprint, jsonify, request

from helpline.simulator.current import the_line
from helpline.simulator.exchange.line import Line
from helpline.simulator.exchange.messages import (
    FIRST_CODE_ON_THE_WAY,
    MILESTONES,
    Message,
    bare_number,
    send_text,
)
from helpline.simulator.rest import parameters
from helpline.simulator.rest.errors import (
    BODY_MISSING,
    BODY_TOO_LONG,
    NO_TO_NUMBER,
    OPTED_OUT,
    SENDER_MISSING,
    Refused,
    not_found,
)
from helpline.simulator.rest.paging import on_the_days, page_of
from helpline.simulator.rest.parameters import check_fields
from helpline.simulator.rest.shapes import message_shape
from helpline.simulator.wire.callbacks import CallbackPlan

LONGEST_BODY = 1600
routes = Blueprint("messages", __name__)


def _shape(message: Message) -> dict:
    return message_shape(the_line(), message)


def _find(sid: str) -> Message:
    for message in the_line().messages:
        if message.sid == sid:
            return message
    raise not_found(request.path)


@routes.post("/Messages.json")
def create_message():
    check_fields(request.form, parameters.CREATE_MESSAGE)
    message = _new_message(the_line(), request.form)
    queued = _shape(message)
    send_text(the_line(), message)
    return jsonify(queued), 201


@routes.get("/Messages.json")
def list_messages():
    check_fields(request.args, parameters.LIST_MESSAGES)
    to, sender, sent = request.args.get("To"), request.args.get("From"), on_the_days(request, "DateSent")
    with the_line().lock:
        found = [
            message
            for message in reversed(the_line().messages)
            if to in (None, "", message.to_number)
            and sender in (None, "", message.from_number)
            and sent(message.sent_at)
        ]
        return jsonify(page_of(request, "messages", found, _shape))


@routes.get("/Messages/<sid>.json")
def read_message(sid: str):
    with the_line().lock:
        return jsonify(_shape(_find(sid)))


@routes.post("/Messages/<sid>.json")
def redact_message(sid: str):
    """An empty body takes the text out of the telephone company's records."""
    check_fields(request.form, parameters.UPDATE_MESSAGE)
    with the_line().lock:
        message = _find(sid)
        if request.form.get("Body") == "":
            message.body = ""
        return jsonify(_shape(message))


@routes.delete("/Messages/<sid>.json")
def delete_message(sid: str):
    with the_line().lock:
        the_line().messages.remove(_find(sid))
    return "", 204


def _new_message(line: Line, form) -> Message:
    _refuse_unsendable(line, form)
    service = form.get("MessagingServiceSid")
    callback_url = form.get("StatusCallback")
    if service and not callback_url:
        callback_url = line.account.webhook("/sms/status")  # as the messaging service is configured
    plan = CallbackPlan(callback_url, frozenset(MILESTONES)) if callback_url else None
    status = "accepted" if service else "queued"
    sender = form.get("From") or service
    return Message(
        sender, form["To"], form["Body"], "outbound-api", status, messaging_service_sid=service, callback=plan
    )


def _refuse_unsendable(line: Line, form) -> None:
    if not form.get("To"):
        raise Refused(400, NO_TO_NUMBER, "A 'To' phone number is required.")
    if not form.get("From") and not form.get("MessagingServiceSid"):
        raise Refused(400, SENDER_MISSING, "A 'From' or 'MessagingServiceSid' parameter is required.")
    if not form.get("Body"):
        raise Refused(400, BODY_MISSING, "Message body is required.")
    if len(form["Body"]) > LONGEST_BODY:
        raise Refused(400, BODY_TOO_LONG, "The concatenated message body exceeds the 1600 character limit.")
    if form["To"] in line.opted_out:
        raise Refused(400, OPTED_OUT, "Attempt to send to unsubscribed recipient.")
    code = line.text_faults.get(bare_number(form["To"]), FIRST_CODE_ON_THE_WAY)
    if code < FIRST_CODE_ON_THE_WAY:
        raise Refused(400, code, "This number gets no texts.")
