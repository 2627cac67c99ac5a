"""The planted tree laid out for walking: every place in it a number, and for each what a text must still hold.

Most ways into a tree of thousands of phrases are dead ends. So each place knows a few parts, as rare as can be, of
which a text has to hold one further on, or no phrase can end behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from triage.text.phrases import Choice

ROOT = 0
NO_CHOICE = -1
WINDOWS = (1, 2, 4, 8, 16, 32, 64, 128)  # words ahead that are looked through for what a place needs
FARTHEST = 12  # words ahead at which something rarer is still asked for


@dataclass(eq=False, slots=True)
class Planted:
    """A place in the tree while phrases are being added."""

    next: dict[int, Planted] = field(default_factory=dict)
    choices: dict[Choice, Planted] = field(default_factory=dict)
    gaps: dict[int, Planted] = field(default_factory=dict)
    endings: set[int] = field(default_factory=set)


Need = tuple[tuple[int, ...], int]  # parts of which one must follow, within which of the windows
# The place where a choice begins or NO_CHOICE, the place behind, and the window in which what that needs begins, from
# the next word on.
Start = tuple[int, int, int]
Place = tuple[
    dict[int, tuple[Start, ...]],  # ways on, by the part that the next word fits
    tuple[tuple[int, int], ...],  # gaps: words that may be stepped over, and the place behind
    tuple[int, ...],  # phrases that end here
    Need | None,  # what must follow; None: nothing more is needed
]


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Every place by its number, the root first."""

    places: tuple[Place, ...]


class _Need(NamedTuple):
    """Parts of which one must follow, how usual they are together, and how many words ahead the last may begin."""

    parts: frozenset[int]
    usual: int
    ahead: int

    @property
    def window(self) -> int:
        """The place in WINDOWS of the smallest one that reaches as far."""
        return next(number for number, words in enumerate(WINDOWS) if words > self.ahead)

    @property
    def chance(self) -> int:
        """How likely a text holds one of them there by accident, as a number to compare."""
        return self.usual * WINDOWS[self.window]


def lay_out(root: Planted, choice_roots: Mapping[Choice, Planted]) -> LaidOut:
    """The places of the planted tree and of the choices that are part of it."""
    return LaidOut(_Layout(root, choice_roots).make())


class _Layout:
    def __init__(self, root: Planted, choice_roots: Mapping[Choice, Planted]) -> None:
        self._choice_roots = choice_roots
        self._planted = _gather([root, *choice_roots.values()])
        self._numbers = {id(one): number for number, one in enumerate(self._planted)}
        self._usual = Counter(part for one in self._planted for part in one.next)
        self._firsts: dict[Choice, frozenset[int]] = {}
        self._lengths: dict[int, int] = {}
        self._needs: dict[int, _Need | None] = {}

    def make(self) -> tuple[Place, ...]:
        return tuple(
            (
                self._list_starts(one),
                tuple((most, self._numbers[id(behind)]) for most, behind in one.gaps.items()),
                tuple(sorted(one.endings)),
                None if (need := self._need(one)) is None else (tuple(sorted(need.parts)), need.window),
            )
            for one in self._planted
        )

    def _list_starts(self, place: Planted) -> dict[int, tuple[Start, ...]]:
        starts: dict[int, list[Start]] = {}
        for part, behind in place.next.items():
            starts.setdefault(part, []).append((NO_CHOICE, self._numbers[id(behind)], self._window(behind, 0)))
        for choice, behind in place.choices.items():
            root = self._choice_roots[choice]
            window = self._window(behind, self._length(root) - 1)
            start = (self._numbers[id(root)], self._numbers[id(behind)], window)
            for part in sorted(self._first_parts(choice)):
                starts.setdefault(part, []).append(start)
        return {part: tuple(ways) for part, ways in starts.items()}

    def _window(self, place: Planted, words: int) -> int:
        need = _move(self._need(place), words)
        return need.window if need else 0

    def _first_parts(self, choice: Choice) -> frozenset[int]:
        if choice not in self._firsts:
            root = self._choice_roots[choice]
            inner = (self._first_parts(one) for one in root.choices)
            self._firsts[choice] = frozenset(root.next).union(*inner)
        return self._firsts[choice]

    def _need(self, place: Planted) -> _Need | None:
        """What must follow a place: of every way on, its own part or what must follow behind it, whichever is rarer."""
        if id(place) not in self._needs:
            self._needs[id(place)] = None if place.endings else _join(self._list_needs(place))
        return self._needs[id(place)]

    def _list_needs(self, place: Planted) -> list[_Need]:
        needs = []
        for part, behind in place.next.items():
            own = _Need(frozenset({part}), self._usual[part], 0)
            needs.append(_rarer(own, _move(self._need(behind), 1)))
        for choice, behind in place.choices.items():
            root = self._choice_roots[choice]
            needs.append(_rarer(self._need(root), _move(self._need(behind), self._length(root))))
        needs += [_move(self._need(behind), most) for most, behind in place.gaps.items()]
        return [need for need in needs if need is not None]

    def _length(self, place: Planted) -> int:
        """Words from here to the farthest ending, gaps included."""
        if id(place) not in self._lengths:
            ways = [1 + self._length(behind) for behind in place.next.values()]
            ways += [
                self._length(self._choice_roots[choice]) + self._length(behind)
                for choice, behind in place.choices.items()
            ]
            ways += [most + self._length(behind) for most, behind in place.gaps.items()]
            self._lengths[id(place)] = max(ways, default=0)
        return self._lengths[id(place)]


def _gather(roots: list[Planted]) -> list[Planted]:
    found: list[Planted] = []
    unseen = list(reversed(roots))
    while unseen:
        one = unseen.pop()
        found.append(one)
        unseen += [*one.next.values(), *one.choices.values(), *one.gaps.values()]
    return found


def _move(need: _Need | None, words: int) -> _Need | None:
    return need and need._replace(ahead=need.ahead + words)


def _rarer(own: _Need, behind: _Need | None) -> _Need:
    far = behind is None or behind.ahead > FARTHEST
    return own if far or own.chance <= behind.chance else behind


def _join(needs: list[_Need]) -> _Need:
    parts = frozenset().union(*(need.parts for need in needs))
    return _Need(parts, sum(need.usual for need in needs), max(need.ahead for need in needs))
