"""The page on which a shift lead turns surge and outage on, for a while and with a reason, and off."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from helpline.answering import WATCHERS, actor_of
from helpline.console.acts import act, required
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.contacts.stages import Invalid
from helpline.floor.switches import view_switches
from helpline.staff.models import Staff
from helpline.switches.models import NAMES
from helpline.switches.turning import turn_off, turn_on

switch_pages = Blueprint("switch_pages", __name__, url_prefix="/floor/switches")

HOURS = (1, 2, 4, 8, 12)
HERE = "switch_pages.page"


@switch_pages.get("")
@open_to(*WATCHERS)
def page() -> str:
    """Both switches: how they stand, and a form to turn each."""
    session, times = the_session(), the_line().helpline.switches
    lengths = {name: [hours for hours in HOURS if hours * 3600 <= times.of(name).longest_s] for name in NAMES}
    usual = {name: times.of(name).usual_s // 3600 for name in NAMES}
    seen = view_switches(session)
    people = {now["on_by"]: _name_of(now["on_by"]) for now in seen.values() if now}
    return render_template("console/switches.html", switches=seen, lengths=lengths, usual=usual, people=people)


@switch_pages.post("/<name>/on")
@open_to(*WATCHERS)
@act(HERE)
def turn_it_on(name: str) -> str:
    """On from now for so many hours."""
    hours = required("hours")
    if not hours.isdecimal():
        raise Invalid("hours")
    reason, actor = required("reason"), actor_of(the_person())
    turn_on(the_session(), the_line(), name, reason=reason, actor=actor, for_s=int(hours) * 3600)
    return _("It is on, and goes off by itself.")


@switch_pages.post("/<name>/off")
@open_to(*WATCHERS)
@act(HERE)
def turn_it_off(name: str) -> str:
    """Off from now."""
    turn_off(the_session(), name, actor_of(the_person()))
    return _("It is off.")


def _name_of(actor: str) -> str:
    kind, _colon, number = actor.partition(":")
    person = the_session().get(Staff, int(number)) if kind == "staff" else None
    return person.name if person else _("The service itself") if actor == "clock" else _("The operator")
