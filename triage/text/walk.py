"""One text walked through the tree of phrases. Written flat: this is where the time of reading goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from triage.text.laid_out import NO_CHOICE, ROOT, WINDOWS, LaidOut, Start
from triage.text.tokens import Token

MOST_STEPS = 4_000  # some milliseconds; an ordinary text takes a few dozen
PLAIN = -1  # a word found as it was written, not by its consonants
WEIGHT_OF_PLAIN = 2  # consonants that a word found as it was written counts for beside one found by sound
MOST_BITS = 4096
ANYTHING = -1  # as bits: whatever follows will do

Way = tuple[int, tuple[int, ...], int]  # number of the next word, words used, consonants of those found by them
# The part a word fits, a choice it begins or NO_CHOICE, the place behind, what that needs, and in which window.
Begun = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Fit:
    """What a word fits: each part with the consonants it was found by or PLAIN, and the phrases it may begin."""

    parts: dict[int, int]
    begins: tuple[Begun, ...]
    bits: int


class Ground:
    """The places of a tree, and what each needs to follow, as bits: made when first asked for, and kept."""

    def __init__(self, laid_out: LaidOut) -> None:
        self.places = laid_out.places
        self._needs: list[int | None] = [None] * len(laid_out.places)

    def need(self, number: int) -> int:
        """The parts of which one must follow a place."""
        bits = self._needs[number]
        if bits is None:
            need = self.places[number][3]
            bits = self._needs[number] = ANYTHING if need is None else as_bits(need[0])
        return bits

    def make_fit(self, parts: dict[int, int]) -> Fit:
        """All that is known of a word before the text is."""
        parts = dict(sorted(parts.items()))  # so that of two ways to the same words every process takes the same
        starts = self.places[ROOT][0]
        plain = [(part, way) for part in parts for way in starts.get(part, ()) if way[0] == NO_CHOICE]
        choices = {way: part for part in parts for way in starts.get(part, ()) if way[0] != NO_CHOICE}
        ways = [*plain, *((part, way) for way, part in choices.items())]
        begins = tuple((part, *way[:2], self.need(way[1]), way[2]) for part, way in ways)
        return Fit(parts, begins, as_bits(parts))


class Walk:
    """One walk over one text; `steps_left` tells at its end whether the text was read completely."""

    def __init__(self, tokens: Sequence[Token], fits: Sequence[Fit], ground: Ground) -> None:
        self._fits = [fit.parts for fit in fits]
        self._begins = [fit.begins for fit in fits]
        self._breaks = [token.after_break for token in tokens]
        self._ahead = _look_ahead([fit.bits for fit in fits])
        self._ground = ground
        self._chosen: dict[tuple[int, int], list[Way]] = {}
        self.steps_left = MOST_STEPS

    def begin(self, place: int) -> list[tuple[int, Way]]:
        """Every ending of a phrase that begins at a word, with the way to it."""
        open_ways: list[tuple[int, Way]] = []
        for part, choice, behind, need, window in self._begins[place]:
            if need & self._ahead[window][place + 1]:
                self._follow(part, choice, behind, (place, (), PLAIN), open_ways)
        return self._go(open_ways)

    def _go(self, open_ways: list[tuple[int, Way]]) -> list[tuple[int, Way]]:
        reached: list[tuple[int, Way]] = []
        places, need, ahead = self._ground.places, self._ground.need, self._ahead
        fits, length = self._fits, len(self._fits)
        while open_ways and self.steps_left > 0:
            self.steps_left -= 1
            number, way = open_ways.pop()
            starts, gaps, endings, _ = places[number]
            if endings:
                reached += [(ending, way) for ending in endings]
            if way[0] >= length:
                continue
            if gaps:
                self._skip(gaps, way, open_ways)
            here = fits[way[0]]
            few, many = (here, starts) if len(here) < len(starts) else (starts, here)
            tried: set[Start] = set()
            for part in few:
                if part in many:
                    for start in starts[part]:
                        choice, behind, window = start
                        if need(behind) & ahead[window][way[0] + 1] and start not in tried:
                            tried.add(start)
                            self._follow(part, choice, behind, way, open_ways)
        return reached

    def _follow(self, part: int, choice: int, behind: int, way: Way, open_ways: list[tuple[int, Way]]) -> None:
        place, used, consonants = way
        if choice == NO_CHOICE:
            total = _add_consonants(consonants, len(used), self._fits[place][part], 1)
            open_ways.append((behind, (place + 1, (*used, place), total)))
            return
        for after, words, more in self._choose(choice, place):
            if self._leads_on(behind, after):
                total = _add_consonants(consonants, len(used), more, len(words))
                open_ways.append((behind, (after, used + words, total)))

    def _leads_on(self, number: int, place: int) -> bool:
        """Whether the text holds what this place in the tree needs from a word on: most ways end here."""
        need = self._ground.places[number][3]
        return need is None or bool(self._ground.need(number) & self._ahead[need[1]][place])

    def _choose(self, choice: int, place: int) -> list[Way]:
        """To each word at which a choice may end, the way found as written and the surest of those found by sound."""
        known = self._chosen.get((choice, place))
        if known is None:
            ways = self._go([(choice, (place, (), PLAIN))]) if self._leads_on(choice, place) else []
            # The surest comes last, so that it is the one that stays.
            surest = {(way[0], way[2] == PLAIN): way for _, way in sorted(ways, key=lambda one: one[1][2])}
            known = self._chosen[choice, place] = list(surest.values())
        return known

    def _skip(self, gaps: Iterable[tuple[int, int]], way: Way, open_ways: list[tuple[int, Way]]) -> None:
        """Go on behind each gap, which never reaches over the end of a sentence."""
        place, used, consonants = way
        last = len(self._fits) - 1
        for most, behind in gaps:
            for after in range(place, min(place + most, last) + 1):
                if self._breaks[after]:
                    break
                if self._leads_on(behind, after):
                    open_ways.append((behind, (after, used, consonants)))


def as_bits(parts: Iterable[int]) -> int:
    """A bit for each, shared with some others: short numbers are quick, and a wrong guess costs only time.

    The last bit stays free.
    """
    bits = 0
    for part in parts:
        bits |= 2 << part % MOST_BITS
    return bits


def _look_ahead(bits: Sequence[int]) -> list[list[int]]:
    """For every window and word, the parts that it and those after it fit, as bits; one more for the end.

    Bits, since this is asked for every phrase that a word may begin: most have no other word in the text.
    The last bit is always there, so that a phrase that may end here finds something.
    """
    ahead = [[*(one | 1 for one in bits), 1]]
    for words in WINDOWS[:-1]:
        last = ahead[-1]
        ahead.append([one | later for one, later in zip(last, [*last[words:], *[1] * words], strict=False)])
    return ahead


def _add_consonants(so_far: int, words: int, more: int, further: int) -> int:
    """The consonants by which `words` words and `further` ones behind them were found; PLAIN if none was by sound."""
    if so_far == PLAIN and more == PLAIN:
        return PLAIN
    before = WEIGHT_OF_PLAIN * words if so_far == PLAIN else so_far
    return before + (WEIGHT_OF_PLAIN * further if more == PLAIN else more)
