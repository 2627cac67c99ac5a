"""From signals to an assessment: add the points, take the highest floor, keep every reason.

level = the more severe of the score's level and of every floor. More signals never mean a lower
level. A level that a person set is kept apart by whoever calls this and is never lowered by it.
"""

from collections.abc import Iterable

from triage.model import Assessment, RiskLevel, Signal
from triage.rules import NOT_UNDERSTOOD, RuleSet

MOST_SCORE = 100


def assess(signals: Iterable[Signal], rules: RuleSet) -> Assessment:
    """What the rules make of the signals. Never raises on a signal: one not understood raises the level."""
    counts = _count(signals, rules)
    heard = {place for name in counts for place in rules.by_signal[name]}
    # Rules stand in order of importance, so sorted places are sorted reasons.
    reasons = tuple(rules.rules[place].reason for place in sorted(heard) if rules.rules[place].fires(counts))
    score = min(MOST_SCORE, sum(reason.points for reason in reasons))
    floors = (reason.floor for reason in reasons if reason.floor is not None)
    level = RiskLevel.highest(rules.level_for(score), *floors)
    return Assessment(level, score, reasons, rules.version)


def _count(signals: Iterable[Signal], rules: RuleSet) -> dict[str, int]:
    """The highest count of each signal; a repeated signal counts once, so that echoes add no weight."""
    counts: dict[str, int] = {}
    for signal in signals:
        name, count = signal.name, signal.value
        if name not in rules.by_signal or (name in rules.counted and not _is_count(count)):
            name = NOT_UNDERSTOOD
        if not isinstance(count, int):
            count = 1
        counts[name] = max(count, counts.get(name, count))
    return counts


def _is_count(value: int | str | None) -> bool:
    return value is None or isinstance(value, int)
