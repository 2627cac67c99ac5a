"""One pack file, read strictly: words of one language group for one theme, or the lists all its packs share.

Whatever the loader does not know it refuses, naming file, rule and fault.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from triage.rule_file import RulesInvalid, check_keys, check_sentence, is_list_of
from triage.text.tokens import fold_word

SCHEMA = 1
WORDS_THEME = "words"  # the theme of the file whose lists all packs of a group may use
FARTHEST_WORDS = 12

_FILE_KEYS = {"schema", "theme", "group", "version", "owner", "reviewed_by", "reviewed_on"}
_WORD_KEYS = {"lists", "affixes", "families"}
_KEYS_OF_WORDS = {"arabizi_markers", "usual_words", "homographs", "language", "spelled_by_ear"}
_RULE_KEYS = {"id", "examples", "counterexamples"}
_OPTIONAL_RULE_KEYS = {"version", "owner", "reviewed_by"}
_KINDS: dict[str, tuple[set[str], set[str]]] = {
    "concept": ({"concept"}, {"phrases", "near", "within", "negatable", "cancels"}),
    "idiom": ({"phrases"}, {"cancels"}),
    "denial": ({"phrases"}, {"cancels"}),
    "negator": ({"phrases", "side"}, {"fillers", "cancels"}),
}
Kind = Literal["concept", "idiom", "denial", "negator"]


@dataclass(frozen=True, slots=True)
class PackRule:
    """One entry of a pack, as it is written. What a field means stands in docs/writing-rules.md."""

    kind: Kind
    id: str
    file: str
    group: str
    version: str
    owner: str
    reviewed_by: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]
    concept: str = ""
    near: tuple[tuple[str, ...], ...] = ()
    within: int = 4
    negatable: bool = True
    cancels: tuple[str, ...] = ()  # none named: all; of a concept, none
    before: bool = True  # a negator stands before what it denies, or else after it
    fillers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """What one file holds."""

    name: str
    theme: str
    group: str
    version: str
    reviewed_by: str
    lists: Mapping[str, tuple[str, ...]]
    affixes: Mapping[str, tuple[str, ...]]
    families: Mapping[str, Mapping[str, Any]]
    arabizi_markers: tuple[str, ...]
    usual_words: tuple[str, ...]
    homographs: tuple[str, ...]
    language: str
    spelled_by_ear: bool
    rules: tuple[PackRule, ...]


def read_pack(path: Path) -> Pack:
    """Read one file. RulesInvalid with every fault found in it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        _check_file(content)
        lists = _read_lists(content.get("lists", {}), "lists")
        affixes = _read_lists(content.get("affixes", {}), "affixes")
        families = _read_families(content.get("families", {}))
    except ValueError as fault:  # includes unreadable TOML and text that is not UTF-8
        raise RulesInvalid([f"{path.name}: {fault}"]) from fault
    return Pack(
        name=path.name,
        theme=content["theme"],
        group=content["group"],
        version=content["version"],
        reviewed_by=content["reviewed_by"],
        lists=lists,
        affixes=affixes,
        families=families,
        arabizi_markers=tuple(content.get("arabizi_markers", ())),
        usual_words=tuple(content.get("usual_words", ())),
        homographs=tuple(content.get("homographs", ())),
        language=content.get("language", ""),
        spelled_by_ear=_read_yes_or_no(content.get("spelled_by_ear", False), "spelled_by_ear"),
        rules=_read_rules(content, path.name),
    )


def _check_file(content: Mapping[str, Any]) -> None:
    only_words = _KEYS_OF_WORDS if content.get("theme") == WORDS_THEME else set()
    check_keys(content, _FILE_KEYS, _WORD_KEYS | set(_KINDS) | only_words)
    if content["schema"] != SCHEMA:
        raise ValueError(f"schema is {content['schema']!r}, this program reads {SCHEMA}")
    for key in ("theme", "group", "version", "owner"):
        check_sentence(content[key], key)
    for key in ("reviewed_by", "reviewed_on"):
        if not isinstance(content[key], str):
            raise ValueError(f"{key} must be text, empty until someone has signed")
    for key in ("arabizi_markers", "usual_words", "homographs"):
        if key in content and not is_list_of(str, content[key]):
            raise ValueError(f"{key} must be a list of words")
    for kind in _KINDS:
        if kind in content and not is_list_of(dict, content[kind]):
            raise ValueError(f"write [[{kind}]], not [{kind}]")


def _read_lists(tables: Any, key: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(tables, dict):
        raise ValueError(f"{key} must be a table of lists")
    for name, words in tables.items():
        if not is_list_of(str, words):
            raise ValueError(f"{key}.{name} must be a list of words, at least one")
    return {name: tuple(words) for name, words in tables.items()}


def _read_families(tables: Any) -> dict[str, Mapping[str, Any]]:
    if not isinstance(tables, dict):
        raise ValueError("families must be a table of families")
    for name, family in tables.items():
        if not isinstance(family, dict):
            raise ValueError(f"families.{name} must hold stems, before and after")
        check_keys(family, {"stems"}, {"before", "after", "beginning_needed", "ending_needed"})
        for key in ("beginning_needed", "ending_needed"):
            if not isinstance(family.get(key, False), bool):
                raise ValueError(f"families.{name}.{key} must be true or false")
        for key in family.keys() & {"stems", "before", "after"}:
            if not is_list_of(str, family[key]):
                raise ValueError(f"families.{name}.{key} must be a list")
    return dict(tables)


def _read_rules(content: Mapping[str, Any], file_name: str) -> tuple[PackRule, ...]:
    rules, faults = [], []
    for kind in _KINDS:
        for number, entry in enumerate(content.get(kind, ()), start=1):
            try:
                rules.append(_read_rule(kind, entry, content, file_name))
            except ValueError as fault:
                faults.append(f"{file_name}: {kind} {entry.get('id', f'number {number}')}: {fault}")
    if faults:
        raise RulesInvalid(faults)
    return tuple(rules)


def _read_rule(kind: Kind, entry: Mapping[str, Any], content: Mapping[str, Any], file_name: str) -> PackRule:
    needed, optional = _KINDS[kind]
    check_keys(entry, _RULE_KEYS | needed, _OPTIONAL_RULE_KEYS | optional)
    check_sentence(entry["id"], "id")
    if kind == "concept" and not ("phrases" in entry or "near" in entry):
        raise ValueError("needs phrases, or near, or both")
    fields = {key: _FIELDS[key](entry[key], key) for key in entry if key in _FIELDS}
    if kind == "negator":
        fields["before"] = _read_side(entry["side"])
    signed = {key: entry.get(key, content[key]) for key in ("version", "owner", "reviewed_by")}
    return PackRule(
        kind=kind, id=entry["id"], file=file_name, group=content["group"], **{"phrases": (), **signed, **fields}
    )


def _read_words(value: Any, key: str) -> tuple[str, ...]:
    if not is_list_of(str, value):
        raise ValueError(f"{key} must be a list of texts, at least one")
    return tuple(value)


def _read_fillers(value: Any, key: str) -> tuple[str, ...]:
    return tuple(fold_word(word) for word in _read_words(value, key))


def _read_name(value: Any, key: str) -> str:
    check_sentence(value, key)
    return value


def _read_near(value: Any, key: str) -> tuple[tuple[str, ...], ...]:
    if not is_list_of(list, value) or not all(is_list_of(str, group) and 2 <= len(group) <= 4 for group in value):
        raise ValueError('near must be a list of groups of two to four, such as [["{holder}", "{blade}"]]')
    return tuple(tuple(group) for group in value)


def _read_within(value: Any, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= FARTHEST_WORDS:
        raise ValueError(f"within must be a number of words from 1 to {FARTHEST_WORDS}")
    return value


def _read_yes_or_no(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{key} must be true or false")
    return value


def _read_side(value: Any) -> bool:
    if value not in ("before", "after"):
        raise ValueError("side must be before or after")
    return value == "before"


_FIELDS: dict[str, Callable[[Any, str], Any]] = {
    "phrases": _read_words,
    "examples": _read_words,
    "counterexamples": _read_words,
    "cancels": _read_words,
    "fillers": _read_fillers,
    "concept": _read_name,
    "near": _read_near,
    "within": _read_within,
    "negatable": _read_yes_or_no,
}
