"""Those we did not get to talk with: the list, and one of them with what is safe and what was tried."""

from uuid import UUID

from flask import Blueprint, Response, abort, render_template

from config.calendar_file import WEEKDAYS
from helpline.audit.record import record_act
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.streaming import stream_news
from helpline.contacts.missed import ENDINGS, MissedContact
from helpline.contacts.stages import ContactNotFound
from helpline.feed.streams import write_event
from helpline.floor import view_missed, view_missed_row
from helpline.following_up import WATCHERS, read_row_notes
from helpline.outbox.bell import commit

missed_pages = Blueprint("missed_pages", __name__, url_prefix="/missed")

WORKING = ("counsellor", *WATCHERS)


@missed_pages.get("")
@open_to(*WORKING)
def page() -> str:
    """The whole list, the one that is due first on top."""
    return render_template("console/missed.html", board=_draw_board())


@missed_pages.get("/board")
@open_to(*WORKING)
def board() -> str:
    """The list alone, for the page that keeps it fresh."""
    return _draw_board()


@missed_pages.get("/stream")
@open_to(*WORKING)
def stream() -> Response:
    """That something has changed; the page then fetches the list, which shows each person what they may do."""
    return stream_news(lambda _reading, version: write_event("changed", version, "{}"))


def _draw_board() -> str:
    seen = view_missed(the_session(), the_line())
    watching = the_person().role in WATCHERS
    return render_template("console/missed_board.html", missed=seen["missed"], watching=watching)


@missed_pages.get("/<uuid:missed_id>")
@open_to(*WORKING)
def row(missed_id: UUID) -> str:
    """One of them. Nothing is shown unless the look could be written down."""
    session, line, person = the_session(), the_line(), the_person()
    try:
        seen = view_missed_row(session, line, missed_id, person)
    except ContactNotFound:
        abort(404)
    record_act(session, actor=f"staff:{person.id}", action="missed.read", subject=f"missed:{missed_id}")
    commit(session, line.bell)
    plans = {plan["channel"]: plan for plan in seen["plans"]}
    return render_template(
        "console/missed_row.html",
        row=seen,
        notes=read_row_notes(line, session.get_one(MissedContact, missed_id)),
        plan=plans.get("voice"),
        plans=plans,
        weekdays=WEEKDAYS,
        endings=[ending for ending in ENDINGS if ending != "talked"],
        limits=line.helpline.calling_back,
        watching=person.role in WATCHERS,
        answering=person.role in ("counsellor", "shift_lead"),
    )
