"""Fixes the thresholds: each example is weighed by all others, and one in fifty ordinary ones may raise in error."""

from collections.abc import Sequence
from dataclasses import dataclass

from triage.second_opinion.examples import POOLED, Example

FALSE_ALARMS = 0.02
FEWEST_ORDINARY = 50


@dataclass(frozen=True, slots=True)
class Measure:
    """A group's threshold, and what it was set by: examples, false alarms, and how many grave ones it finds."""

    threshold: float
    ordinary: int
    grave: int
    false_alarms: float
    found: float


def fix_thresholds(examples: Sequence[Example], differences: Sequence[float], groups: Sequence[str]) -> dict:
    """The measure of each group that is large enough, and of all together, from the differences left one out."""
    measures = {POOLED: _measure(examples, differences)}
    for group in sorted(set(groups)):
        own = [place for place, one in enumerate(groups) if one == group]
        some = [examples[place] for place in own]
        if sum(map(Example.is_ordinary, some)) >= FEWEST_ORDINARY and any(map(Example.is_grave, some)):
            measures[group] = _measure(some, [differences[place] for place in own])
    return measures


def _measure(examples: Sequence[Example], differences: Sequence[float]) -> Measure:
    pairs = list(zip(examples, differences, strict=True))
    ordinary = sorted((far for one, far in pairs if one.is_ordinary()), reverse=True)
    grave = [far for one, far in pairs if one.is_grave()]
    # The highest that may not be raised any more is the threshold: only what lies above it is.
    threshold = ordinary[int(len(ordinary) * FALSE_ALARMS)]
    return Measure(
        threshold=round(threshold, 4),
        ordinary=len(ordinary),
        grave=len(grave),
        false_alarms=sum(far > threshold for far in ordinary) / len(ordinary),
        found=sum(far > threshold for far in grave) / len(grave),
    )
