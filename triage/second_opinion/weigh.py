"""What nearness to the examples means, and what was learned from them: one score, held to the group's threshold."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from statistics import fmean

from triage.model import RiskLevel
from triage.second_opinion.examples import Bank

RAISES_TO = RiskLevel.high  # what is critical is for rules that a person has read
# Differences of nearness are small beside learned scores; so weighted, each of the two moves the sum about as much.
NEARNESS_COUNTS = 3.0
NAMED = 5  # of the nearest examples, to tell a person why


@dataclass(frozen=True, slots=True)
class Opinion:
    """Whether the wording is near enough to high danger, by what margin over the group's threshold, and to what."""

    raises: bool
    margin: float
    nearest: tuple[str, ...]  # ids of grave examples, the nearest first


def weigh(closeness: Sequence[float], learned: float, bank: Bank, group: str) -> Opinion:
    """The opinion on a text: its closeness to each example, in the bank's order, and the score learned from all."""
    grave = _nearest(closeness, bank.grave, bank.neighbours)
    score = tell_score(tell_difference(closeness, bank.grave, bank.ordinary, bank.neighbours), learned)
    ids = tuple(bank.examples[place].id for _, place in grave[:NAMED])
    return judge(score, ids, bank, group)


def judge(score: float, nearest: tuple[str, ...], bank: Bank, group: str) -> Opinion:
    """The opinion that a score means in a group of languages."""
    margin = score - bank.threshold_of(group)
    return Opinion(margin > 0, round(margin, 4), nearest)


def tell_score(difference: float, learned: float) -> float:
    """Nearness and what was learned, in one figure."""
    return NEARNESS_COUNTS * difference + learned


def tell_difference(
    closeness: Sequence[float], grave: Sequence[int], ordinary: Sequence[int], neighbours: int
) -> float:
    """How much nearer to the grave examples than to the ordinary ones; below 0 when it is the other way round."""
    return _mean(_nearest(closeness, grave, neighbours)) - _mean(_nearest(closeness, ordinary, neighbours))


def _nearest(closeness: Sequence[float], places: Sequence[int], count: int) -> list[tuple[float, int]]:
    return nlargest(count, ((closeness[place], place) for place in places))


def _mean(nearest: Sequence[tuple[float, int]]) -> float:
    return fmean(near for near, _ in nearest)
