"""Webhooks of texts: one comes in, one of ours was delivered or not."""

from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy.exc import IntegrityError

from helpline import intake_text
from helpline.outbox.bell import commit, roll_back
from helpline.store.db import db
from helpline.telephony.inbound import field, read_text
from helpline.webhooks.guard import calls_us, from_phone_company, the_line
from helpline.webhooks.status import takes_note

sms = Blueprint("sms", __name__, url_prefix="/sms")


@sms.post("/incoming")
@from_phone_company
def incoming() -> Response:
    """A child writes."""
    line = the_line()
    calls_us("MessageSid", line.helpline.numbers.sms)
    text = read_text(request.form)
    try:
        answer = intake_text.text_arrived(db.session(), line, text)
        commit(db.session(), line.bell)
    except IntegrityError:
        # Two texts of one new conversation, or two copies of one text, came at the same moment. The other one
        # is written by now, so this one finds it.
        roll_back(db.session())
        answer = intake_text.text_arrived(db.session(), line, text)
        commit(db.session(), line.bell)
    return Response(answer, content_type="text/xml; charset=utf-8")


@sms.post("/status")
@from_phone_company
@takes_note
def delivery_status() -> None:
    """How far one of our texts has come."""
    intake_text.text_status(
        db.session(),
        message_id=_message_id(request.args.get("message", "")),
        message_sid=field(request.form, "MessageSid"),
        status=field(request.form, "MessageStatus"),
        error_code=field(request.form, "ErrorCode") or None,
    )


def _message_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
