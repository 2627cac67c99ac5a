"""`flows versions | rollback`: what was published without a programmer, and the way back."""

import click
from flask import current_app
from flask.cli import with_appcontext

from helpline.commands.flows import flows
from helpline.commands.output import as_json, show
from helpline.flow_book.models import FlowVersion
from helpline.flow_book.publishing import DraftHasFaults, VersionUnknown, go_back
from helpline.flow_book.versions import list_versions
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.store.db import db

ACTOR = "operator"

__all__ = ["flows"]


@flows.command("versions")
@click.argument("flow")
@as_json
@with_appcontext
def versions(flow: str, as_json: bool) -> None:
    """The published versions of FLOW, newest first: when, by whom, and what was changed."""
    line: Line = current_app.extensions["helpline"]
    line.book.take_up(db.session())
    present = line.flows.current.get(flow)
    if present is None:
        raise click.ClickException(f"there is no flow {flow!r}; there are {', '.join(sorted(line.flows.current))}")
    facts = [_describe(row, present.version) for row in list_versions(db.session(), flow)]
    only_shipped = [f"Only the shipped file, version {present.version}."]
    show(facts, as_json, lambda: [_tell(fact) for fact in facts] or only_shipped)


@flows.command("rollback")
@click.argument("flow")
@click.argument("version", type=int)
@click.option("--reason", required=True, help="Why, in a line; it is kept with the version.")
@as_json
@with_appcontext
def rollback(flow: str, version: int, reason: str, as_json: bool) -> None:
    """Put the text of an earlier VERSION of FLOW in force again, for every call that begins from now on."""
    line: Line = current_app.extensions["helpline"]
    session = db.session()
    try:
        row = go_back(session, line.book, flow, version, reason, actor=ACTOR)
    except VersionUnknown as error:
        raise click.ClickException(f"{flow} has no earlier version {version}; see `flows versions {flow}`") from error
    except DraftHasFaults as error:
        raise click.ClickException(f"version {version} has faults now:\n{error}") from error
    commit(session, line.bell)
    told = f"{flow} version {row.version} is in force within seconds, with the text of version {version}."
    show(_describe(row, row.version), as_json, lambda: [told])


def _describe(row: FlowVersion, in_force: int) -> dict:
    return {
        "version": row.version,
        "in_force": row.version == in_force,
        "published_at": row.published_at,
        "published_by": row.published_by,
        "approved_by": row.approved_by,
        "restores": row.restores,
        "change": row.change,
    }


def _tell(fact: dict) -> str:
    mark = "*" if fact["in_force"] else " "
    people = " and ".join(filter(None, (fact["published_by"], fact["approved_by"])))
    return f"{mark}{fact['version']:4}  {fact['published_at']:%Y-%m-%d %H:%M}  {people:20}  {fact['change']}"
