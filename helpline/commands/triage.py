"""`triage score|evaluate|explain|lint`: what the rules make of texts, and whether their own examples still hold."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from helpline.commands.output import as_json, show
from triage.examples import find_broken_examples
from triage.measuring import Judged, Rate, count_confusion, group_by_language, measure_goals, measure_levels
from triage.model import RiskLevel
from triage.rules import RuleSet
from triage.text.evaluate import evaluate_text
from triage.text.language import guess_language


@click.group("triage")
def triage() -> None:
    """How worried we are, and why."""


@triage.command("lint")
@as_json
@with_appcontext
def lint(as_json: bool) -> None:
    """Run every example and counter-example of the rules, and name the files that nobody has signed."""
    rules = _rules()
    broken = list(find_broken_examples(rules))
    facts = {"version": rules.version, "broken": broken, "unsigned": list(rules.unsigned)}
    unsigned = [f"Nobody has signed {file} yet." for file in rules.unsigned]
    show(facts, as_json, lambda: [*broken, *unsigned, f"Rules {rules.version}: {len(broken)} broken examples."])
    raise SystemExit(1 if broken else 0)


@triage.command("score")
@click.option("--rules-only", is_flag=True, help="Ask the rules alone, and nothing slower that may add its opinion.")
@click.option("--json", "as_json", is_flag=True, help="Accepted for likeness with other commands: it is always JSON.")
@with_appcontext
def score(rules_only: bool, as_json: bool) -> None:
    """Read JSON lines {"text": …} and write one line of level, score, language and reasons for each, in order."""
    rules = _rules()
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if line.strip():
            # Each answer goes out at once: whoever feeds us may wait for it before sending the next.
            click.echo(json.dumps(_score_line(line, number, rules), ensure_ascii=False))


@triage.command("explain")
@click.argument("text")
@as_json
@with_appcontext
def explain(text: str, as_json: bool) -> None:
    """Say what level a text gets, by which rules, and because of which words."""
    facts = _score_text(text, _rules())
    show(facts, as_json, lambda: _explain_in_words(text, facts))


@triage.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@with_appcontext
def evaluate(file: Path, as_json: bool) -> None:
    """Compare the rules with a CSV of text, lang and label: confusion, recall and false alarms with intervals."""
    judged = _judge_file(file, _rules())
    show(_to_facts(judged), as_json, lambda: _tell(judged))


def _rules() -> RuleSet:
    return current_app.extensions["helpline"].rules


def _score_line(line: bytes, number: int, rules: RuleSet) -> dict[str, Any]:
    try:
        asked = json.loads(line.decode("utf-8", "replace"))
        text = asked["text"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return {"line": number, "error": 'not a JSON object with "text"'}
    if not isinstance(text, str):
        return {"line": number, "error": '"text" is not text'}
    return _score_text(text, rules)


def _score_text(text: str, rules: RuleSet) -> dict[str, Any]:
    facts = evaluate_text(text, rules).to_dict()
    return {
        "level": facts["level"],
        "score": facts["score"],
        "language": guess_language(text, rules.text),
        "reasons": facts["reasons"],
        "rules_version": facts["rules_version"],
    }


def _explain_in_words(text: str, facts: Mapping[str, Any]) -> list[str]:
    lines = [f"{facts['level']} ({facts['score']} points), language: {facts['language']}"]
    for reason in facts["reasons"]:
        words = ", ".join(f"“{text[start:end]}”" for start, end in reason["spans"])
        floor = f", at least {reason['floor']}" if reason["floor"] else ""
        lines.append(f"  {reason['rule']} ({reason['points']} points{floor}): {reason['text']['en']} {words}".rstrip())
    return lines


def _judge_file(file: Path, rules: RuleSet) -> list[Judged]:
    judged = []
    with file.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                label = RiskLevel(row["label"])
                level = evaluate_text(row["text"], rules).assessment.level
            except (KeyError, ValueError, TypeError) as fault:
                raise click.ClickException(f"{file.name}, line {number}: needs text, lang and a label") from fault
            judged.append(Judged(row.get("lang") or "und", label, level))
    return judged


def _to_facts(judged: Sequence[Judged]) -> dict[str, Any]:
    def figures(some: Sequence[Judged]) -> dict[str, Any]:
        goals = {name: rate.to_dict() for name, rate in measure_goals(some).items()}
        levels = {
            level: {name: rate.to_dict() for name, rate in rates.items()}
            for level, rates in measure_levels(some).items()
        }
        return {"texts": len(some), "confusion": count_confusion(some), "goals": goals, "levels": levels}

    by_language = {language: figures(some) for language, some in group_by_language(judged).items()}
    return {**figures(judged), "languages": by_language}


def _tell(judged: Sequence[Judged]) -> list[str]:
    lines = [f"{'label':>10} rated " + "".join(f"{level:>10}" for level in RiskLevel)]
    for label, row in count_confusion(judged).items():
        lines.append(f"{label:>10}       " + "".join(f"{count:>10}" for count in row.values()))
    lines += ["", *(f"{name.replace('_', ' '):46}{_in_words(rate)}" for name, rate in measure_goals(judged).items())]
    for language, some in {"all": judged, **group_by_language(judged)}.items():
        lines += ["", f"{language}: {len(some)} texts"]
        for level, rates in measure_levels(some).items():
            told = f"recall {_in_words(rates['recall'])}   false alarms {_in_words(rates['false_alarms'])}"
            lines.append(f"  {level:10} {told}")
    return lines


def _in_words(rate: Rate) -> str:
    if rate.share is None:
        return "   none".ljust(30)
    low, high = rate.interval
    return f"{rate.hits:>5}/{rate.of:<6}{rate.share:.3f} [{low:.2f}-{high:.2f}]"
