"""`flows check | graph | walk`: look at what a child hears, without calling."""

import click
from flask.cli import with_appcontext

from helpline.commands.output import as_json, show
from ivr_flows.check import check as check_flows
from ivr_flows.graph import draw
from ivr_flows.loader import load_library
from ivr_flows.model import Conditions
from ivr_flows.walk import walk as walk_flow


@click.group("flows")
def flows() -> None:
    """Menus and prompts."""


@flows.command("check")
@as_json
def check(as_json: bool) -> None:
    """Check every flow and prompt; name file and place of each fault. Exits with 1 if there is one."""
    faults = check_flows()
    facts = [{"file": fault.file, "place": fault.place, "fault": fault.text} for fault in faults]
    show(facts, as_json, lambda: [str(fault) for fault in faults] or ["All flows and prompts are in order."])
    raise SystemExit(1 if faults else 0)


@flows.command("graph")
@click.argument("flow")
@click.option("--language", default="en", show_default=True, help="Language of the sentences shown.")
def graph(flow: str, language: str) -> None:
    """Draw FLOW as SVG on standard output."""
    library = load_library()
    click.echo(draw(_find(library, flow), library, language))


@flows.command("walk")
@click.argument("flow")
@click.argument("keys", nargs=-1)
@click.option("--language", default="", help="Language already known; none if not given.")
@click.option("--closed", is_flag=True, help="Walk as if the line were closed.")
@as_json
@with_appcontext
def walk(flow: str, keys: tuple[str, ...], language: str, closed: bool, as_json: bool) -> None:
    """Step through FLOW with KEYS, one argument each: a key, '' for silence, '~' for speech."""
    library = load_library()
    _find(library, flow)
    went = walk_flow(library, flow, keys, language, Conditions(open=not closed))
    facts = {"end": went.end, "signals": list(went.signals), "transcript": str(went).splitlines()}
    show(facts, as_json, lambda: [str(went), f"End: {went.end}", f"Signals: {', '.join(went.signals) or 'none'}"])


def _find(library, name: str):
    if name not in library.current:
        raise click.ClickException(f"there is no flow {name!r}; there are {', '.join(sorted(library.current))}")
    return library.current[name]
