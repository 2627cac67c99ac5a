"""What children hear: every flow as a picture, walked through, compared, and as a draft. Pages only, no acts."""

from flask import Blueprint, abort, render_template, request
from flask_babel import get_locale

from helpline.console.flow_views import (
    DRAFT,
    choose_text,
    faults_of,
    list_flows,
    list_story,
    list_texts,
    names_of,
    take_walk,
    with_lines,
)
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.flow_book.book import FlowBook
from helpline.flow_book.comparing import compare_heard, compare_texts
from helpline.flow_book.drafts import check_draft, find_draft, find_proposal
from helpline.flow_book.publishing import needs_two
from helpline.flow_book.risk import asks_about_risk
from ivr_flows.graph import draw
from ivr_flows.model import Conditions

flow_pages = Blueprint("flow_pages", __name__, url_prefix="/flows")

READING, WRITING = ("shift_lead", "administrator"), ("administrator",)
WHEN = {
    "open": Conditions(open=True),
    "closed": Conditions(open=False),
    "surge": Conditions(open=True, surge=True),
    "outage": Conditions(open=True, outage=True),
}


@flow_pages.get("")
@open_to(*READING)
def overview() -> str:
    """Every flow, with the version in force, its faults, and what waits for a second person."""
    book = _book_up_to_date()
    others = [fault for fault in book.edition.faults if not fault.file.startswith("flows/")]
    return render_template(
        "console/flows.html",
        flows=list_flows(the_session(), book),
        other_faults=others,
        minimal=bool(book.library.instead),
    )


@flow_pages.get("/<flow>")
@open_to(*READING)
def page(flow: str) -> str:
    """One flow: its picture and its versions."""
    session, book = the_session(), _book_up_to_date()
    shown = choose_text(session, book, flow, request.args.get("version", ""))
    draft = find_draft(session, flow)
    return render_template(
        "console/flow.html",
        flow=flow,
        shown=shown,
        picture=draw(shown.library.current[flow], shown.library, _shown_language(book)) if shown.library else "",
        story=list_story(session, book, flow),
        present=book.library.current[flow],
        newest=max((row["version"] for row in list_story(session, book, flow)), default=0),
        two_people=asks_about_risk(book.library.current[flow]),
        faults=faults_of(book, flow),
        draft=draft,
        proposal=find_proposal(session, draft),
        may_write=the_person().role in WRITING,
    )


@flow_pages.get("/<flow>/walk")
@open_to(*READING)
def walk(flow: str) -> str:
    """Step through a version or the draft: press keys, and see what a child hears."""
    session, book = the_session(), _book_up_to_date()
    wanted, when = request.args.get("version", ""), request.args.get("when", "open")
    shown = choose_text(session, book, flow, wanted)
    keys, language = request.args.getlist("keys"), request.args.get("language", "")
    if when not in WHEN or (language and language not in book.library.speech):
        abort(400)
    values = the_line().speaker.values
    return render_template(
        "console/flow_walk.html",
        flow=flow,
        shown=shown,
        wanted=wanted or str(shown.version),
        texts=list_texts(session, book, flow),
        steps=take_walk(shown, keys, language, WHEN[when], values) if shown.library else [],
        keys=keys,
        language_known=language,
        languages=book.library.speech.values(),
        when=when,
        moments=list(WHEN),
        signs=_list_signs(shown.library.current[flow].kind if shown.library else ""),
    )


@flow_pages.get("/<flow>/compare")
@open_to(*READING)
def compare(flow: str) -> str:
    """Two versions beside each other: what a child hears, language by language, and the lines of the texts."""
    session, book = the_session(), _book_up_to_date()
    texts = list_texts(session, book, flow) if flow in book.library.current else abort(404)
    after = choose_text(session, book, flow, request.args.get("after", texts[0]))
    before = choose_text(session, book, flow, request.args.get("before", texts[min(1, len(texts) - 1)]))
    readable = before.library and after.library
    values = the_line().speaker.values
    heard = [
        (language, compare_heard(before.library, after.library, flow, language.code, values))
        for language in (book.library.speech.values() if readable else ())
    ]
    return render_template(
        "console/flow_compare.html",
        flow=flow,
        texts=texts,
        before=request.args.get("before", texts[min(1, len(texts) - 1)]),
        after=request.args.get("after", texts[0]),
        readable=readable,
        heard=heard,
        changes=compare_texts(before.source, after.source),
    )


@flow_pages.get("/<flow>/draft")
@open_to(*READING)
def draft(flow: str) -> str:
    """The draft: to write it, or to read it as the second person."""
    return show_draft(flow)


def show_draft(flow: str, own_text: str | None = None) -> str:
    """The draft's page. `own_text` is what its writer had typed when somebody else saved first."""
    session, book = the_session(), _book_up_to_date()
    kept = find_draft(session, flow)
    in_force = choose_text(session, book, flow, "")
    source = own_text if own_text is not None else kept.source if kept else in_force.source
    checked = check_draft(session, book, flow, source)
    proposal = find_proposal(session, kept)
    names = names_of(session, [kept.saved_by, *([proposal.asked_by] if proposal else [])] if kept else [])
    return render_template(
        "console/flow_draft.html",
        flow=flow,
        source=source,
        kept=kept,
        saved_by=names.get(kept.saved_by) if kept else None,
        moved_on=own_text is not None,
        changed=source != in_force.source,
        present=in_force.version,
        checked=checked,
        faults=with_lines(checked.faults, flow, source),
        two_people=needs_two(book, flow, checked),
        proposal=proposal,
        asked_by=names.get(proposal.asked_by) if proposal else None,
        asked_by_me=bool(proposal) and proposal.asked_by == f"staff:{the_person().id}",
        may_write=the_person().role in WRITING,
        DRAFT=DRAFT,
    )


def _list_signs(kind: str) -> list[str]:
    """What can be done at a point where the flow listens: keys, silence (''), speech ('~')."""
    return [] if kind == "text" else [*"123456789*0#", "", "~"]


def _shown_language(book: FlowBook) -> str:
    return book.library.known_language(str(get_locale()))


def _book_up_to_date() -> FlowBook:
    """This process's flows, with what was published a moment ago in another."""
    book = the_line().book
    book.take_up(the_session())
    return book
