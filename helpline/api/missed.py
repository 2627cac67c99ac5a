"""Those we did not get to talk with: the list, and what a person does about one of them."""

from uuid import UUID

from flask import Blueprint

from helpline import following_up, writing_first
from helpline.api.bodies import CallBack, MissedEnding, MissedNote, PlanChannel, SafePlanBody, WantedBack
from helpline.api.contacts import show
from helpline.api.guard import ANSWERING, allowed, the_caller, the_line, the_session
from helpline.api.reading import takes
from helpline.api.replies import answers
from helpline.api.seeing import see_contact
from helpline.api.shapes import Contact, MissedList, MissedRow
from helpline.audit.record import record_act
from helpline.contacts.missed import MissedContact
from helpline.contacts.safe_plans import WhatIsSafe, read_hours
from helpline.floor import view_missed, view_missed_row

routes = Blueprint("missed", __name__)


@routes.get("/missed")
@allowed(*ANSWERING)
@answers(MissedList)
def list_missed() -> dict:
    """Everybody we did not get to talk with and nobody has settled, the one that is due first on top."""
    return view_missed(the_session(), the_line())


@routes.get("/missed/<uuid:missed_id>")
@allowed(*ANSWERING)
@answers(MissedRow)
def show_missed(missed_id: UUID) -> dict:
    """One of them, for whoever has taken it and for those who watch the floor. That it was read is recorded."""
    return _show(missed_id)


@routes.post("/missed/<uuid:missed_id>/take")
@allowed(*ANSWERING)
@answers(MissedRow)
def take(missed_id: UUID) -> dict:
    """Look after it from now on."""
    following_up.take_row(the_session(), the_line(), the_caller(), missed_id)
    return _show(missed_id)


@routes.post("/missed/<uuid:missed_id>/notes")
@allowed(*ANSWERING)
@takes(MissedNote)
@answers(MissedRow)
def note(missed_id: UUID, body: MissedNote) -> dict:
    """Add a note."""
    following_up.note_row(the_session(), the_line(), the_caller(), missed_id, body.words)
    return _show(missed_id)


@routes.put("/missed/<uuid:missed_id>/plan")
@allowed(*ANSWERING)
@takes(SafePlanBody)
@answers(MissedRow)
def record_plan(missed_id: UUID, body: SafePlanBody) -> dict:
    """Record how the child can be reached safely. It takes the place of an earlier plan of the same channel."""
    hours = read_hours(body.days, body.start, body.end)
    facts = body.model_dump(include={"channel", "words", "may_pick_up", "may_name_us", "may_leave_message"})
    safe = WhatIsSafe(hours=hours, **facts)
    following_up.record_safe_plan(the_session(), the_line(), the_caller(), missed_id, safe, body.lasts_days)
    return _show(missed_id)


@routes.post("/missed/<uuid:missed_id>/plan/withdraw")
@allowed(*ANSWERING)
@takes(PlanChannel)
@answers(MissedRow)
def withdraw_plan(missed_id: UUID, body: PlanChannel) -> dict:
    """Record that it is not safe any more."""
    following_up.withdraw_safe_plan(the_session(), the_line(), the_caller(), missed_id, body.channel)
    return _show(missed_id)


@routes.post("/missed/<uuid:missed_id>/call-back")
@allowed(*ANSWERING)
@takes(CallBack, optional=True)
@answers(Contact, 201)
def call_back(missed_id: UUID, body: CallBack) -> dict:
    """Call back now, by the plan: your own phone rings first. Answers the contact that the call is.

    Outside the plan's hours only for a shift lead, who says why in `why_past_hours`.
    """
    return show(following_up.call_back(the_session(), the_line(), the_caller(), missed_id, body.why_past_hours or ""))


@routes.post("/missed/<uuid:missed_id>/write-first")
@allowed(*ANSWERING)
@takes(CallBack, optional=True)
@answers(Contact, 201)
def write_first(missed_id: UUID, body: CallBack) -> dict:
    """Send the words of the text plan now, and nothing else. Answers the conversation that begins with them.

    Outside the plan's hours only for a shift lead, who says why in `why_past_hours`.
    """
    why = body.why_past_hours or ""
    return show(writing_first.write_first(the_session(), the_line(), the_caller(), missed_id, why))


@routes.post("/missed/<uuid:missed_id>/close")
@allowed(*ANSWERING)
@takes(MissedEnding)
@answers(MissedRow)
def close(missed_id: UUID, body: MissedEnding) -> dict:
    """Nothing is left to do."""
    following_up.close_missed(the_session(), the_line(), the_caller(), missed_id, body.ending)
    return _show(missed_id)


@routes.post("/contacts/<uuid:contact_id>/call/off")
@allowed(*ANSWERING)
@answers(Contact)
def call_off(contact_id: UUID) -> dict:
    """Stop calling back, before whoever picks up has asked to be joined."""
    following_up.call_off(the_session(), the_line(), the_caller(), contact_id)
    return show(see_contact(contact_id))


@routes.post("/contacts/<uuid:contact_id>/wanted-back")
@allowed(*ANSWERING)
@takes(WantedBack)
@answers(Contact)
def want_back(contact_id: UUID, body: WantedBack) -> dict:
    """Write down that the child of an own contact wants to be called or written back. People do it, by a plan."""
    following_up.write_down_wish(
        the_session(), the_line(), the_caller(), contact_id, channel=body.channel, safe=body.said_safe
    )
    return show(see_contact(contact_id))


def _show(missed_id: UUID) -> dict:
    session, line, caller = the_session(), the_line(), the_caller()
    session.flush()
    view = view_missed_row(session, line, missed_id, caller)
    record_act(session, actor=f"staff:{caller.id}", action="missed.read", subject=f"missed:{missed_id}")
    return view | {"notes": following_up.read_row_notes(line, session.get_one(MissedContact, missed_id))}
