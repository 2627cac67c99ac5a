"""The counsellor's page: one stage that shows what matters now, and what she may set about herself."""

from flask import Blueprint, Response, current_app, flash, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from helpline.answering import actor_of
from helpline.audit.record import record_act
from helpline.console.acts import REFUSED, act, required
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.handoff_panel import list_areas
from helpline.console.softphone import CALL_POLICY, LOST, can_be_rung, describe_softphone
from helpline.console.stage import count_queue, fingerprint, set_stage
from helpline.console.streaming import STILL_HERE, stream_news, the_feed
from helpline.feed.streams import write_event
from helpline.staff.accounts import set_device_number
from helpline.staff.activity import set_activity
from helpline.telephony.numbers import NumberNotUsable, normalise_number

counsellor = Blueprint("counsellor", __name__, url_prefix="/console")

# Shift leads answer too when it is busy.
ANSWERING = ("counsellor", "shift_lead")
HERE = "counsellor.console"


@counsellor.get("")
@open_to(*ANSWERING)
def console() -> Response:
    """The whole page."""
    stage = _stage()
    page = make_response(render_template("console/console.html", **stage))
    if stage["softphone"]["loaded"]:
        page.headers["Content-Security-Policy"] = CALL_POLICY
    return page


@counsellor.get("/stage")
@open_to(*ANSWERING)
def stage() -> str:
    """The stage alone, to be put in place of the one on the page."""
    return render_template("console/stage.html", **_stage())


def _stage() -> dict:
    line = the_line()
    return set_stage(the_session(), line, the_person()) | {
        "categories": current_app.extensions["categories"],
        "softphone": describe_softphone(the_person()),
        "areas": list_areas(line),
        "offer_s": line.helpline.queue.offer_s,
    }


@counsellor.get("/stream")
@open_to(*ANSWERING)
def stream() -> Response:
    """Tells the page that something has changed for this person; the page then asks for its stage."""
    line, staff_id = the_line(), the_person().id
    seen = None

    def write(session: Session, version: int) -> bytes:
        nonlocal seen
        queue = the_feed().snapshots.draw("counts", version, lambda: count_queue(session, line)["levels"])
        before, seen = seen, fingerprint(session, staff_id, queue)
        return write_event("changed", version, "{}") if seen != before else STILL_HERE

    return stream_news(write)


@counsellor.post("/activity")
@open_to(*ANSWERING)
@act(HERE)
def change_activity() -> str | None:
    """Available, or away for a while. What she holds stays hers."""
    session, person = the_session(), the_person()
    wanted = "available" if request.form.get("activity") == "available" else "unavailable"
    if wanted == "available" and not can_be_rung(person, request.form):
        flash(_("This browser can not be rung yet. Wait until it is ready, or choose the telephone."), REFUSED)
        return None
    if request.form.get("because") == LOST:
        set_activity(session, person, "unavailable", actor_of(person), "softphone lost")
        return _("You are away now: calls could not reach this browser any more.")
    set_activity(session, person, wanted, actor_of(person))
    return None


@counsellor.post("/device")
@open_to(*ANSWERING)
@act(HERE)
def change_device() -> str | None:
    """The telephone on which children reach her."""
    person, line = the_person(), the_line()
    try:
        number = normalise_number(required("number"), line.helpline.helpline.country)
    except NumberNotUsable:
        flash(_("That is not a telephone number. Write it with its country code, such as +974 5500 0123."), REFUSED)
        return None
    set_device_number(line.keys, person, number)
    record_act(the_session(), actor=actor_of(person), action="staff.device_changed", subject=actor_of(person))
    return _("Your telephone number is saved.")
