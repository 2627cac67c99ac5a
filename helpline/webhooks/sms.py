"""Webhooks of texts: one comes in, one of ours was delivered or not."""

from uuid import UUID

import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import IntegrityError

from helpline import intake_text
from helpline.outbox.bell import commit, roll_back
from helpline.store.db import db
from helpline.telephony.inbound import InboundText, field, read_text
from helpline.telephony.twiml import text_reply
from helpline.texting import sending
from helpline.webhooks.guard import FAILED, calls_us, from_phone_company, the_line
from helpline.webhooks.status import takes_note
from ivr_flows.written import guess_written

log = structlog.get_logger()
sms = Blueprint("sms", __name__, url_prefix="/sms")


@sms.post("/incoming")
@from_phone_company
def incoming() -> Response:
    """A child writes."""
    line = the_line()
    calls_us("MessageSid", line.helpline.numbers.sms)
    text = read_text(request.form)
    try:
        answer = _take_in(text)
    except Exception as error:  # noqa: BLE001 - whatever went wrong, a child has written and must know
        roll_back(db.session())
        FAILED.labels(request.endpoint).inc()
        log.error("text_not_kept", fault=type(error).__name__)
        answer = _say_that_it_was_lost(text)
    return Response(answer, content_type="text/xml; charset=utf-8")


def _take_in(text: InboundText) -> str:
    line = the_line()
    try:
        answer = intake_text.text_arrived(db.session(), line, text)
        commit(db.session(), line.bell)
    except IntegrityError:
        # Two texts of one new conversation, or two copies of one text, came at the same moment. The other one
        # is written by now, so this one finds it.
        roll_back(db.session())
        answer = intake_text.text_arrived(db.session(), line, text)
        commit(db.session(), line.bell)
    return answer


def _say_that_it_was_lost(text: InboundText) -> str:
    """A text has no caller to hold on to: whoever wrote must know that nobody will read this one."""
    line = the_line()
    language = guess_written(text.body, line.flows)
    return text_reply(line.speaker.text("text.fault", language), line.speaker.address("/sms/status"))


@sms.post("/status")
@from_phone_company
@takes_note
def delivery_status() -> None:
    """How far one of our texts has come."""
    sending.text_status(
        db.session(),
        the_line(),
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
