"""The schemas for editors: the committed files are the program's, and they refuse what the readers refuse."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from ivr_flows.faults import FaultList
from ivr_flows.read_flows import read_flow
from ivr_flows.read_prompts import read_language
from ivr_flows.schema import SCHEMAS, flow_schema, prompts_schema
from ivr_flows.shelf import PACKAGE
from ivr_flows.table import Table
from tests.ivr_flows.json_schema import fits

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "schemas"
FLOWS = sorted(PACKAGE.glob("flows/*.toml"))
LANGUAGES = sorted(PACKAGE.glob("prompts/*.toml"))


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def is_read(values: dict[str, Any]) -> bool:
    faults = FaultList("")
    read_flow(Table(values, "", faults))
    return not faults.found


def tables_of(value: Any) -> Iterator[dict[str, Any]]:
    """Every table inside a file that has words of its own; the table of nodes holds names only."""
    if isinstance(value, dict):
        yield value
        for key, one in value.items():
            yield from tables_of(list(one.values()) if key == "nodes" else one)
    if isinstance(value, list):
        for one in value:
            yield from tables_of(one)


def damaged(original: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The file with one thing wrong: in each table a word nobody knows, each word gone, each of another type."""
    for place in range(len(list(tables_of(original)))):
        for key in ("a_word_nobody_knows", *list(tables_of(original))[place]):
            for wrong in (None, ["gone"]) if key != "a_word_nobody_knows" else (True,):
                values = deepcopy(original)
                table = list(tables_of(values))[place]
                if wrong is None:
                    del table[key]
                else:
                    table[key] = 3.5 if wrong == ["gone"] else wrong
                yield values


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_committed_schema_is_the_programs(kind: str) -> None:
    committed = json.loads((COMMITTED / f"{kind}.schema.json").read_text(encoding="utf-8"))
    assert committed == SCHEMAS[kind](), f"write it anew: flask --app app flows schema {kind}"


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.name)
def test_the_shipped_flows_fit_their_schema(path: Path) -> None:
    assert fits(read(path), flow_schema())


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.name)
def test_the_shipped_languages_fit_their_schema(path: Path) -> None:
    assert fits(read(path), prompts_schema())


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.name)
def test_what_the_schema_refuses_the_reader_refuses_too_and_nearly_the_other_way(path: Path) -> None:
    schema = flow_schema()
    verdicts = [(fits(values, schema), is_read(values)) for values in damaged(read(path))]
    assert len(verdicts) > 50
    # A schema can not say that a sentence is needed only where nothing follows; the reader can.
    only_the_reader_refuses = verdicts.count((True, False))
    assert only_the_reader_refuses <= len(verdicts) / 50
    # Digits, signals and outcomes are narrowed down for editors, and by the check that follows the reader.
    assert verdicts.count((False, True)) <= len(verdicts) / 50


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.name)
def test_a_word_nobody_knows_is_refused_by_both_in_every_table(path: Path) -> None:
    schema = flow_schema()
    with_unknown = [values for values in damaged(read(path)) if "a_word_nobody_knows" in json.dumps(values)]
    assert with_unknown
    for values in with_unknown:
        assert not fits(values, schema)
        assert not is_read(values)


def test_a_language_file_with_an_unknown_word_is_refused_by_both() -> None:
    values = read(LANGUAGES[0]) | {"colour": "blue"}
    faults = FaultList("")
    read_language(Table(values, "", faults))
    assert faults.found
    assert not fits(values, prompts_schema())
