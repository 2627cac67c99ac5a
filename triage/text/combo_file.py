"""The one file about concepts that knows no language: which of them together mean more, and how denials are weighed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from triage.rule_file import RulesInvalid, check_keys, check_sentence, is_list_of

SCHEMA = 1
COMBOS_NAME = "combos.toml"
FARTHEST_WORDS = 60
_FILE_KEYS = {"schema", "theme", "version", "owner", "reviewed_by", "reviewed_on", "reading", "combo"}
_COMBO_KEYS = {"id", "gives", "all", "within", "examples", "counterexamples"}


@dataclass(frozen=True, slots=True)
class Combo:
    """When concepts stand within so many words of each other, `gives` is noticed too.

    The first of `all_of` is the middle: every other must stand near it.
    """

    id: str
    gives: str
    all_of: tuple[str, ...]
    any_of: tuple[str, ...]
    within: int
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Combos:
    """What the file holds. `explains`: how many further words each concept accounts for, in an otherwise plain text."""

    combos: tuple[Combo, ...]
    version: str
    reviewed_by: str
    never_denied_beside: tuple[str, ...]
    explains: Mapping[str, int]
    explains_otherwise: int

    @property
    def named(self) -> frozenset[str]:
        """Every concept or group of concepts that is spoken of."""
        parts = {name for combo in self.combos for name in (*combo.all_of, *combo.any_of)}
        return frozenset(parts | set(self.never_denied_beside) | set(self.explains))


@lru_cache(maxsize=32768)
def belongs_to(concept: str, names: tuple[str, ...] | frozenset[str]) -> bool:
    """Whether a concept is one of the names, or lies in one of the groups: `violence.now` in `violence.*`."""
    if concept in names:
        return True
    return any(name.endswith(".*") and concept.startswith(name[:-1]) for name in names)


def read_combos(path: Path) -> Combos:
    """Read the file. RulesInvalid with every fault found in it."""
    faults: list[str] = []
    combos: list[Combo] = []
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        check_keys(content, _FILE_KEYS)
        if content["schema"] != SCHEMA:
            raise ValueError(f"schema is {content['schema']!r}, this program reads {SCHEMA}")
        reading = _check_reading(content["reading"])
        if not is_list_of(dict, content["combo"]):
            raise ValueError("needs at least one [[combo]]")
    except (OSError, ValueError) as fault:
        raise RulesInvalid([f"{path.name}: {fault}"]) from fault
    for number, entry in enumerate(content["combo"], start=1):
        try:
            combos.append(_read_combo(entry))
        except ValueError as fault:
            faults.append(f"{path.name}: combo {entry.get('id', f'number {number}')}: {fault}")
    if faults:
        raise RulesInvalid(faults)
    return Combos(
        combos=tuple(combos),
        version=content["version"],
        reviewed_by=content["reviewed_by"],
        never_denied_beside=tuple(reading["never_denied_beside"]),
        explains=reading["explains"],
        explains_otherwise=reading["explains_otherwise"],
    )


def _check_reading(reading: Any) -> Mapping[str, Any]:
    if not isinstance(reading, dict):
        raise ValueError("reading must be a table")
    check_keys(reading, {"never_denied_beside", "explains", "explains_otherwise"})
    if not is_list_of(str, reading["never_denied_beside"]):
        raise ValueError("reading.never_denied_beside must be a list of concepts")
    words = [*reading["explains"].values(), reading["explains_otherwise"]]
    if not all(isinstance(count, int) and count >= 0 for count in words):
        raise ValueError("reading.explains must give each concept a number of words")
    return reading


def _read_combo(entry: Mapping[str, Any]) -> Combo:
    check_keys(entry, _COMBO_KEYS, {"any"})
    check_sentence(entry["id"], "id")
    check_sentence(entry["gives"], "gives")
    for key in ("all", "any", "examples", "counterexamples"):
        if key in entry and not is_list_of(str, entry[key]):
            raise ValueError(f"{key} must be a list of texts, at least one")
    within = entry["within"]
    if not isinstance(within, int) or not 1 <= within <= FARTHEST_WORDS:
        raise ValueError(f"within must be a number of words from 1 to {FARTHEST_WORDS}")
    return Combo(
        id=entry["id"],
        gives=entry["gives"],
        all_of=tuple(entry["all"]),
        any_of=tuple(entry.get("any", ())),
        within=within,
        examples=tuple(entry["examples"]),
        counterexamples=tuple(entry["counterexamples"]),
    )
