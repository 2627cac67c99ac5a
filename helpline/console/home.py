"""The way in and out: where each role begins, the language switch, and signing out."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_security import current_user, logout_user

from helpline.audit.record import record_act
from helpline.console.guard import anyone_signed_in, open_to_everyone, the_line, the_person, the_session
from helpline.console.languages import CHOSEN_LANGUAGE, NAMES
from helpline.live_queue.reservations import find_active
from helpline.outbox.bell import commit
from helpline.staff.activity import set_activity

home = Blueprint("home", __name__, template_folder="templates")

FIRST_PAGES = {"counsellor": "counsellor.console", "shift_lead": "floor.page", "administrator": "flow_pages.overview"}


@home.get("/")
@anyone_signed_in
def start() -> str | Response:
    """Each role begins where it works."""
    page = FIRST_PAGES.get(the_person().role)
    return redirect(url_for(page), 303) if page else render_template("console/no_page_yet.html")


@home.post("/language")
@open_to_everyone
def choose_language() -> Response:
    """Read the console in another language, from now on and everywhere."""
    chosen = request.form.get("language", "")
    if chosen not in NAMES:
        abort(400)
    if current_user.is_authenticated:
        the_person().interface_language = chosen
        commit(the_session(), the_line().bell)
    else:
        session[CHOSEN_LANGUAGE] = chosen
    return redirect(_own_path(request.form.get("back", "")), 303)


@home.post("/sign-out")
@anyone_signed_in
def sign_out() -> Response:
    """Leave. Whoever still has a child is told so and stays, unless they say again that they want to go."""
    person, database = the_person(), the_session()
    if find_active(database, counsellor_id=person.id) and request.form.get("sure") != "yes":
        flash(
            _("You still have a contact. Finish it first, or sign out anyway and leave it to the shift lead."), "sure"
        )
        return redirect(url_for("home.start"), 303)
    actor = f"staff:{person.id}"
    set_activity(database, person, "offline", actor)
    record_act(database, actor=actor, action="staff.signed_out", subject=actor)
    commit(database, the_line().bell)
    logout_user()
    session.clear()
    answer = redirect(url_for("security.login"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _own_path(path: str) -> str:
    """Where to go back to: a path of ours, never another site."""
    return path if path.startswith("/") and not path.startswith("//") and "\\" not in path else "/"
