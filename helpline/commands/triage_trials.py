"""`triage shadow start|stop|report`, `promote`, `versions`, `rollback`: changed rules, tried and put in force."""

from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from helpline.commands.output import as_json, show
from helpline.commands.triage_review import triage
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.reviewing.report import Change, TrialReport, report_trial
from helpline.rule_book import promoting
from helpline.rule_book.candidates import (
    NothingNew,
    NothingOnTrial,
    RulesHaveFaults,
    find_candidate,
    find_proposal,
    read_ahead,
    start_trial,
    stop_trial,
)
from helpline.rule_book.editions import SHIPPED, read_files
from helpline.rule_book.models import RuleCandidate, RulePublication
from helpline.store.db import db
from triage.rule_file import RulesInvalid

ACTOR = "operator"
REFUSALS = {
    NothingOnTrial: "no rules are on trial; see `triage shadow start`",
    NothingNew: "these are the rules in force, or on trial, already",
    promoting.AskedAlready: "somebody has asked already; another person approves on the rules page",
    promoting.NoWayBack: "there is no such way back; see `triage versions`",
}

why = click.option("--reason", required=True, help="Why, in a line; it is kept.")

__all__ = ["triage"]


@triage.group("shadow")
def shadow() -> None:
    """Changed rules that run beside the live ones and only say what they would have said."""


@shadow.command("start")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@why
@as_json
@with_appcontext
def start(folder: Path, reason: str, as_json: bool) -> None:
    """Keep the rule files of FOLDER as they are now, and try them on every contact from now on."""
    line: Line = current_app.extensions["helpline"]
    try:
        files = read_files(folder)
    except RulesInvalid as error:
        raise click.ClickException(str(error)) from error
    candidate = _do(line, lambda: start_trial(db.session(), line.rule_book, files, reason, ACTOR))
    show(
        _describe(candidate),
        as_json,
        lambda: [f"Trial {candidate.id} of {_short(candidate.version)} has begun. It changes nothing."],
    )


@shadow.command("stop")
@why
@as_json
@with_appcontext
def stop(reason: str, as_json: bool) -> None:
    """End the trial. What it has shown stays on record."""
    line: Line = current_app.extensions["helpline"]
    candidate = _do(line, lambda: stop_trial(db.session(), reason, actor=ACTOR))
    show(_describe(candidate), as_json, lambda: [f"Trial {candidate.id} of {_short(candidate.version)} has ended."])


@shadow.command("report")
@as_json
@with_appcontext
def report(as_json: bool) -> None:
    """Every contact whose level would change under the rules on trial, lowerings first, with both sets of reasons."""
    session = db.session()
    candidate = find_candidate(session)
    if candidate is None:
        raise click.ClickException(REFUSALS[NothingOnTrial])
    found = report_trial(session, candidate)
    wish = find_proposal(session, candidate)
    facts = _describe(candidate) | {"promotion_asked_by": wish.asked_by if wish else None} | _count(found)
    facts["changes"] = [_to_facts(change) for change in found.changes]
    show(facts, as_json, lambda: _tell(candidate, found))


@triage.command("promote")
@why
@as_json
@with_appcontext
def promote(reason: str, as_json: bool) -> None:
    """Ask that the rules on trial be put in force. Another person approves it, on the rules page."""
    line: Line = current_app.extensions["helpline"]
    read_ahead(db.session())
    wish = _do(line, lambda: promoting.ask_to_promote(db.session(), line.rule_book, reason, actor=ACTOR))
    facts = {"candidate": wish.candidate_id, "asked_by": wish.asked_by}
    show(facts, as_json, lambda: ["Asked. A shift lead or an administrator approves it on the rules page."])


@triage.command("versions")
@as_json
@with_appcontext
def versions(as_json: bool) -> None:
    """The rules that were ever in force, newest first; 0 are the files that came with the program."""
    line: Line = current_app.extensions["helpline"]
    line.rule_book.take_up(db.session())
    in_force = line.rule_book.edition.in_force
    facts = [_describe_version(row, in_force) for row in promoting.list_publications(db.session())]
    shipped = {"number": SHIPPED, "in_force": in_force == SHIPPED, "version": line.rule_book.shipped.version}
    facts.append(shipped | dict.fromkeys(("published_at", "asked_by", "approved_by", "restores", "change")))
    show(facts, as_json, lambda: [*map(_tell_version, facts), *line.rule_book.edition.faults])


@triage.command("rollback")
@why
@click.option("--to", type=int, help="A number of `triage versions`; the one before the present rules if not given.")
@as_json
@with_appcontext
def rollback(reason: str, to: int | None, as_json: bool) -> None:
    """Put the rules in force again that were before the present ones. Contacts under way keep their levels."""
    line: Line = current_app.extensions["helpline"]
    row = _do(line, lambda: promoting.roll_back(db.session(), line.rule_book, reason, to=to, actor=ACTOR))
    told = f"{_short(row.version)} is in force within seconds."
    show(_describe_version(row, row.id), as_json, lambda: [told])


def _do(line: Line, act):
    try:
        done = act()
    except RulesHaveFaults as error:
        raise click.ClickException(f"these rules have faults:\n{error}") from error
    except tuple(REFUSALS) as error:
        raise click.ClickException(REFUSALS[type(error)]) from error
    commit(db.session(), line.bell)
    return done


def _describe(candidate: RuleCandidate) -> dict[str, Any]:
    return {
        "candidate": candidate.id,
        "version": candidate.version,
        "reason": candidate.reason,
        "made_by": candidate.made_by,
        "made_at": candidate.made_at,
    }


def _count(found: TrialReport) -> dict[str, Any]:
    return {"compared": found.compared, "lowered": found.lowered, "raised": found.raised, "faulty": found.faulty}


def _to_facts(change: Change) -> dict[str, Any]:
    return {
        "contact_id": change.contact_id,
        "opened_at": change.opened_at,
        "channel": change.channel,
        "language": change.language,
        "live_level": change.live_level,
        "shadow_level": change.shadow_level,
        "closing_level": change.closing_level,
        "live_reasons": list(change.live_reasons),
        "shadow_reasons": list(change.shadow_reasons),
    }


def _tell(candidate: RuleCandidate, found: TrialReport) -> list[str]:
    counts = ", ".join(f"{count} {name}" for name, count in _count(found).items())
    lines = [f"{_short(candidate.version)}, since {candidate.made_at:%Y-%m-%d %H:%M}: {counts}."]
    for change in found.changes:
        mark = "LOWER " if change.steps < 0 else "higher"
        lines.append(
            f"{mark}  {change.contact_id}  {change.live_level} -> {change.shadow_level}{_tell_judgement(change)}"
        )
        for name, reasons in (("live ", change.live_reasons), ("trial", change.shadow_reasons)):
            lines += [f"    {name}  {reason['rule']}: {reason['text']['en']}" for reason in reasons]
    return lines


def _tell_judgement(change: Change) -> str:
    return f"  (counsellor afterwards: {change.closing_level})" if change.closing_level else ""


def _short(version: str) -> str:
    """The fingerprint of the content: for people the declared versions of all files say less, at far greater length."""
    return version.rpartition("@")[2]


def _describe_version(row: RulePublication, in_force: int | None) -> dict[str, Any]:
    return {
        "number": row.id,
        "in_force": row.id == in_force,
        "version": row.version,
        "published_at": row.published_at,
        "asked_by": row.asked_by,
        "approved_by": row.approved_by,
        "restores": row.restores,
        "change": row.change,
    }


def _tell_version(fact: dict[str, Any]) -> str:
    mark = "*" if fact["in_force"] else " "
    if fact["number"] == SHIPPED:
        return f"{mark}{SHIPPED:4}  came with the program  {_short(fact['version'])}"
    people = " and ".join(filter(None, (fact["asked_by"], fact["approved_by"])))
    when = f"{fact['published_at']:%Y-%m-%d %H:%M}"
    return f"{mark}{fact['number']:4}  {when}  {people}  {fact['change']}  {_short(fact['version'])}"
