"""One rule file, read strictly: whatever the loader does not know, it refuses, naming file and rule.

Points are never negative and a rule cannot say 'unless': that is what makes every assessment
monotone, so that nothing a frightened child presses can ever lower their place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triage.model import Reason, RiskLevel, Signal

SCHEMA = 1
LEVELS_THEME = "levels"
REASON_LANGUAGES = ("en", "ar")
MOST_POINTS = 100

_FILE_KEYS = {"schema", "theme", "version", "owner", "reviewed_by", "reviewed_on"}
_RULE_KEYS = {"id", "points", "reason", "source", "examples", "counterexamples"}
_OPTIONAL_RULE_KEYS = {"signal", "all", "any", "at_least", "floor", "adds"}
_SCORED_LEVELS = [level for level in RiskLevel if level is not RiskLevel.benign]


class RulesInvalid(Exception):
    """Rule files that cannot be trusted; `faults` holds one line a fault: file, rule, what is wrong."""

    def __init__(self, faults: Iterable[str]):
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class Rule:
    """Speaks when every signal of `all_of` and at least one of `any_of` (if it has any) was noticed.

    Points of rules that do not `add` stand beside each other: only the highest of them counts.
    """

    id: str
    all_of: tuple[str, ...]
    any_of: tuple[str, ...]
    at_least: int | None
    reason: Reason
    source: str
    adds: bool
    examples: tuple[tuple[Signal, ...], ...]
    counterexamples: tuple[tuple[Signal, ...], ...]

    @property
    def signals(self) -> tuple[str, ...]:
        """Every signal the rule speaks about."""
        return self.all_of + self.any_of

    @property
    def fires_on_its_signal_alone(self) -> bool:
        """Whether one signal is enough, with no count to reach."""
        return len(self.all_of) == 1 and not self.any_of and self.at_least is None

    def fires(self, counts: Mapping[str, int]) -> bool:
        """Whether the rule speaks, given the highest count noticed of each signal."""
        for name in self.all_of:
            if name not in counts:
                return False
        if self.at_least is not None and counts[self.all_of[0]] < self.at_least:
            return False
        return not self.any_of or any(name in counts for name in self.any_of)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What one file holds: rules of one theme, or, in the file of levels, the score cuts."""

    name: str
    theme: str
    version: str
    reviewed_by: str
    rules: tuple[Rule, ...]
    cuts: tuple[tuple[int, RiskLevel], ...]  # (least score, level); empty in a file of rules


def read_rule_file(path: Path) -> RuleFile:
    """Read one file. RulesInvalid with every fault found in it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        body_key = "cuts" if content.get("theme") == LEVELS_THEME else "rule"
        _check_file(content, body_key)
        cuts = _read_cuts(content["cuts"]) if body_key == "cuts" else ()
    except ValueError as fault:  # includes unreadable TOML and text that is not UTF-8
        raise RulesInvalid([f"{path.name}: {fault}"]) from fault
    return RuleFile(
        name=path.name,
        theme=content["theme"],
        version=content["version"],
        reviewed_by=content["reviewed_by"],
        rules=_read_rules(content.get("rule", []), path.name),
        cuts=cuts,
    )


def parse_signal(written: str) -> Signal:
    """`name`, or `name=3` for a counted signal, as examples write them."""
    name, equals, count = written.partition("=")
    return Signal(name, int(count)) if equals else Signal(name)


def _check_file(content: Mapping[str, Any], body_key: str) -> None:
    check_keys(content, _FILE_KEYS | {body_key})
    if content["schema"] != SCHEMA:
        raise ValueError(f"schema is {content['schema']!r}, this program reads {SCHEMA}")
    for key in ("theme", "version", "owner"):
        check_sentence(content[key], key)
    for key in ("reviewed_by", "reviewed_on"):
        if not isinstance(content[key], str):
            raise ValueError(f"{key} must be text, empty until someone has signed")
    if body_key == "rule" and not is_list_of(dict, content["rule"]):
        raise ValueError("needs at least one [[rule]]")


def _read_rules(entries: list[dict[str, Any]], file_name: str) -> tuple[Rule, ...]:
    rules, faults = [], []
    for number, entry in enumerate(entries, start=1):
        try:
            rules.append(_read_rule(entry))
        except ValueError as fault:
            faults.append(f"{file_name}: rule {entry.get('id', f'number {number}')}: {fault}")
    if faults:
        raise RulesInvalid(faults)
    return tuple(rules)


def _read_rule(entry: Mapping[str, Any]) -> Rule:
    check_keys(entry, _RULE_KEYS, _OPTIONAL_RULE_KEYS)
    check_sentence(entry["id"], "id")
    check_sentence(entry["source"], "source")
    all_of, any_of = _read_condition(entry)
    return Rule(
        id=entry["id"],
        all_of=all_of,
        any_of=any_of,
        at_least=_read_at_least(entry),
        reason=Reason(entry["id"], _read_points(entry["points"]), _read_floor(entry), _read_text(entry["reason"])),
        source=entry["source"],
        adds=_read_adds(entry),
        examples=_read_examples(entry["examples"], "examples"),
        counterexamples=_read_examples(entry["counterexamples"], "counterexamples"),
    )


def _read_condition(entry: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if ("signal" in entry) == ("all" in entry or "any" in entry):
        raise ValueError("needs either signal, or all and any")
    if "signal" in entry:
        check_sentence(entry["signal"], "signal")
        return (entry["signal"],), ()
    for key in ("all", "any"):
        if key in entry and not is_list_of(str, entry[key]):
            raise ValueError(f"{key} must be a list of signal names")
    return tuple(entry.get("all", ())), tuple(entry.get("any", ()))


def _read_at_least(entry: Mapping[str, Any]) -> int | None:
    at_least = entry.get("at_least")
    if at_least is None:
        return None
    if "signal" not in entry or not _is_whole(at_least) or at_least < 1:
        raise ValueError("at_least must be a whole number from 1, on a rule of one signal")
    return at_least


def _read_adds(entry: Mapping[str, Any]) -> bool:
    adds = entry.get("adds", True)
    if not isinstance(adds, bool):
        raise ValueError("adds must be true or false")
    return adds


def _read_points(points: Any) -> int:
    if not _is_whole(points) or not 0 <= points <= MOST_POINTS:
        raise ValueError(f"points must be a whole number from 0 to {MOST_POINTS}: a rule only ever raises")
    return points


def _read_floor(entry: Mapping[str, Any]) -> RiskLevel | None:
    if "floor" not in entry:
        return None
    if entry["floor"] not in list(RiskLevel):
        raise ValueError(f"floor {entry['floor']!r} is not a level ({', '.join(RiskLevel)})")
    return RiskLevel(entry["floor"])


def _read_text(reason: Any) -> dict[str, str]:
    if not isinstance(reason, dict):
        raise ValueError("reason must hold one sentence a language")
    for language in REASON_LANGUAGES:
        check_sentence(reason.get(language), f"reason.{language}")
    for language, sentence in reason.items():
        check_sentence(sentence, f"reason.{language}")
    return dict(reason)


def _read_examples(examples: Any, key: str) -> tuple[tuple[Signal, ...], ...]:
    if not is_list_of(list, examples) or not all(is_list_of(str, example) for example in examples):
        raise ValueError(f"{key} must be lists of signals, at least one")
    return tuple(tuple(parse_signal(written) for written in example) for example in examples)


def _read_cuts(cuts: Any) -> tuple[tuple[int, RiskLevel], ...]:
    if not isinstance(cuts, dict):
        raise ValueError("cuts must give each level its least score")
    check_keys(cuts, set(_SCORED_LEVELS))
    ordered = tuple((cuts[level], level) for level in _SCORED_LEVELS)
    scores = [score for score, _ in ordered]
    if not all(_is_whole(score) and 0 < score <= MOST_POINTS for score in scores):
        raise ValueError(f"cuts must be whole numbers from 1 to {MOST_POINTS}")
    if scores != sorted(set(scores), reverse=True):
        raise ValueError("cuts must fall from critical to routine")
    return ordered


def check_keys(table: Mapping[str, Any], needed: set[str], optional: Iterable[str] = ()) -> None:
    """ValueError unless the table has every needed key and no other than these and the optional ones."""
    if missing := sorted(needed - table.keys()):
        raise ValueError(f"missing {', '.join(missing)}")
    if unknown := sorted(table.keys() - needed - set(optional)):
        raise ValueError(f"unknown key {', '.join(unknown)}")


def check_sentence(value: Any, key: str) -> None:
    """ValueError unless the value is text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} must be text and not empty")


def is_list_of(kind: type, value: Any) -> bool:
    """Whether the value is a list, not empty, of nothing but `kind`."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, kind) for item in value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
