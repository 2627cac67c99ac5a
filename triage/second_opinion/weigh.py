"""What nearness to the examples means: nearer to texts of children in danger than to ordinary ones, by how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from statistics import fmean

from triage.model import RiskLevel
from triage.second_opinion.examples import Bank, Example

RAISES_TO = RiskLevel.high  # what is critical is for rules that a person has read


@dataclass(frozen=True, slots=True)
class Opinion:
    """Whether the wording is near enough to high danger, by what margin over the group's threshold, and to what."""

    raises: bool
    margin: float
    nearest: tuple[str, ...]  # ids of examples, the nearest first


def weigh(closeness: Sequence[float], bank: Bank, group: str) -> Opinion:
    """The opinion on a text, from its closeness to each example of the bank, in the bank's order."""
    grave = _nearest(closeness, bank, Example.is_grave)
    difference = _mean(grave) - _mean(_nearest(closeness, bank, Example.is_ordinary))
    margin = difference - bank.threshold_of(group)
    ids = tuple(bank.examples[place].id for _, place in grave)
    return Opinion(margin > 0, round(margin, 4), ids)


def tell_difference(closeness: Sequence[float], bank: Bank) -> float:
    """How much nearer to the grave examples than to the ordinary ones; below 0 when it is the other way round."""
    return _mean(_nearest(closeness, bank, Example.is_grave)) - _mean(_nearest(closeness, bank, Example.is_ordinary))


def _nearest(closeness: Sequence[float], bank: Bank, which) -> list[tuple[float, int]]:
    of_kind = ((near, place) for place, near in enumerate(closeness) if which(bank.examples[place]))
    return nlargest(bank.neighbours, of_kind)


def _mean(nearest: Sequence[tuple[float, int]]) -> float:
    return fmean(near for near, _ in nearest)
