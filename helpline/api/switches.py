"""The line's switches: surge and outage, seen by everyone who answers, turned by whoever watches the floor."""

from flask import Blueprint

from helpline.answering import actor_of
from helpline.api.bodies import SwitchTurn
from helpline.api.guard import EVERYONE_HERE, WATCHING, allowed, the_caller, the_line, the_session
from helpline.api.reading import takes
from helpline.api.replies import answers
from helpline.api.shapes import Switches
from helpline.floor.switches import view_switches
from helpline.switches.turning import turn_off, turn_on

routes = Blueprint("switches", __name__)


@routes.get("/switches")
@allowed(*EVERYONE_HERE)
@answers(Switches)
def show_switches() -> dict:
    """What is on, since when, until when, why and by whom."""
    return view_switches(the_session())


@routes.put("/switches/<name>")
@allowed(*WATCHING)
@takes(SwitchTurn)
@answers(Switches)
def turn_switch(name: str, body: SwitchTurn) -> dict:
    """Turn a switch on for a while, with a reason, or off. One that is on already goes on for so long from now."""
    session, actor = the_session(), actor_of(the_caller())
    if body.on:
        turn_on(session, the_line(), name, reason=body.reason, actor=actor, for_s=body.for_s)
    else:
        turn_off(session, name, actor)
    session.flush()
    return view_switches(session)
