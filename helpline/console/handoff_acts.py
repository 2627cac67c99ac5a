"""What people do about a hand-off, from the counsellor's page, a contact's page and the floor."""

from uuid import UUID

from flask import Blueprint, request
from flask_babel import gettext as _

from helpline.console.acts import act
from helpline.console.counsellor import ANSWERING, HERE
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.handoff_panel import POLICE
from helpline.contacts.stages import Invalid
from helpline.handoff.acts import ACTS, perform
from helpline.handoff.asking import MemberFacts, request_handoff
from helpline.handoff.moving import HandoffNotFound

handoff_acts = Blueprint("handoff_acts", __name__)

# What each act takes from its form. Nothing else is read.
FIELDS = {
    "accept": ("name", "badge", "incident_number", "no_incident_reason", "partner"),
    "take": (),
    "reroute": (),
    "return": ("reason",),
    "decide": ("call_back",),
    "confirm": ("outcome", "by"),
    "close": ("follow_up",),
    "cancel": ("reason",),
    "agree_cancel": ("by",),
    "leave": (),
}


@handoff_acts.post("/console/contacts/<uuid:contact_id>/police")
@open_to(*ANSWERING)
@act(HERE)
def ask_for_police(contact_id: UUID) -> str:
    """Ring the police desks, one after the other, until one takes the child on. Works whatever the level is."""
    area = request.form.get("area") or None
    request_handoff(the_session(), the_line(), the_person(), contact_id, POLICE, area=area)
    return _("The police are being rung. Stay with the child.")


@handoff_acts.post(f"/console/handoffs/<ref>/<any({','.join(FIELDS)}):name>")
@open_to(*ANSWERING)
@act(HERE)
def act_on_handoff(ref: str, name: str) -> None:
    """One of the acts of a hand-off, if this person may do it now."""
    _perform(ref, name)


@handoff_acts.post("/floor/handoffs/<ref>/take")
@open_to("shift_lead")
@act("floor.page")
def take_from_floor(ref: str) -> str:
    """The shift lead takes in hand what nobody has taken on."""
    _perform(ref, "take")
    return _("You have it in hand. The calls to everyone else stop.")


@handoff_acts.post("/contacts/<uuid:contact_id>/hand-on")
@open_to(*ANSWERING)
@act("handoff_pages.ways", "contact_id")
def hand_on(contact_id: UUID) -> str:
    """Ask the first partner of a way that needs no call. What is known of the child is filled in already."""
    age = request.form.get("age", "")
    if age and not age.isdecimal():
        raise Invalid("age")
    facts = MemberFacts(sex=request.form.get("sex") or None, age=int(age) if age else None)
    asked = {name: request.form.get(name) or None for name in ("area", "basis")}
    workflow = request.form.get("workflow", "")
    handoff = request_handoff(the_session(), the_line(), the_person(), contact_id, workflow, members=[facts], **asked)
    return _("Begun: %(ref)s. It stands on the page of hand-offs.", ref=handoff.ref)


@handoff_acts.post("/handoffs/<ref>/<name>")
@open_to(*ANSWERING)
@act("handoff_pages.one", "ref")
def act_on_page(ref: str, name: str) -> None:
    """Any act of a hand-off, from its own page."""
    if name not in ACTS:
        raise HandoffNotFound(name)
    perform(the_session(), the_line(), the_person(), ref, name, _read_form())


def _read_form() -> dict[str, object]:
    """What was filled in, each in the form that acts read."""
    given = {name: value for name, value in request.form.items() if name != "csrf_token" and value}
    fields: dict[str, object] = {name: value for name, value in given.items() if not name.startswith("service.")}
    services = {name.removeprefix("service."): value for name, value in given.items() if name.startswith("service.")}
    if services:
        fields["services"] = services
    for name in ("version", "eta_minutes"):
        if name in fields:
            fields[name] = _whole_number(name, given[name])
    fields["same_sex"] = given.get("same_sex") == "yes"
    return fields


def _whole_number(name: str, value: str) -> int:
    if not value.isdecimal():
        raise Invalid(name)
    return int(value)


def _perform(ref: str, name: str) -> None:
    fields: dict[str, object] = {field: request.form.get(field, "") for field in FIELDS[name]}
    if seen := request.form.get("version"):
        if not seen.isdecimal():
            raise Invalid("version")
        fields["version"] = int(seen)
    perform(the_session(), the_line(), the_person(), ref, name, fields)
