"""Commands that look whether things are as they should be: configuration, hours, audit, everything at once."""

from contextlib import suppress
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from config.categories import load_categories
from config.data_file import ConfigInvalid
from config.helpline import load_helpline
from config.silent_questions import load_silent_questions
from config.text_words import load_text_words
from config.workflow_check import check_workflows
from helpline.audit.chain import verify_chain
from helpline.commands.hours import find_hours_faults, list_hours_notes
from helpline.commands.output import as_json, show
from helpline.line import Line
from helpline.outbox.bell import connect_redis
from helpline.outbox.models import Heartbeat
from helpline.store.db import db
from helpline.store.types import utc_now
from helpline.telephony.fallback import render_static
from ivr_flows.check import check as check_flows
from ivr_flows.edge_prompts import EDGE_PROMPTS
from triage.examples import find_broken_examples
from triage.rules import RuleSet, RulesInvalid, load_rules

OLDEST_HEARTBEAT_S = 5


@click.group("config")
def config() -> None:
    """The helpline's data files."""


@config.command("check")
@as_json
@with_appcontext
def check(as_json: bool) -> None:
    """Check every data file; name file and place of each fault. Exits with 1 if there is one."""
    line: Line = current_app.extensions["helpline"]
    folder = line.settings.helpline_config_dir
    faults = find_config_faults(folder)
    show(faults, as_json, lambda: (faults or ["All data files are in order."]) + _notes(folder))
    raise SystemExit(1 if faults else 0)


def _notes(folder: Path) -> list[str]:
    """What is no fault today and still wants a look."""
    return [f"To look at: {note}" for note in list_hours_notes(folder, utc_now().date())]


def find_config_faults(folder: Path) -> list[str]:
    """Every fault of every data file, as lines that name file and place."""
    faults: list[str] = []
    spoken, written = None, ()
    try:
        languages = load_helpline(folder).languages
        spoken, written = languages.offered, languages.in_texts
    except ConfigInvalid as error:
        faults += error.faults
    try:
        rules = load_rules(folder / "risk_rules")
        faults += [*find_broken_examples(rules), *_find_question_faults(folder, rules)]
    except RulesInvalid as error:
        faults += error.faults
    faults += check_workflows(folder)
    for load in (load_categories, load_text_words):
        try:
            load(folder)
        except ConfigInvalid as error:
            faults += error.faults
    faults += find_hours_faults(folder)
    faults += [str(fault) for fault in check_flows(languages=spoken, in_texts=written)]
    return list(dict.fromkeys(faults))  # a broken calendar is met by every file that names calendars


def _find_question_faults(folder: Path, rules: RuleSet) -> list[str]:
    """What silent_questions.toml names and nobody knows: a sentence of no prompt file, a signal of no rule."""
    try:
        asked = load_silent_questions(folder)
    except ConfigInvalid as error:
        return list(error.faults)
    unsaid = [question.prompt for question in asked.questions if question.prompt not in EDGE_PROMPTS]
    unknown = sorted(asked.signals - rules.signal_names)
    return [
        *(f"silent_questions.toml: questions: there is no sentence {prompt!r}" for prompt in unsaid),
        *(f"silent_questions.toml: questions: no risk rule knows the signal {signal!r}" for signal in unknown),
    ]


@click.group("audit")
def audit() -> None:
    """The record of who saw and did what."""


@audit.command("verify")
@as_json
@with_appcontext
def verify(as_json: bool) -> None:
    """Walk the chain; exit with 1 and name the first broken link if there is one."""
    verdict = verify_chain(db.session())
    facts = {
        "sealed": verdict.sealed,
        "unsealed": verdict.unsealed,
        "broken_at": verdict.broken_at,
        "why": verdict.reason,
    }
    whole = f"{verdict.sealed} rows sealed and whole, {verdict.unsealed} not sealed yet."
    show(facts, as_json, lambda: [whole if verdict.broken_at is None else f"Row {verdict.broken_at} {verdict.reason}."])
    raise SystemExit(0 if verdict.broken_at is None else 1)


@click.group("fallback")
def fallback() -> None:
    """The TwiML that works with everything down."""


@fallback.command("render")
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file; standard output if not given.")
@with_appcontext
def render(out: Path | None) -> None:
    """Write the static TwiML. Host it away from this service, and set it as the number's fallback."""
    line: Line = current_app.extensions["helpline"]
    document = render_static(line.helpline, line.speaker)
    if out is None:
        click.echo(document)
    else:
        out.write_text(document, encoding="utf-8")
        click.echo(f"Written to {out}.")


@click.command("doctor")
@as_json
@with_appcontext
def doctor(as_json: bool) -> None:
    """Check database, Redis, clock, data files, flows and rules in force, settings. Exits with 1 if one fails."""
    line: Line = current_app.extensions["helpline"]
    findings = {
        "database": _look(lambda: db.session.execute(text("SELECT 1")) and None),
        "redis": _look(lambda: connect_redis(line.settings.redis_url).ping() and None),
        "clock": _look(_clock_fault),
        "data files": _look(lambda: "; ".join(find_config_faults(line.settings.helpline_config_dir)) or None),
        "flows in force": _look(lambda: _flow_faults(line)),
        "rules in force": _look(lambda: _rule_faults(line)),
        "public address": _look(lambda: _address_fault(line.settings.public_base_url)),
    }
    show(findings, as_json, lambda: [f"{name}: {fault or 'well'}" for name, fault in findings.items()])
    raise SystemExit(1 if any(findings.values()) else 0)


def _look(check) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the finding
        return f"fails with {type(error).__name__}"


def _clock_fault() -> str | None:
    beat = db.session.get(Heartbeat, "clock")
    age_s = (utc_now() - beat.at).total_seconds() if beat else None
    if age_s is None or age_s > OLDEST_HEARTBEAT_S:
        return "no clock has run in the last seconds; start `flask --app app clock`"
    return None


def _flow_faults(line: Line) -> str | None:
    """What keeps the newest version of a flow, shipped or published, from being in force."""
    with suppress(SQLAlchemyError):  # a database that is away is told of by itself
        line.book.take_up(db.session())
    return "; ".join(map(str, line.book.edition.faults)) or None


def _rule_faults(line: Line) -> str | None:
    """What keeps the newest risk rules from being in force."""
    with suppress(SQLAlchemyError):
        line.rule_book.take_up(db.session())
    return "; ".join(line.rule_book.edition.faults) or None


def _address_fault(address: str) -> str | None:
    local = "127.0.0.1" in address or "localhost" in address
    return "reachable from this machine only; Twilio needs https and a public name" if local else None
