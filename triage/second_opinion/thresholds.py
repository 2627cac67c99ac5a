"""Fixes the thresholds: each example is scored by what others wrote, and so many ordinary ones may raise in error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triage.second_opinion.examples import POOLED, Example

FALSE_ALARMS = 0.08
FEWEST_ORDINARY = 50


@dataclass(frozen=True, slots=True)
class Measure:
    """A group's threshold, and what it was set by: examples, false alarms, and how many grave ones it finds."""

    threshold: float
    ordinary: int
    grave: int
    false_alarms: float
    found: float


def fix_thresholds(
    examples: Sequence[Example], scores: Sequence[float], groups: Sequence[str], least: Mapping[str, float]
) -> dict[str, Measure]:
    """The measure of each group that is large enough, and of all together, from the scores of examples left out.

    No threshold is below the `least` of its group: what strangers' small talk reaches is not seen in our examples.
    """
    measures = {POOLED: _measure(examples, scores, least.get(POOLED))}
    for group in sorted(set(groups)):
        own = [place for place, one in enumerate(groups) if one == group]
        some = [examples[place] for place in own]
        if sum(map(Example.is_ordinary, some)) >= FEWEST_ORDINARY and any(map(Example.is_grave, some)):
            measures[group] = _measure(some, [scores[place] for place in own], least.get(group))
    return measures


def _measure(examples: Sequence[Example], scores: Sequence[float], least: float | None) -> Measure:
    pairs = list(zip(examples, scores, strict=True))
    ordinary = sorted((score for one, score in pairs if one.is_ordinary()), reverse=True)
    grave = [score for one, score in pairs if one.is_grave()]
    # The highest that may not be raised any more is the threshold: only what lies above it is.
    threshold = ordinary[int(len(ordinary) * FALSE_ALARMS)]
    if least is not None:
        threshold = max(threshold, least)
    return Measure(
        threshold=round(threshold, 4),
        ordinary=len(ordinary),
        grave=len(grave),
        false_alarms=sum(score > threshold for score in ordinary) / len(ordinary),
        found=sum(score > threshold for score in grave) / len(grave),
    )
