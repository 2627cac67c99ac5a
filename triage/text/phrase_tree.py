"""All phrases of all packs in one tree, walked once from every word of a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from triage.text.arabizi import FEWEST_CONSONANTS, looks_like_arabizi, skeleton_of_latin
from triage.text.clitics import without_clitics
from triage.text.phrases import Atom, Choice, Gap, Sequence_
from triage.text.tokens import Token
from triage.text.vocabulary import Vocabulary, as_skeletons

MOST_STEPS = 60_000  # some milliseconds; an ordinary text takes a few hundred
PLAIN = -1  # a word found as it was written, not by its consonants

Fits = dict[int, int]  # part number -> consonants it was found by, or PLAIN


class TextTooTangled(Exception):
    """The text fits so many beginnings of phrases that reading it on would take too long."""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found: which one (`ending`), and the numbers of the words it used."""

    ending: int
    words: tuple[int, ...]

    @property
    def first(self) -> int:
        """The number of its first word."""
        return self.words[0]

    @property
    def last(self) -> int:
        """The number of its last word."""
        return self.words[-1]


@dataclass(slots=True)
class _Node:
    """A place in the tree. `choices_by_first` tells which choices a word may begin, so that few are ever tried."""

    next: dict[int, _Node] = field(default_factory=dict)
    choices: dict[Choice, _Node] = field(default_factory=dict)
    choices_by_first: dict[int, list[tuple[Choice, _Node]]] = field(default_factory=dict)
    gaps: dict[int, _Node] = field(default_factory=dict)
    endings: set[int] = field(default_factory=set)


_Way = tuple[int, tuple[int, ...], int]  # number of the next word, words used, consonants of those found by them


class PhraseTree:
    """Add every sequence, close it, then find them in texts. Holds nothing of any text."""

    def __init__(self, arabizi_markers: frozenset[str] = frozenset()) -> None:
        self._root = _Node()
        self._nodes = [self._root]
        self._choice_roots: dict[Choice, _Node] = {}
        self._part_numbers: dict[frozenset[Atom], int] = {}
        self._words = Vocabulary()
        self._skeletons = Vocabulary()
        self._arabizi_markers = arabizi_markers

    def add(self, sequence: Sequence_, ending: int) -> None:
        """One spelled-out phrase; `ending` is what a match will name."""
        self._plant(self._root, sequence, ending)

    def close(self) -> None:
        """No more phrases will be added: note which words begin which choices."""
        firsts: dict[Choice, set[int]] = {}
        for node in self._nodes:
            for choice, child in node.choices.items():
                for number in self._firsts(choice, firsts):
                    node.choices_by_first.setdefault(number, []).append((choice, child))

    def find(self, tokens: Sequence[Token]) -> list[Match]:
        """Every phrase of the text. TextTooTangled when that would take too many steps."""
        walk = _Walk(tokens, self._fit(tokens), self._choice_roots)
        return [
            Match(ending, used)
            for first in range(len(tokens))
            for node, (_, used, consonants) in walk.go(self._root, (first, (), PLAIN))
            if consonants == PLAIN or consonants >= FEWEST_CONSONANTS
            for ending in node.endings
        ]

    def _plant(self, node: _Node, sequence: Sequence_, ending: int) -> None:
        for part in sequence:
            if isinstance(part, Gap):
                node = node.gaps.get(part.most) or node.gaps.setdefault(part.most, self._new_node())
            elif isinstance(part, Choice):
                self._plant_choice(part)
                node = node.choices.get(part) or node.choices.setdefault(part, self._new_node())
            else:
                number = self._number(part)
                node = node.next.get(number) or node.next.setdefault(number, self._new_node())
        node.endings.add(ending)

    def _plant_choice(self, choice: Choice) -> None:
        if choice not in self._choice_roots:
            root = self._choice_roots[choice] = self._new_node()
            for option in choice.options:
                self._plant(root, option, 0)

    def _new_node(self) -> _Node:
        self._nodes.append(_Node())
        return self._nodes[-1]

    def _firsts(self, choice: Choice, known: dict[Choice, set[int]]) -> set[int]:
        if choice not in known:
            root = self._choice_roots[choice]
            known[choice] = set(root.next).union(*(self._firsts(inner, known) for inner in root.choices))
        return known[choice]

    def _number(self, part: frozenset[Atom]) -> int:
        if part not in self._part_numbers:
            number = self._part_numbers[part] = len(self._part_numbers)
            for atom in part:
                self._words.add(atom, number)
                for skeleton in as_skeletons(atom):
                    self._skeletons.add(skeleton, number)
        return self._part_numbers[part]

    def _fit(self, tokens: Sequence[Token]) -> list[Fits]:
        arabizi = any(looks_like_arabizi(one.form) or one.form in self._arabizi_markers for one in tokens)
        return [self._fit_word(token, arabizi) for token in tokens]

    def _fit_word(self, token: Token, arabizi: bool) -> Fits:
        leet = token.leet
        forms = (token.form, *without_clitics(token.form), *([leet] if leet else []))
        fits = {number: PLAIN for form in forms for number in self._words.parts_of(form)}
        if arabizi and (skeleton := skeleton_of_latin(token.form)):
            for number in self._skeletons.parts_of(skeleton):
                fits.setdefault(number, len(skeleton))
        return fits


class _Walk:
    """One text being walked."""

    def __init__(self, tokens: Sequence[Token], fits: list[Fits], choice_roots: Mapping[Choice, _Node]) -> None:
        self._tokens = tokens
        self._fits = fits
        self._choice_roots = choice_roots
        self._steps_left = MOST_STEPS
        self._chosen: dict[tuple[Choice, int], list[_Way]] = {}

    def go(self, node: _Node, way: _Way) -> Iterator[tuple[_Node, _Way]]:
        """Every place with an ending that can be reached."""
        open_ways = [(node, way)]
        while open_ways:
            node, way = open_ways.pop()
            self._steps_left -= 1
            if self._steps_left < 0:
                raise TextTooTangled
            if node.endings:
                yield node, way
            place, used, consonants = way
            for most, behind in node.gaps.items():
                open_ways.extend((behind, (after, used, consonants)) for after in self._skip(place, most))
            if place < len(self._tokens):
                open_ways.extend(self._step(node, way))

    def _step(self, node: _Node, way: _Way) -> Iterator[tuple[_Node, _Way]]:
        place, used, consonants = way
        fits = self._fits[place]
        for number in fits.keys() & node.next.keys():
            yield node.next[number], (place + 1, (*used, place), _add_consonants(consonants, fits[number]))
        tried = set()
        for number in fits.keys() & node.choices_by_first.keys():
            for choice, child in node.choices_by_first[number]:
                if choice not in tried:
                    tried.add(choice)
                    for after, words, more in self._choose(choice, place):
                        yield child, (after, used + words, _add_consonants(consonants, more))

    def _choose(self, choice: Choice, place: int) -> list[_Way]:
        if (choice, place) not in self._chosen:
            ways = self.go(self._choice_roots[choice], (place, (), PLAIN))
            self._chosen[choice, place] = list(dict.fromkeys(way for _, way in ways))
        return self._chosen[choice, place]

    def _skip(self, place: int, most: int) -> Iterator[int]:
        """The words at which a phrase may go on after a gap: a gap never reaches over the end of a sentence."""
        for after in range(place, min(place + most, len(self._tokens) - 1) + 1):
            if self._tokens[after].after_break:
                return
            yield after


def _add_consonants(so_far: int, more: int) -> int:
    if more == PLAIN:
        return so_far
    return more if so_far == PLAIN else so_far + more
