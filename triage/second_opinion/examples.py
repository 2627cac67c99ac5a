"""The example bank: sentences of our own with their levels, and the measure that each group of languages is held to."""

import csv
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from triage.model import RiskLevel

POOLED = "pooled"  # the measure of groups with too few examples for one of their own


class BankInvalid(Exception):
    """The example bank can not be used; the words name file and fault."""


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence that we wrote, never one of a caller. Its id is stable, so that an opinion can be told later.

    `hand` tells whose writing it is: whoever writes repeats themselves, so what is learned from one hand is
    measured on another.
    """

    id: str
    text: str
    lang: str
    label: RiskLevel
    hand: str

    def is_grave(self) -> bool:
        """Whether nearness to it speaks for raising."""
        return self.label >= RiskLevel.high

    def is_ordinary(self) -> bool:
        """Whether nearness to it speaks against. Elevated ones lie between and speak for neither."""
        return self.label <= RiskLevel.routine


@dataclass(frozen=True)
class Bank:
    """All examples, how many of the nearest count, and the thresholds by group."""

    examples: tuple[Example, ...]
    fingerprint: str  # of the examples; what was measured and learned of them is named by it
    neighbours: int
    thresholds: Mapping[str, float]
    prepared: Mapping[str, str]  # the prepared files, and the SHA-256 of each

    @cached_property
    def grave(self) -> tuple[int, ...]:
        """The places of the grave examples."""
        return tuple(place for place, one in enumerate(self.examples) if one.is_grave())

    @cached_property
    def ordinary(self) -> tuple[int, ...]:
        """The places of the ordinary examples."""
        return tuple(place for place, one in enumerate(self.examples) if one.is_ordinary())

    def threshold_of(self, group: str) -> float:
        """What the score of a text in this group of languages must be above."""
        return self.thresholds.get(group, self.thresholds[POOLED])


def read_bank(folder: Path) -> Bank:
    """Read `examples.csv` and `thresholds.toml` of a folder. Raises BankInvalid."""
    examples, fingerprint = read_examples(folder)
    try:
        table = tomllib.loads((folder / "thresholds.toml").read_text(encoding="utf-8"))
        thresholds = {group: float(measure["threshold"]) for group, measure in table["group"].items()}
        neighbours = int(table["neighbours"])
        if POOLED not in thresholds:
            raise BankInvalid(f"thresholds.toml: group.{POOLED} is missing")
        prepared = {str(name): str(digest) for name, digest in table["prepared"].items()}
        return Bank(examples, fingerprint, neighbours, thresholds, prepared)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BankInvalid(f"thresholds.toml: {fault}") from fault


def read_least(folder: Path) -> Mapping[str, float]:
    """The lowest threshold that each group may have, from `least.toml`. Raises BankInvalid."""
    try:
        table = tomllib.loads((folder / "least.toml").read_text(encoding="utf-8"))
        return {group: float(threshold) for group, threshold in table["least"].items()}
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BankInvalid(f"least.toml: {fault}") from fault


def read_examples(folder: Path) -> tuple[tuple[Example, ...], str]:
    """The examples in order, and the fingerprint of their file. Raises BankInvalid."""
    try:
        content = (folder / "examples.csv").read_bytes()
        rows = csv.DictReader(content.decode("utf-8").splitlines())
        examples = tuple(
            Example(row["id"], row["text"], row["lang"], RiskLevel(row["label"]), row["hand"]) for row in rows
        )
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BankInvalid(f"examples.csv: {fault}") from fault
    if len({example.id for example in examples}) < len(examples):
        raise BankInvalid("examples.csv: an id stands there twice")
    if not any(map(Example.is_grave, examples)) or not any(map(Example.is_ordinary, examples)):
        raise BankInvalid("examples.csv: needs examples of high danger and ordinary ones")
    return examples, hashlib.sha256(content).hexdigest()[:16]
