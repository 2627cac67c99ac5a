"""Oneself: what is offered to me, whom I have, and whether I take contacts."""

from flask import Blueprint

from helpline.answering import actor_of
from helpline.api.bodies import ActivityChange
from helpline.api.guard import ANSWERING, EVERYONE_HERE, allowed, the_caller, the_line, the_session
from helpline.api.reading import takes
from helpline.api.replies import answers
from helpline.api.shapes import Me
from helpline.floor import view_me
from helpline.staff.activity import lock_staff, set_activity

routes = Blueprint("me", __name__)


@routes.get("/me")
@allowed(*EVERYONE_HERE)
@answers(Me)
def show_me() -> dict:
    """Own state, with the pending reservation if there is one."""
    return view_me(the_session(), the_line(), the_caller())


@routes.put("/me/activity")
@allowed(*ANSWERING)
@takes(ActivityChange)
@answers(Me)
def change_activity(body: ActivityChange) -> dict:
    """Take contacts from now on, or do not. A contact one has stays one's own until it ends."""
    session, caller = the_session(), lock_staff(the_session(), the_caller().id)
    set_activity(session, caller, body.activity, actor_of(caller))
    session.flush()
    return view_me(session, the_line(), caller)
