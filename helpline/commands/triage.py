"""`triage lint`: whether the rules' own examples still hold."""

import click
from flask import current_app
from flask.cli import with_appcontext

from helpline.commands.output import as_json, show
from triage.examples import find_broken_examples


@click.group("triage")
def triage() -> None:
    """How worried we are, and why."""


@triage.command("lint")
@as_json
@with_appcontext
def lint(as_json: bool) -> None:
    """Run every example and counter-example of the rules, and name the files that nobody has signed."""
    rules = current_app.extensions["helpline"].rules
    broken = list(find_broken_examples(rules))
    facts = {"version": rules.version, "broken": broken, "unsigned": list(rules.unsigned)}
    unsigned = [f"Nobody has signed {file} yet." for file in rules.unsigned]
    show(facts, as_json, lambda: [*broken, *unsigned, f"Rules {rules.version}: {len(broken)} broken examples."])
    raise SystemExit(1 if broken else 0)
