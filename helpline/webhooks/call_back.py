"""Webhook of a child's phone that we have rung: somebody, or a machine, has picked up."""

from uuid import UUID

from flask import Blueprint, abort, request

from helpline.pick_up import answer_pick_up
from helpline.store.db import db
from helpline.telephony.inbound import field
from helpline.webhooks.guard import asks_again, from_phone_company, the_line

call_back = Blueprint("call_back", __name__, url_prefix="/voice")


@call_back.post("/call-back")
@from_phone_company
@asks_again
def picked_up() -> str:
    """The neutral question, a key, or silence."""
    try:
        leg_id = UUID(hex=request.args.get("leg", ""))
    except ValueError:
        abort(403)
    return answer_pick_up(
        db.session(),
        the_line(),
        leg_id,
        field(request.form, "CallSid"),
        request.full_path.rstrip("?"),
        digits=field(request.form, "Digits"),
        answered_by=field(request.form, "AnsweredBy"),
        turn=request.args.get("n", 0, type=int),
    )
