"""Shows what callers said of us afterwards: counts by week, never of so few that one of them could be picked out."""

import click
from flask import current_app
from flask.cli import with_appcontext

from helpline.commands.output import as_json
from helpline.commands.output import show as show_facts
from helpline.line import Line
from helpline.store.db import db
from helpline.survey.counting import list_weeks


@click.group("survey")
def survey() -> None:
    """The small question after a talk."""


@survey.command("show")
@as_json
@with_appcontext
def show(as_json: bool) -> None:
    """Answers by week, channel and language, where enough people answered."""
    line: Line = current_app.extensions["helpline"]
    least = line.helpline.survey.least_shown
    weeks, hidden = list_weeks(db.session(), least)
    facts = {"weeks": weeks, "too_few_to_show": hidden, "least_shown": least}

    def in_words() -> list[str]:
        lines = [
            f"{one['week']} {one['channel']:6} {one['language']:3} "
            + ", ".join(f"{answer.replace('_', ' ')} {given}" for answer, given in one["answers"].items())
            for one in weeks
        ]
        return [*lines, f"{hidden} groups of fewer than {least} answers are not shown."]

    show_facts(facts, as_json, in_words)
