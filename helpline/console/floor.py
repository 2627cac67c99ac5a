"""The shift lead's page: everything at once, by risk, and the acts of whoever watches."""

from uuid import UUID

from flask import Blueprint, Response, current_app, render_template
from flask_babel import get_locale
from flask_babel import gettext as _

from helpline import answering
from helpline.answering import Invalid
from helpline.console.acts import act, required, required_level
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.streaming import TOPIC, stream_changes
from helpline.feed.streams import Feed
from helpline.floor import view_floor
from helpline.handoff.views import list_open_handoffs

floor = Blueprint("floor", __name__, url_prefix="/floor")

WATCHING = answering.WATCHERS


@floor.get("")
@open_to(*WATCHING)
def page() -> str:
    """The whole page."""
    return render_template("console/floor.html", board=_draw_board())


@floor.get("/board")
@open_to(*WATCHING)
def board() -> str:
    """What moves, to be put in place of what is on the page."""
    return _draw_board()


def _draw_board() -> str:
    """Drawn once for all who read one language; it holds nothing that is one person's alone."""
    feed: Feed = current_app.extensions["feed"]
    language = str(get_locale())
    # Read before the database: what is drawn then is at least this new.
    version = feed.changes.version(TOPIC)
    return feed.snapshots.draw(("board", language), version, _render_board)


def _render_board() -> str:
    seen = view_floor(the_session(), the_line())
    seen["handoffs"] = list_open_handoffs(the_session(), the_line())
    people = {person["id"]: person["name"] for person in seen["counsellors"]}
    return render_template("console/board.html", floor=seen, people=people, free=free_counsellors(seen))


def free_counsellors(seen: dict) -> list[dict]:
    """Those who could be offered a contact now."""
    return [person for person in seen["counsellors"] if person["activity"] == "available" and not person["contact"]]


@floor.get("/stream")
@open_to(*WATCHING)
def stream() -> Response:
    """Tells the page that something has changed."""
    return stream_changes()


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
