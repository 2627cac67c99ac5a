"""How well levels fit labels: confusion, recall, false alarms, with intervals. Recall first, never accuracy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from triage.model import RiskLevel

Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Judged:
    """One text's language, the level people gave it, and the level the rules gave it."""

    language: str
    label: RiskLevel
    level: RiskLevel


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, with the 95 % Wilson interval of the share."""

    hits: int
    of: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound of the share."""
        if not self.of:
            return 0.0, 1.0
        share, spread = self.hits / self.of, Z_95 * Z_95 / self.of
        middle = share + spread / 2
        reach = Z_95 * sqrt(share * (1 - share) / self.of + spread / (4 * self.of))
        return max(0.0, (middle - reach) / (1 + spread)), min(1.0, (middle + reach) / (1 + spread))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        low, high = self.interval
        return {"hits": self.hits, "of": self.of, "share": self.share, "interval": [round(low, 4), round(high, 4)]}


Test = Callable[[Judged], bool]
LEVEL = RiskLevel
GOALS: dict[str, tuple[Test, Test]] = {
    "critical_rated_high_or_above": (lambda one: one.label == LEVEL.critical, lambda one: one.level >= LEVEL.high),
    "critical_rated_critical": (lambda one: one.label == LEVEL.critical, lambda one: one.level == LEVEL.critical),
    "high_and_critical_rated_high_or_above": (lambda one: one.label >= LEVEL.high, lambda one: one.level >= LEVEL.high),
    "high_and_critical_rated_elevated_or_above": (
        lambda one: one.label >= LEVEL.high,
        lambda one: one.level >= LEVEL.elevated,
    ),
    "false_critical": (lambda one: one.label < LEVEL.critical, lambda one: one.level == LEVEL.critical),
    "routine_and_benign_rated_high_or_above": (
        lambda one: one.label <= LEVEL.routine,
        lambda one: one.level >= LEVEL.high,
    ),
    "under_rated_by_two_or_more": (lambda one: True, lambda one: one.label.rank - one.level.rank >= 2),
}


def count_confusion(judged: Iterable[Judged]) -> dict[str, dict[str, int]]:
    """For each label, how often each level was given."""
    counts = Counter((one.label, one.level) for one in judged)
    return {str(label): {str(level): counts[label, level] for level in RiskLevel} for label in RiskLevel}


def measure_goals(judged: Sequence[Judged]) -> dict[str, Rate]:
    """Each goal's rate over all that were judged."""
    return {name: _measure(judged, *tests) for name, tests in GOALS.items()}


def measure_levels(judged: Sequence[Judged]) -> dict[str, dict[str, Rate]]:
    """For each level: how many that are of it were rated at least so, and how many below it were rated so too."""
    return {
        str(level): {
            "recall": _rate([one for one in judged if one.label == level], level),
            "false_alarms": _rate([one for one in judged if one.label < level], level),
        }
        for level in RiskLevel
    }


def group_by_language(judged: Iterable[Judged]) -> dict[str, list[Judged]]:
    """The same by language, in the order of the alphabet."""
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(one.language, []).append(one)
    return dict(sorted(groups.items()))


def _rate(judged: Sequence[Judged], level: RiskLevel) -> Rate:
    return Rate(sum(one.level >= level for one in judged), len(judged))


def _measure(judged: Sequence[Judged], among: Test, hit: Test) -> Rate:
    chosen = [one for one in judged if among(one)]
    return Rate(sum(map(hit, chosen)), len(chosen))
