"""`flows check | graph | walk | prove | repro | schema | script`: look at what a child hears, without calling."""

import json
from dataclasses import asdict
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext

from helpline.commands.output import as_json, show
from helpline.contacts.models import FlowSession
from helpline.line import Line
from helpline.store.db import db
from helpline.telephony.judging import judge_twiml
from helpline.telephony.twiml import Speaker
from ivr_flows.check import check as check_flows
from ivr_flows.distance import Far
from ivr_flows.graph import draw
from ivr_flows.loader import FlowsInvalid, load_library
from ivr_flows.model import Conditions
from ivr_flows.prove import Covered, Proof
from ivr_flows.prove import prove as prove_flows
from ivr_flows.recording_script import list_to_record
from ivr_flows.retell import retell
from ivr_flows.schema import SCHEMAS
from ivr_flows.shelf import read_shelf
from ivr_flows.walk import NoSuchChoice
from ivr_flows.walk import walk as walk_flow


@click.group("flows")
def flows() -> None:
    """Menus and prompts."""


@flows.command("check")
@as_json
@with_appcontext
def check(as_json: bool) -> None:
    """Check every flow and prompt; name file and place of each fault. Exits with 1 if there is one."""
    faults = check_flows(**_languages())
    facts = [{"file": fault.file, "place": fault.place, "fault": fault.text} for fault in faults]
    in_order = ["All flows and prompts are in order.", *_still_to_record()]
    show(facts, as_json, lambda: [str(fault) for fault in faults] or in_order)
    raise SystemExit(1 if faults else 0)


def _still_to_record() -> list[str]:
    """Languages that can be written and not yet spoken. No fault: they are offered in texts only."""
    written = read_shelf(languages=(), in_texts=_languages()["in_texts"]).library.speech.items()
    missing = {code: len(list_to_record(language)) for code, language in written if not language.can_be_heard}
    say = "{} is only written: {} sentences are to be recorded before calls can be taken in it, see `flows script {}`."
    return [say.format(code, count, code) for code, count in missing.items()]


@flows.command("script")
@click.argument("language")
@as_json
def script(language: str, as_json: bool) -> None:
    """List what is to be recorded in LANGUAGE: key, words, who hears them, and about how many seconds they take."""
    speech = read_shelf().library.speech
    if language not in speech:
        raise click.ClickException(f"there is no language {language!r}; there are {', '.join(speech)}")
    wanted = list_to_record(speech[language])
    row = "{:<28} {:>3} s  {:<14} {}".format
    lines = [row(one.key, one.seconds, one.heard_by, one.words) for one in wanted]
    show([asdict(one) for one in wanted], as_json, lambda: lines or ["Nothing: it has a voice or is recorded."])


@flows.command("graph")
@click.argument("flow")
@click.option("--language", default="en", show_default=True, help="Language of the sentences shown.")
@with_appcontext
def graph(flow: str, language: str) -> None:
    """Draw FLOW as SVG on standard output."""
    library = load_library(**_languages())
    click.echo(draw(_find(library, flow), library, language))


@flows.command("walk")
@click.argument("flow")
@click.argument("keys", nargs=-1)
@click.option("--language", default="", help="Language already known; none if not given.")
@click.option("--closed", is_flag=True, help="Walk as if the line were closed.")
@as_json
@with_appcontext
def walk(flow: str, keys: tuple[str, ...], language: str, closed: bool, as_json: bool) -> None:
    """Step through FLOW with KEYS, one argument each.

    A key, the name of a choice, '' for silence, '~' for speech, 'wrong' for a key that is none of the choices, or
    'language' for the key of the language given.
    """
    library = load_library(**_languages())
    _find(library, flow)
    try:
        went = walk_flow(library, flow, keys, language, Conditions(open=not closed))
    except NoSuchChoice as error:
        raise click.ClickException(str(error)) from error
    facts = {"end": went.end, "signals": list(went.signals), "transcript": str(went).splitlines()}
    show(facts, as_json, lambda: [str(went), f"End: {went.end}", f"Signals: {', '.join(went.signals) or 'none'}"])


@flows.command("repro")
@click.argument("contact", type=click.UUID)
@as_json
@with_appcontext
def repro(contact: UUID, as_json: bool) -> None:
    """Tell what a CONTACT did again, as walks for the flow files: choices by name, never anything that was said."""
    session = db.session()
    if (kept := session.get(FlowSession, contact)) is None:
        raise click.ClickException("no such contact, or one that never was in a flow")
    library = current_app.extensions["helpline"].flows
    try:
        told = [(story["flow"], *retell(library, story)) for story in kept.stories]
    except NoSuchChoice as error:
        raise click.ClickException(f"the flows have changed since: {error}") from error
    facts = [{"flow": flow, "walk": text, "end": went.end} for flow, text, went in told]
    nothing = ["It did nothing: no key, no silence, no speech reached us."]
    show(facts, as_json, lambda: [f"# flows/{flow}.toml\n{text}\n" for flow, text, _ in told] or nothing)


@flows.command("schema")
@click.argument("kind", type=click.Choice(sorted(SCHEMAS)), default="flow")
def schema(kind: str) -> None:
    """Print the JSON Schema of flow files, or of language files (prompts), for editors."""
    click.echo(json.dumps(SCHEMAS[kind](), indent=2))


@flows.command("prove")
@as_json
@with_appcontext
def prove(as_json: bool) -> None:
    """Go through every flow by every way, as this helpline has them; print what was covered. Exits with 1 on a fault.

    Every position is tried with every key, several keys, silence and speech, open and closed, with few and many
    waiting; every answer is rendered and held against what the telephone company accepts.
    """
    line: Line = current_app.extensions["helpline"]
    try:
        library = load_library(**_languages())
    except FlowsInvalid as error:
        raise click.ClickException(f"the files are not in order, see `flows check`:\n{error}") from error
    speaker = Speaker(lambda: library, line.speaker.address, line.speaker.values)
    proof = prove_flows(library, judge_twiml(speaker))
    show(_facts_of(proof), as_json, lambda: _report(proof))
    raise SystemExit(1 if proof.faults else 0)


def _facts_of(proof: Proof) -> dict:
    flows = [{**asdict(covered), "far": covered.far and asdict(covered.far)} for covered in proof.covered]
    return {"proven": not proof.faults, "flows": flows, "faults": list(proof.faults)}


def _report(proof: Proof) -> list[str]:
    row = "{:<16}{:>4}  {:<8}{:<22}{:>10}{:>9}{:>9}  {}".format
    lines = [row("flow", "", "channel", "languages", "positions", "ways", "answers", "a person is at most")]
    lines += [row(*_columns(covered)) for covered in proof.covered]
    ways, positions = sum(one.ways for one in proof.covered), sum(one.positions for one in proof.covered)
    total = f"{len(proof.covered)} flows, {positions} positions, {ways} ways"
    verdict = f"{len(proof.faults)} faults" if proof.faults else "every way leads to a person"
    return [*lines, *proof.faults, f"{total}: {verdict}."]


def _columns(covered: Covered) -> tuple:
    languages = " ".join(covered.languages)
    counted = (covered.positions, covered.ways, covered.answers)
    return (covered.flow, covered.version, covered.channel, languages, *counted, _distance(covered.far))


def _distance(far: Far | None) -> str:
    if far is None:
        return "already in the queue"
    way = " ".join(sign or "silence" for sign in far.way)
    return f"{far.keys} keys, {far.seconds:.0f} s away (slowest: {way})"


def _languages() -> dict[str, tuple[str, ...]]:
    """The languages of this helpline, as the loader wants them."""
    chosen = current_app.extensions["helpline"].helpline.languages
    return {"languages": chosen.offered, "in_texts": chosen.in_texts}


def _find(library, name: str):
    if name not in library.current:
        raise click.ClickException(f"there is no flow {name!r}; there are {', '.join(sorted(library.current))}")
    return library.current[name]
