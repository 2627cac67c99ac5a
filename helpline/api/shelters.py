"""Beds in shelters: how many are free, and what a shelter says of its own."""

from flask import Blueprint

from helpline.answering import actor_of
from helpline.api.bodies import BedCount
from helpline.api.guard import ANSWERING, EVERYONE_HERE, allowed, the_caller, the_line, the_session
from helpline.api.reading import takes
from helpline.api.replies import answers
from helpline.api.shapes import Shelters
from helpline.handoff.shelter import list_beds, set_count

routes = Blueprint("shelters", __name__)


@routes.get("/shelters")
@allowed(*EVERYONE_HERE)
@answers(Shelters)
def show_shelters() -> dict:
    """Every class of beds of every shelter: for whom, how many, how many free. Never where it is."""
    return {"beds": list_beds(the_session(), the_line())}


@routes.put("/shelters/<partner>/<site>/<bed>")
@allowed(*ANSWERING)
@takes(BedCount)
@answers(Shelters)
def count_beds(partner: str, site: str, bed: str, body: BedCount) -> dict:
    """Write down what a shelter says by telephone of its own beds."""
    said = {"occupied": body.occupied, "accepting": body.accepting, "actor": actor_of(the_caller())}
    set_count(the_session(), the_line(), partner, site, bed, **said)
    the_session().flush()
    return {"beds": list_beds(the_session(), the_line())}
