"""Callbacks that tell what has happened to a leg or in a room. They come in any order, and more than once."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from helpline.contacts.calls import ENDED
from helpline.legs import leg_entered_room, leg_heard_of, leg_left_room
from helpline.outbox.bell import commit, roll_back
from helpline.store.db import db
from helpline.telephony.inbound import field
from helpline.webhooks.guard import from_phone_company, the_line

status = Blueprint("status", __name__, url_prefix="/voice")
log = structlog.get_logger()


def takes_note(view: Callable[[], None]) -> Callable[[], Response]:
    """Commit what was taken in and answer 204; if it could not be written, 503, and the clock will ask for it.

    The telephone company does not send it again, so whoever met a lock or a deadlock tries once more.
    """

    @wraps(view)
    def noting() -> Response:
        try:
            try:
                _take_in(view)
            except OperationalError:
                roll_back(db.session())
                _take_in(view)
        except SQLAlchemyError as error:
            roll_back(db.session())
            log.error("callback_not_kept", route=request.endpoint, fault=type(error).__name__)
            return Response(status=503)
        return Response(status=204)

    return noting


def _take_in(view: Callable[[], None]) -> None:
    view()
    commit(db.session(), the_line().bell)


@status.post("/status")
@from_phone_company
@takes_note
def call_status() -> None:
    """A leg is queued, rings, is answered, or has ended."""
    leg_heard_of(
        db.session(),
        the_line(),
        leg_id=_leg_id(request.args.get("leg", "")),
        call_sid=field(request.form, "CallSid"),
        status=field(request.form, "CallStatus"),
    )


@status.post("/room-events")
@from_phone_company
@takes_note
def room_event() -> None:
    """Someone joined or left a room."""
    event = field(request.form, "StatusCallbackEvent")
    leg = {
        "leg_id": _leg_id(field(request.form, "ParticipantLabel")),
        "call_sid": field(request.form, "CallSid"),
        "conference_sid": field(request.form, "ConferenceSid"),
    }
    if event == "participant-join":
        leg_entered_room(db.session(), the_line(), **leg)
    elif event == "participant-leave":
        last_word = field(request.form, "ParticipantCallStatus")
        hung_up = last_word in ENDED or field(request.form, "ReasonParticipantLeft") == "participant_hung_up"
        leg_left_room(
            db.session(), the_line(), **leg, ended_as=last_word if last_word in ENDED else None, hung_up=hung_up
        )


def _leg_id(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None
