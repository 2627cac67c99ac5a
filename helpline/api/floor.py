"""Everything at once, for whoever watches."""

from flask import Blueprint

from helpline.api.guard import ADMINISTRATOR, AUDITOR, SHIFT_LEAD, allowed, the_line, the_session
from helpline.api.replies import answers
from helpline.api.shapes import Floor
from helpline.floor import view_floor

routes = Blueprint("floor", __name__)


@routes.get("/floor")
@allowed(SHIFT_LEAD, ADMINISTRATOR, AUDITOR)
@answers(Floor)
def show_floor() -> dict:
    """Queue, counsellors, calls, hand-offs, and what is about to go wrong."""
    return view_floor(the_session(), the_line())
