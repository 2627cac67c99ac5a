"""`triage score`, `evaluate`, `explain`: texts in, levels with their reasons out, and no line is ever lost."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from app import create_app
from tests.helpline.conftest import settings_for


@pytest.fixture(scope="module")
def commands() -> FlaskCliRunner:
    """Texts are weighed on a machine where neither database nor Redis answers."""
    return create_app(settings_for("postgresql://nobody@127.0.0.1:9/none", "redis://127.0.0.1:9")).test_cli_runner()


def score(commands: FlaskCliRunner, *lines: str | bytes) -> list[dict]:
    fed = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    result = commands.invoke(args=["triage", "score", "--rules-only"], input=fed)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_every_line_gets_its_answer_in_order(commands: FlaskCliRunner):
    answers = score(
        commands,
        '{"text": "i want to kill myself tonight"}',
        '{"text": "شكرا لكم", "lang": "ar"}',
        '{"text": "ابوي يضربني كل اسبوع"}',
    )
    assert [answer["level"] for answer in answers] == ["critical", "benign", "high"]
    assert [answer["language"] for answer in answers] == ["en", "ar", "ar"]
    assert answers[0].keys() >= {"level", "score", "language", "reasons"}
    assert answers[0]["reasons"][0]["text"].keys() >= {"en", "ar"}


def test_a_bad_line_is_answered_with_an_error_and_loses_nothing(commands: FlaskCliRunner):
    bad = ["not json", "[1]", '{"lang": "ar"}', '{"text": 7}', b'{"text": "\xff\xfe"}', '{"text": "\\ud800 help me"}']
    answers = score(commands, *bad, '{"text": "i want to die"}')
    assert ["error" in answer for answer in answers] == [True, True, True, True, False, False, False]
    assert answers[-1]["level"] == "high"


def test_explaining_a_text_names_level_rule_and_words(commands: FlaskCliRunner):
    told = commands.invoke(args=["triage", "explain", "my dad has a KNIFE"]).output
    assert told.startswith("critical (80 points), language: en")
    assert "weapon.in_hand" in told
    assert "“KNIFE”" in told


def test_evaluating_tells_confusion_and_recall_with_intervals(commands: FlaskCliRunner, tmp_path: Path):
    file = tmp_path / "texts.csv"
    file.write_text("text,lang,label\ni want to die,en,high\nشكرا,ar,benign\nmy cat is green,en,critical\n", "utf-8")
    told = json.loads(commands.invoke(args=["triage", "evaluate", str(file), "--json"]).output)
    assert told["texts"] == 3
    assert told["confusion"]["critical"]["elevated"] == 1
    assert told["goals"]["high_and_critical_rated_high_or_above"]["hits"] == 1
    assert told["languages"]["en"]["levels"]["high"]["recall"] == {
        "hits": 1,
        "of": 1,
        "share": 1.0,
        "interval": [0.2065, 1.0],
    }
    in_words = commands.invoke(args=["triage", "evaluate", str(file)]).output
    assert "critical rated high or above" in in_words


def test_a_file_with_an_unknown_label_is_refused_with_its_line(commands: FlaskCliRunner, tmp_path: Path):
    file = tmp_path / "texts.csv"
    file.write_text("text,lang,label\nhello,en,benign\nhello,en,grave\n", "utf-8")
    result = commands.invoke(args=["triage", "evaluate", str(file)])
    assert result.exit_code == 1
    assert "texts.csv, line 3" in result.output
