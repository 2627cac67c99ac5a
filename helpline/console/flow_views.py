"""What the flow pages show: versions with the people behind them, a walk as it is heard, faults with their lines."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import abort
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.flow_book.book import FlowBook
from helpline.flow_book.drafts import find_draft, find_proposal
from helpline.flow_book.hearing import hear
from helpline.flow_book.models import FlowDraft, FlowVersion
from helpline.flow_book.publishing import SHIPPED_BY, not_taken_over
from helpline.flow_book.risk import asks_about_risk
from helpline.flow_book.versions import find_version, list_versions, next_version
from helpline.staff.models import Staff
from ivr_flows.events import Event, Listen, Pause, Say, SignalNoted
from ivr_flows.faults import Fault
from ivr_flows.library import Library
from ivr_flows.model import Conditions
from ivr_flows.walk import walk

DRAFT, SHIPPED = "draft", "shipped"
MOST_KEYS = 60
LINE = re.compile(r"\bline (\d+)")


@dataclass(frozen=True)
class Shown:
    """One text of a flow to look at: a version, or the draft. `library` is None when it can not be read."""

    name: str
    version: int
    source: str
    library: Library | None


def list_flows(session: Session, book: FlowBook) -> list[dict]:
    """Every flow: what is in force, what is wrong with it, and whether a draft or a wish to publish waits."""
    return [_describe_flow(session, book, name) for name in book.library.current]


def _describe_flow(session: Session, book: FlowBook, name: str) -> dict:
    flow = book.library.current[name]
    draft = find_draft(session, name)
    rows = list_versions(session, name)
    return {
        "name": name,
        "kind": flow.kind,
        "version": flow.version,
        "change": flow.change,
        "since": next((row.published_at for row in rows if row.version == flow.version), None),
        "faults": faults_of(book, name),
        "newer_shipped": not_taken_over(session, book, name) is not None,
        "draft": draft,
        "proposal": find_proposal(session, draft),
        "two_people": asks_about_risk(flow),
        "in_queue": flow.kind == "waiting",
    }


def faults_of(book: FlowBook, name: str) -> list[Fault]:
    """Why newer versions of a flow were passed over."""
    return [fault for fault in book.edition.faults if fault.file == f"flows/{name}.toml"]


def list_story(session: Session, book: FlowBook, name: str) -> list[dict]:
    """The versions of a flow, newest first, each with the names of the people behind it."""
    rows = list_versions(session, name)
    names = names_of(session, [who for row in rows for who in (row.published_by, row.approved_by) if who])
    in_force = book.library.current[name].version
    return [_describe_version(row, names, in_force) for row in rows]


def _describe_version(row: FlowVersion, names: Mapping[str, str], in_force: int) -> dict:
    return {
        "version": row.version,
        "at": row.published_at,
        "by": names[row.published_by],
        "approved_by": names.get(row.approved_by),
        "change": row.change,
        "in_force": row.version == in_force,
    }


def names_of(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """The names behind 'staff:7', 'operator' and 'program'."""
    ids = {int(actor.removeprefix("staff:")) for actor in actors if actor.startswith("staff:")}
    people = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids))) if ids else ()
    known = {SHIPPED_BY: _("came with the program"), "operator": _("on the command line")}
    return {actor: actor for actor in actors} | known | {f"staff:{number}": name for number, name in people}


def choose_text(session: Session, book: FlowBook, name: str, wanted: str) -> Shown:
    """The text that an address asks for: 'draft', 'shipped', a version, or '' for the one in force. 404 if none."""
    present = book.library.current.get(name) or abort(404)
    if wanted == SHIPPED:
        source = not_taken_over(session, book, name) or abort(404)
        return _read(book, name, next_version(session, book, name), source)
    if wanted == DRAFT:
        draft: FlowDraft = find_draft(session, name) or abort(404)
        return _read(book, name, next_version(session, book, name), draft.source)
    if wanted and not wanted.isdecimal():
        abort(404)
    version = int(wanted or present.version)
    row = find_version(session, name, version)
    if row:
        return _read(book, name, version, row.source)
    shipped = book.shipped.read_source(name) if version == present.version else None
    return _read(book, name, version, shipped) if shipped else abort(404)


def _read(book: FlowBook, name: str, version: int, source: str) -> Shown:
    return Shown(name, version, source, book.read_version(name, version, source))


def list_texts(session: Session, book: FlowBook, name: str) -> list[str]:
    """What may be looked at: 'draft' if there is one, the versions, newest first, and 'shipped' if it is another."""
    versions = [str(row.version) for row in list_versions(session, name)] or [str(book.library.current[name].version)]
    draft = [DRAFT] if find_draft(session, name) else []
    return [*draft, *versions, *([SHIPPED] if not_taken_over(session, book, name) else [])]


def with_lines(faults: Sequence[Fault], name: str, source: str) -> list[dict]:
    """Faults of a text in the order of its lines, each with the line it stands on; those of other files first."""
    lines = source.splitlines()
    told = []
    for fault in faults:
        own = fault.file == f"flows/{name}.toml"
        found = LINE.search(f"{fault.place} {fault.text}") if own else None
        number = min(int(found[1]), len(lines)) if found else 0
        text = lines[number - 1].strip() if number else ""
        place = fault.place if own else f"{fault.file}, {fault.place}"
        told.append({"line": number, "text": text, "place": place, "what": fault.text})
    return sorted(told, key=lambda one: one["line"])


def take_walk(
    shown: Shown, keys: Sequence[str], language: str, conditions: Conditions, values: Mapping[str, str]
) -> list[dict]:
    """The walk as a list of steps: what was pressed, and what is heard, noted and awaited then."""
    transcript = walk(shown.library, shown.name, keys[:MOST_KEYS], language, conditions)
    return [
        {
            "pressed": pressed,
            "events": [told for event in step.events for told in _tell_event(shown.library, event, values)],
            "listens": next((event.timeout_s for event in step.events if isinstance(event, Listen)), None),
            "outcome": step.outcome,
            "flow": step.state.flow,
            "node": step.state.node,
        }
        for pressed, step in transcript.steps
    ]


def _tell_event(library: Library, event: Event, values: Mapping[str, str]) -> list[dict]:
    match event:
        case Say(prompts) | Listen(prompts):
            return [
                {"kind": "heard", "text": one.text, "language": one.language.code, "direction": one.language.direction}
                for one in hear(library, prompts, values)
            ]
        case Pause(seconds):
            return [{"kind": "pause", "seconds": seconds}]
        case SignalNoted(name):
            return [{"kind": "signal", "name": name}]
    return []
