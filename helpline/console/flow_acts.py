"""Changing what children hear: save a draft, publish it with two people, go back. Each act is on record."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from helpline.answering import actor_of
from helpline.console.acts import DONE, REFUSED, act, required
from helpline.console.flow_pages import READING, WRITING, show_draft
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.contacts.stages import Invalid
from helpline.flow_book import drafts, publishing
from helpline.flow_book.drafts import DraftNotKept, DraftTooLong
from helpline.flow_book.models import FlowVersion
from helpline.outbox.bell import commit, roll_back
from helpline.proving import prove_draft

flow_acts = Blueprint("flow_acts", __name__, url_prefix="/flows")

LONGEST_LINE = 200
PAGE, DRAFT_PAGE = "flow_pages.page", "flow_pages.draft"


@flow_acts.post("/<flow>/draft")
@open_to(*WRITING)
def save(flow: str) -> Response | tuple[str, int]:
    """Keep the draft. Where somebody else has saved meanwhile, nothing that was typed is lost."""
    session, line = the_session(), the_line()
    _known(flow)
    source = request.form.get("source", "").replace("\r\n", "\n")
    try:
        drafts.save_draft(session, flow, source, seen=_seen(), actor=actor_of(the_person()))
    except DraftNotKept:
        roll_back(session)
        return show_draft(flow, own_text=source), 409
    except DraftTooLong:
        roll_back(session)
        flash(_("That could not be saved as it is: something is missing or too long."), REFUSED)
    else:
        commit(session, line.bell)
        flash(_("The draft is saved. Nobody hears it yet."), DONE)
    return redirect(url_for(DRAFT_PAGE, flow=flow), 303)


@flow_acts.post("/<flow>/throw-away")
@open_to(*WRITING)
@act(PAGE, "flow")
def throw_away(flow: str) -> str:
    """Give the draft up."""
    drafts.throw_away(the_session(), _known(flow), seen=_seen_draft(), actor=actor_of(the_person()))
    return _("The draft is thrown away.")


@flow_acts.post("/<flow>/publish")
@open_to(*WRITING)
@act(DRAFT_PAGE, "flow")
def publish(flow: str) -> str:
    """Publish the draft, or ask a second person to where risk is asked about."""
    session, line = the_session(), the_line()
    change, actor = _one_line("change"), actor_of(the_person())
    prove_draft(session, line, _known(flow), seen=_seen_draft())
    done = publishing.ask_to_publish(session, line.book, _known(flow), change, seen=_seen_draft(), actor=actor)
    if isinstance(done, FlowVersion):
        return _("Version %(version)s is in force for every call that begins now.", version=done.version)
    return _("Somebody else now reads the draft and approves it.")


@flow_acts.post("/<flow>/approve")
@open_to(*READING)
@act(DRAFT_PAGE, "flow")
def approve(flow: str) -> str:
    """The second person has read it."""
    session, line = the_session(), the_line()
    prove_draft(session, line, _known(flow), seen=_seen_draft())
    done = publishing.approve(session, line.book, _known(flow), seen=_seen_draft(), actor=actor_of(the_person()))
    return _("Version %(version)s is in force for every call that begins now.", version=done.version)


@flow_acts.post("/<flow>/send-back")
@open_to(*READING)
@act(DRAFT_PAGE, "flow")
def send_back(flow: str) -> str:
    """The second person does not agree, and says why."""
    note = _one_line("note")
    publishing.send_back(the_session(), _known(flow), note, seen=_seen_draft(), actor=actor_of(the_person()))
    return _("The draft is sent back.")


@flow_acts.post("/<flow>/go-back")
@open_to(*WRITING)
@act(PAGE, "flow")
def go_back(flow: str) -> str:
    """Put an earlier version in force again."""
    session, line = the_session(), the_line()
    version, reason = required("version"), _one_line("reason")
    if not version.isdecimal():
        raise Invalid("version")
    actor = actor_of(the_person())
    done = publishing.go_back(session, line.book, _known(flow), int(version), reason, actor=actor)
    return _("Version %(version)s is in force for every call that begins now.", version=done.version)


def _known(flow: str) -> str:
    return flow if flow in the_line().flows.current else abort(404)


def _seen() -> int | None:
    """The draft that the page was drawn with."""
    seen = request.form.get("seen", "")
    return int(seen) if seen.isdecimal() else None


def _seen_draft() -> int:
    seen = _seen()
    if seen is None:
        raise Invalid("seen")
    return seen


def _one_line(field: str) -> str:
    words = required(field)
    if len(words) > LONGEST_LINE:
        raise Invalid(field)
    return words
