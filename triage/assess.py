"""From signals to an assessment: add the points, take the highest floor, keep every reason.

level = the more severe of the score's level and of every floor. More signals never mean a lower
level. A level that a person set is kept apart by whoever calls this and is never lowered by it.
"""

from collections.abc import Iterable, Sequence

from triage.model import Assessment, RiskLevel, Signal
from triage.rule_file import Rule
from triage.rules import NOT_UNDERSTOOD, RuleSet

MOST_SCORE = 100


def assess(signals: Iterable[Signal], rules: RuleSet) -> Assessment:
    """What the rules make of the signals. Never raises on a signal: one not understood raises the level."""
    counts = _count(signals, rules)
    heard = {place for name in counts for place in rules.by_signal[name]}
    # Rules stand in order of importance, so sorted places are sorted reasons.
    speaking = [rules.rules[place] for place in sorted(heard) if rules.rules[place].fires(counts)]
    reasons = tuple(rule.reason for rule in speaking)
    score = min(MOST_SCORE, _add_points(speaking))
    floors = (reason.floor for reason in reasons if reason.floor is not None)
    level = RiskLevel.highest(rules.level_for(score), *floors)
    return Assessment(level, score, reasons, rules.version)


def _add_points(speaking: Sequence[Rule]) -> int:
    """Circumstances add up; of what a text is about, the gravest alone counts: two griefs are no emergency."""
    added = sum(rule.reason.points for rule in speaking if rule.adds)
    return added + max((rule.reason.points for rule in speaking if not rule.adds), default=0)


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
