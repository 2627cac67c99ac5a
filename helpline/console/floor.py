"""The shift lead's page: everything at once, by risk, and the acts of whoever watches."""

import json
from uuid import UUID

from flask import Blueprint, Response, render_template
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from helpline import answering
from helpline.answering import Invalid
from helpline.console.acts import act, required, required_level
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.streaming import stream_news, the_feed
from helpline.feed.streams import write_event
from helpline.floor import view_floor
from helpline.handoff.views import list_open_handoffs

floor = Blueprint("floor", __name__, url_prefix="/floor")

WATCHING = answering.WATCHERS


@floor.get("")
@open_to(*WATCHING)
def page() -> str:
    """The whole page."""
    return render_template("console/floor.html", board=_draw_board(the_session()))


@floor.get("/board")
@open_to(*WATCHING)
def board() -> str:
    """What moves, for a page that has no stream."""
    return _draw_board(the_session())


@floor.get("/stream")
@open_to(*WATCHING)
def stream() -> Response:
    """What moves, as it moves: drawn once for all who read one language, since it is nobody's own."""
    language = str(get_locale())

    def write(session: Session, version: int) -> bytes:
        drawn = the_feed().snapshots.draw(("board", language), version, lambda: json.dumps(_draw_board(session)))
        return write_event("drawn", version, drawn)

    return stream_news(write)


def _draw_board(session: Session) -> str:
    line = the_line()
    seen = view_floor(session, line) | {"handoffs": list_open_handoffs(session, line)}
    people = {person["id"]: person["name"] for person in seen["counsellors"]}
    return render_template("console/board.html", floor=seen, people=people)


def free_counsellors(seen: dict) -> list[dict]:
    """Those who could be offered a contact now."""
    return [person for person in seen["counsellors"] if person["activity"] == "available" and not person["contact"]]


@floor.post("/contacts/<uuid:contact_id>/offer")
@open_to(*WATCHING)
@act("floor.page")
def offer(contact_id: UUID) -> str:
    """Offer a waiting contact to a counsellor by name."""
    chosen = required("counsellor")
    if not chosen.isdecimal():
        raise Invalid("counsellor")
    answering.offer_to_named(the_session(), the_line(), the_person(), contact_id, int(chosen))
    return _("Offered.")


@floor.post("/contacts/<uuid:contact_id>/level")
@open_to(*WATCHING)
@act("floor.page")
def set_level(contact_id: UUID) -> str:
    """A person's judgement of the risk, with a reason."""
    answering.set_level(the_session(), the_line(), the_person(), contact_id, required_level(), required("reason"))
    return _("The level is changed.")
