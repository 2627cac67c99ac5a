"""What people do about a hand-off, from the counsellor's page, a contact's page and the floor."""

from uuid import UUID

from flask import Blueprint, request
from flask_babel import gettext as _

from helpline.console.acts import act
from helpline.console.counsellor import ANSWERING, HERE
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.handoff_panel import POLICE
from helpline.contacts.stages import Invalid
from helpline.handoff.acts import perform
from helpline.handoff.asking import request_handoff

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


def _perform(ref: str, name: str) -> None:
    fields: dict[str, object] = {field: request.form.get(field, "") for field in FIELDS[name]}
    if seen := request.form.get("version"):
        if not seen.isdecimal():
            raise Invalid("version")
        fields["version"] = int(seen)
    perform(the_session(), the_line(), the_person(), ref, name, fields)
