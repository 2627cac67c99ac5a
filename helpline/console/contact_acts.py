"""What a counsellor does with the child she is offered or talks with. Each act is one POST."""

from uuid import UUID

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from config.categories import Categories
from helpline import answering
from helpline.console.acts import REFUSALS, act, required, required_level
from helpline.console.counsellor import ANSWERING, HERE
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.notes import NotesChangedElsewhere, keep_both, save_notes
from helpline.console.stage import digest_of
from helpline.contacts.models import Contact
from helpline.contacts.stages import Invalid
from helpline.outbox.bell import commit, roll_back
from helpline.store.types import utc_now

contact_acts = Blueprint("contact_acts", __name__, url_prefix="/console")

WATCHING = ("counsellor", "shift_lead", "administrator")


@contact_acts.post("/reservations/<uuid:reservation_id>/accept")
@open_to(*ANSWERING)
@act(HERE)
def accept(reservation_id: UUID) -> None:
    """Take the offered child."""
    answering.accept(the_session(), the_line(), the_person(), reservation_id)


@contact_acts.post("/reservations/<uuid:reservation_id>/decline")
@open_to(*ANSWERING)
@act(HERE)
def decline(reservation_id: UUID) -> str:
    """Let the offer pass."""
    answering.decline(the_session(), the_line(), the_person(), reservation_id)
    return _("Passed on. The child keeps their place.")


@contact_acts.post("/contacts/<uuid:contact_id>/hold")
@open_to(*ANSWERING)
@act(HERE)
def hold(contact_id: UUID) -> None:
    """Put the child on hold, with a voice now and then, or take them back."""
    answering.hold(the_session(), the_line(), the_person(), contact_id, request.form.get("held") == "yes")


@contact_acts.post("/contacts/<uuid:contact_id>/ask")
@open_to(*ANSWERING)
@act(HERE)
def ask_by_key(contact_id: UUID) -> None:
    """Ask a child who can not speak; the answer comes as a key and shows on the page."""
    answering.ask_by_key(the_session(), the_line(), the_person(), contact_id, required("question"))


@contact_acts.post("/contacts/<uuid:contact_id>/level")
@open_to(*ANSWERING)
@act(HERE)
def set_level(contact_id: UUID) -> str:
    """A person's judgement of the risk, with a reason."""
    answering.set_level(the_session(), the_line(), the_person(), contact_id, required_level(), required("reason"))
    return _("The level is changed.")


@contact_acts.post("/contacts/<uuid:contact_id>/number")
@open_to(*WATCHING)
def reveal_number(contact_id: UUID) -> str | Response:
    """Show the number once, to whoever asked, with the reason on record. It is kept nowhere on the way."""
    session, line = the_session(), the_line()
    try:
        number = answering.reveal_number(session, line, the_person(), contact_id, required("reason"))
    except tuple(REFUSALS):
        roll_back(session)
        abort(404)
    commit(session, line.bell)
    return render_template("console/number.html", number=number)


@contact_acts.post("/contacts/<uuid:contact_id>/end")
@open_to(*ANSWERING)
@act(HERE)
def end_talk(contact_id: UUID) -> None:
    """End the call or the conversation; the record is written next."""
    answering.end_talk(the_session(), the_line(), the_person(), contact_id)


@contact_acts.post("/contacts/<uuid:contact_id>/texts")
@open_to(*ANSWERING)
@act(HERE)
def write_text(contact_id: UUID) -> None:
    """Write to the child."""
    answering.write_text(the_session(), the_line(), the_person(), contact_id, request.form.get("body", ""))


@contact_acts.post("/contacts/<uuid:contact_id>/notes")
@open_to(*ANSWERING)
def keep_notes(contact_id: UUID) -> Response | tuple[Response, int]:
    """Save the notes. The page's script gets JSON; a plain form gets its page back."""
    session, line, person = the_session(), the_line(), the_person()
    notes, seen = request.form.get("notes", ""), request.form.get("seen", "")
    from_script = request.accept_mimetypes.best == "application/json"
    try:
        digest = save_notes(session, line, person, contact_id, notes, seen)
    except NotesChangedElsewhere as other:
        if from_script:
            roll_back(session)
            return jsonify(notes=other.notes, seen=digest_of(other.notes)), 409
        keep_both(session, line, person, contact_id, notes, other.notes)
        digest = ""
    except tuple(REFUSALS):
        roll_back(session)
        return jsonify(), 410
    commit(session, line.bell)
    if from_script:
        return jsonify(seen=digest, saved_at=f"{utc_now().astimezone(line.helpline.zone):%H:%M:%S}")
    return redirect(url_for(HERE), 303)


@contact_acts.post("/contacts/<uuid:contact_id>/record")
@open_to(*ANSWERING)
@act(HERE)
def keep_record(contact_id: UUID) -> None:
    """Save what the contact was about."""
    _save_record(contact_id)


@contact_acts.post("/contacts/<uuid:contact_id>/closing-level")
@open_to(*ANSWERING)
@act(HERE)
def judge_afterwards(contact_id: UUID) -> str:
    """The counsellor's own judgement, one tap; only then the page shows what the rules made of it."""
    answering.judge_afterwards(the_session(), the_person(), contact_id, required_level())
    return _("Your judgement is kept.")


@contact_acts.post("/contacts/<uuid:contact_id>/finish")
@open_to(*ANSWERING)
@act(HERE)
def finish(contact_id: UUID) -> str:
    """The record is complete: close the contact and be free for the next child."""
    if not _save_record(contact_id).record.get("category"):
        raise Invalid("choose a category before finishing")
    answering.finish(the_session(), the_line(), the_person(), contact_id)
    return _("The record is saved. You are free for the next child.")


def _save_record(contact_id: UUID) -> Contact:
    fields = _read_record(current_app.extensions["categories"])
    return answering.save_record(the_session(), the_line(), the_person(), contact_id, fields)


def _read_record(categories: Categories) -> dict:
    """The fields of the form that may be saved, each with a code that exists."""
    kind = categories.find_call_type(request.form.get("call_type", ""))
    chosen = request.form.get("category", "")
    if kind and not kind.about:
        # A silent or mistaken call is about nothing; its type says all there is to say.
        return {"call_type": kind.code, "category": kind.code}
    found = categories.find(chosen)
    fields = {"call_type": kind.code} if kind else {}
    return fields | ({"category": chosen} if found else {})
