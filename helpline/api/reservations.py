"""Taking what is offered to me, or letting it pass."""

from uuid import UUID

from flask import Blueprint

from helpline import answering
from helpline.api.guard import ANSWERING, allowed, the_caller, the_line, the_session
from helpline.api.replies import answers
from helpline.api.shapes import Me
from helpline.floor import view_me

routes = Blueprint("reservations", __name__, url_prefix="/reservations/<uuid:reservation_id>")


@routes.post("/accept")
@allowed(*ANSWERING)
@answers(Me)
def accept(reservation_id: UUID) -> dict:
    """Take the contact. For a call, one's phone rings next."""
    answering.accept(the_session(), the_line(), the_caller(), reservation_id)
    return _me()


@routes.post("/decline")
@allowed(*ANSWERING)
@answers(Me)
def decline(reservation_id: UUID) -> dict:
    """Let the offer pass; the child keeps their place."""
    answering.decline(the_session(), the_line(), the_caller(), reservation_id)
    return _me()


def _me() -> dict:
    the_session().flush()
    return view_me(the_session(), the_line(), the_caller())
