"""What a person does about one of those we did not get to talk with. Each act is one POST."""

from uuid import UUID

from flask import Blueprint, request
from flask_babel import gettext as _

from helpline import following_up, writing_first
from helpline.console.acts import act, required
from helpline.console.counsellor import ANSWERING, HERE
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.missed_pages import WORKING
from helpline.contacts.safe_plans import WhatIsSafe, read_hours
from helpline.contacts.stages import Invalid

missed_acts = Blueprint("missed_acts", __name__)

LIST = "missed_pages.page"
SAID_SAFE = {"yes": True, "no": False}


@missed_acts.post("/missed/<uuid:missed_id>/take")
@open_to(*WORKING)
@act(LIST)
def take(missed_id: UUID) -> str:
    """Look after it from now on."""
    following_up.take_row(the_session(), the_line(), the_person(), missed_id)
    return _("You look after this one now.")


@missed_acts.post("/missed/<uuid:missed_id>/note")
@open_to(*WORKING)
@act(LIST)
def note(missed_id: UUID) -> str:
    """Add a note."""
    following_up.note_row(the_session(), the_line(), the_person(), missed_id, required("words"))
    return _("The note is saved.")


@missed_acts.post("/missed/<uuid:missed_id>/plan")
@open_to(*WORKING)
@act(LIST)
def record_plan(missed_id: UUID) -> str:
    """Record how the child can be reached safely."""
    form = request.form
    safe = WhatIsSafe(
        channel=required("channel"),
        hours=read_hours(form.getlist("days"), required("start"), required("end")),
        words=form.get("words", ""),
        may_pick_up=form.get("may_pick_up", ""),
        may_name_us="may_name_us" in form,
        may_leave_message="may_leave_message" in form,
    )
    days = required("lasts_days")
    if not days.isdecimal():
        raise Invalid("lasts_days")
    following_up.record_safe_plan(the_session(), the_line(), the_person(), missed_id, safe, int(days))
    return _("What is safe is recorded.")


@missed_acts.post("/missed/<uuid:missed_id>/plan/withdraw")
@open_to(*WORKING)
@act(LIST)
def withdraw_plan(missed_id: UUID) -> str:
    """It is not safe any more."""
    following_up.withdraw_safe_plan(the_session(), the_line(), the_person(), missed_id, required("channel"))
    return _("Recorded: nobody may be reached so any more.")


@missed_acts.post("/missed/<uuid:missed_id>/call-back")
@open_to(*ANSWERING)
@act(HERE)
def call_back(missed_id: UUID) -> None:
    """Call back now: her own phone rings first."""
    why = request.form.get("why_past_hours", "")
    following_up.call_back(the_session(), the_line(), the_person(), missed_id, why)


@missed_acts.post("/missed/<uuid:missed_id>/write-first")
@open_to(*ANSWERING)
@act(HERE)
def write_first(missed_id: UUID) -> str:
    """Write the agreed words now; the conversation is hers."""
    why = request.form.get("why_past_hours", "")
    writing_first.write_first(the_session(), the_line(), the_person(), missed_id, why)
    return _("The agreed words are being sent. Anything else waits until an answer has come.")


@missed_acts.post("/missed/<uuid:missed_id>/close")
@open_to(*WORKING)
@act(LIST)
def close(missed_id: UUID) -> str:
    """Nothing is left to do."""
    following_up.close_missed(the_session(), the_line(), the_person(), missed_id, required("ending"))
    return _("Settled, and off the list.")


@missed_acts.post("/console/contacts/<uuid:contact_id>/call-off")
@open_to(*ANSWERING)
@act(HERE)
def call_off(contact_id: UUID) -> str:
    """Stop calling back."""
    following_up.call_off(the_session(), the_line(), the_person(), contact_id)
    return _("Called off.")


@missed_acts.post("/console/contacts/<uuid:contact_id>/wanted-back")
@open_to(*ANSWERING)
@act(HERE)
def want_back(contact_id: UUID) -> str:
    """The child of this talk wants to be called or written back."""
    following_up.write_down_wish(
        the_session(),
        the_line(),
        the_person(),
        contact_id,
        channel=required("channel"),
        safe=SAID_SAFE.get(request.form.get("said_safe", "")),
    )
    return _("Written down. It stands on the list of missed contacts; nothing goes out by itself.")
