"""Who waits, in the order they will be served."""

from flask import Blueprint

from helpline.api.guard import EVERYONE_HERE, allowed, the_line, the_session
from helpline.api.replies import answers
from helpline.api.shapes import Queue
from helpline.floor import view_queue

routes = Blueprint("queue", __name__)


@routes.get("/queue")
@allowed(*EVERYONE_HERE)
@answers(Queue)
def show_queue() -> dict:
    """Who waits, in the order they will be served, without anything that tells who they are."""
    return view_queue(the_session(), the_line())
