"""`triage score|evaluate|explain|lint|prepare-examples`: what we make of texts, and whether the examples still hold."""

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from helpline.commands.output import as_json, show
from helpline.commands.weighing import in_parts, read_lines_as_they_come, weigh_texts
from helpline.likeness.opinions import SecondOpinion
from helpline.likeness.preparing import prepare_examples
from triage.examples import find_broken_examples
from triage.measuring import Judged, Rate, count_confusion, group_by_language, measure_goals, measure_levels
from triage.model import RiskLevel
from triage.rules import RuleSet
from triage.text.evaluate import TextAssessment
from triage.text.language import guess_language

rules_alone = click.option("--rules-only", is_flag=True, help="Ask the rules alone, without a second opinion.")


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
@rules_alone
@click.option("--json", "as_json", is_flag=True, help="Accepted for likeness with other commands: it is always JSON.")
@with_appcontext
def score(rules_only: bool, as_json: bool) -> None:
    """Read JSON lines {"text": …} and write one line of level, score, language and reasons for each, in order."""
    number = 1
    for lines in read_lines_as_they_come(sys.stdin.buffer):
        # Each answer goes out at once: whoever feeds us may wait for it before sending the next.
        for answer in _score_lines(lines, number, _opinions(rules_only)):
            click.echo(json.dumps(answer, ensure_ascii=False))
        number += len(lines)


@triage.command("explain")
@click.argument("text")
@rules_alone
@as_json
@with_appcontext
def explain(text: str, rules_only: bool, as_json: bool) -> None:
    """Say what level a text gets, by which rules, and because of which words."""
    facts = _to_facts_of_one(text, weigh_texts([text], _rules(), _opinions(rules_only))[0])
    show(facts, as_json, lambda: _explain_in_words(text, facts))


@triage.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@rules_alone
@as_json
@with_appcontext
def evaluate(file: Path, rules_only: bool, as_json: bool) -> None:
    """Compare the levels with a CSV of text, lang and label: confusion, recall and false alarms with intervals.

    A text that is itself an example of the second opinion is weighed by the other examples alone.
    """
    judged = _judge_file(file, _rules(), _opinions(rules_only))
    show(_to_facts(judged), as_json, lambda: _tell(judged))


@triage.command("prepare-examples")
@as_json
@with_appcontext
def prepare(as_json: bool) -> None:
    """After a change of the example sentences: measure them anew, and fix the thresholds of the second opinion."""
    line = current_app.extensions["helpline"]
    folder = line.settings.helpline_config_dir / "risk_rules" / "second_opinion"
    measures = prepare_examples(folder, line.rules.text)
    show(
        {group: asdict(one) for group, one in measures.items()},
        as_json,
        lambda: [
            f"{group:10} above {one.threshold:+.4f}: finds {one.found:.0%} of {one.grave} grave ones, "
            f"and {one.false_alarms:.0%} of {one.ordinary} ordinary ones"
            for group, one in measures.items()
        ],
    )


def _rules() -> RuleSet:
    return current_app.extensions["helpline"].rules


def _opinions(rules_only: bool) -> SecondOpinion | None:
    return None if rules_only else current_app.extensions["helpline"].second_opinion


def _score_lines(lines: Sequence[bytes], first: int, opinions: SecondOpinion | None) -> Iterator[dict[str, Any]]:
    read = [(number, _read_line(line)) for number, line in enumerate(lines, start=first) if line.strip()]
    told = iter(weigh_texts([text for _, text in read if text is not None], _rules(), opinions))
    for number, text in read:
        if text is None:
            yield {"line": number, "error": 'not a JSON object with a "text"'}
        else:
            yield _to_facts_of_one(text, next(told))


def _read_line(line: bytes) -> str | None:
    try:
        text = json.loads(line.decode("utf-8", "replace"))["text"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return text if isinstance(text, str) else None


def _to_facts_of_one(text: str, told: TextAssessment) -> dict[str, Any]:
    facts = told.to_dict()
    return {
        "level": facts["level"],
        "score": facts["score"],
        "language": guess_language(text, _rules().text),
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


def _judge_file(file: Path, rules: RuleSet, opinions: SecondOpinion | None) -> list[Judged]:
    rows = []
    with file.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                rows.append((row["text"], row.get("lang") or "und", RiskLevel(row["label"])))
            except (KeyError, ValueError, TypeError) as fault:
                raise click.ClickException(f"{file.name}, line {number}: needs text, lang and a label") from fault
    parts = in_parts([text or "" for text, _, _ in rows])
    told = [one for part in parts for one in weigh_texts(part, rules, opinions, never_itself=True)]
    return [Judged(lang, label, one.assessment.level) for (_, lang, label), one in zip(rows, told, strict=True)]


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
