"""The words of triage: what was noticed (Signal), why it counts (Reason), how worried we are (RiskLevel).

A level orders the waiting line. It never says whether a child is believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class RiskLevel(StrEnum):
    """The five levels. `RiskLevel.critical > RiskLevel.high`: they compare by severity, not by spelling."""

    critical = "critical"
    high = "high"
    elevated = "elevated"
    routine = "routine"
    benign = "benign"

    @property
    def rank(self) -> int:
        """5 for critical down to 1 for benign."""
        return _RANKS[self]

    @classmethod
    def highest(cls, *levels: RiskLevel) -> RiskLevel:
        """The most severe of the given levels; ValueError when none is given."""
        return max(levels, key=lambda level: level.rank)

    # All four are written out: a member is also a str, and whichever one were
    # missing would quietly compare the names by alphabet.
    def __lt__(self, other: str) -> bool:
        return self.rank < RiskLevel(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= RiskLevel(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > RiskLevel(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= RiskLevel(other).rank


_RANKS = {level: rank for rank, level in enumerate(reversed(RiskLevel), start=1)}


@dataclass(frozen=True, slots=True)
class Signal:
    """Something noticed about a contact, by name. A counted signal carries its count as `value`."""

    name: str
    value: int | str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule spoke, in words a counsellor reads: `text` holds one sentence a language code."""

    rule: str
    points: int
    floor: RiskLevel | None
    text: Mapping[str, str] = field(hash=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        floor = None if self.floor is None else str(self.floor)
        return {"rule": self.rule, "points": self.points, "floor": floor, "text": dict(self.text)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Reason:
        """The reason that `to_dict` wrote. KeyError or ValueError when it did not write this."""
        floor = None if stored["floor"] is None else RiskLevel(stored["floor"])
        return cls(stored["rule"], stored["points"], floor, dict(stored["text"]))


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules make of a contact's signals; `reasons` holds the most important first."""

    level: RiskLevel
    score: int
    reasons: tuple[Reason, ...]
    rules_version: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "level": str(self.level),
            "score": self.score,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "rules_version": self.rules_version,
        }
