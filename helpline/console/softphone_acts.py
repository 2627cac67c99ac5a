"""What a counsellor's page does to make her browser her telephone: choose it, and fetch the token it registers with."""

from flask import Blueprint, Response, flash, jsonify, request
from flask_babel import gettext as _

from helpline.answering import actor_of
from helpline.audit.record import record_act
from helpline.console.acts import REFUSED, act
from helpline.console.counsellor import ANSWERING, HERE
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.softphone import BROWSER, find_fault
from helpline.live_queue.reservations import find_active
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.telephony.softphone import SoftphoneNotReady, identity_of, make_token

softphone_acts = Blueprint("softphone_acts", __name__, url_prefix="/console/softphone")


@softphone_acts.post("/device")
@open_to(*ANSWERING)
@act(HERE)
def choose_device() -> str | None:
    """Be rung in the browser from now on, or on the telephone again."""
    person, wanted = the_person(), request.form.get("device")
    if find_active(the_session(), counsellor_id=person.id):
        flash(_("You have a contact now. Choose again when it is finished."), REFUSED)
        return None
    if wanted != BROWSER:
        _keep_device(person, "phone")
        return _("Children reach you on your telephone.")
    if fault := find_fault():
        flash(fault, REFUSED)
        return None
    _keep_device(person, BROWSER)
    # It is not registered yet: nobody is offered to her before it can be rung.
    set_activity(the_session(), person, "unavailable", actor_of(person), "device chosen")
    return _("Children reach you in this browser. Say that you are here when it is ready.")


def _keep_device(person: Staff, device: str) -> None:
    person.device = device
    record_act(
        the_session(), actor=actor_of(person), action="staff.device_chosen", subject=actor_of(person), device=device
    )


@softphone_acts.get("/token")
@open_to(*ANSWERING)
def token() -> Response | tuple[Response, int]:
    """A fresh token for this person's own browser, and for nobody who has not chosen to be rung there."""
    person = the_person()
    if person.device != BROWSER:
        return jsonify(why=_("You are rung on your telephone, not in the browser.")), 409
    try:
        fresh = make_token(the_line().settings, person.id)
    except SoftphoneNotReady:
        return jsonify(why=find_fault()), 409
    return jsonify(token=fresh, identity=identity_of(person.id))
