"""How commands answer: for people by default, as JSON with --json."""

import json
from collections.abc import Callable, Iterable

import click

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def show(facts: object, as_json: bool, in_words: Callable[[], Iterable[str]]) -> None:
    """Print `facts` as JSON, or the lines that `in_words` makes of them."""
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    for line in in_words():
        click.echo(line)
