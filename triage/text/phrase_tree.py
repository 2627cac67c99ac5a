"""All phrases of all packs in one tree, walked once from every word of a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from triage.text.arabizi import FEWEST_CONSONANTS, looks_like_arabizi
from triage.text.by_ear import as_heard, sound_of
from triage.text.clitics import without_clitics
from triage.text.phrases import Atom, Choice, Gap, Sequence_
from triage.text.sounds import Sounds
from triage.text.tokens import Token, read_leet
from triage.text.vocabulary import Vocabulary

MOST_STEPS = 4_000  # some milliseconds; an ordinary text takes a hundred
WORDS_REMEMBERED = 8_000
FARTHEST = 12  # words from the beginning of a choice to whatever may follow it over the widest gap
ALL_PARTS = -1  # as bits
PLAIN = -1  # a word found as it was written, not by its consonants
PLAINLY_ARABIZI = 2  # signs of Arabic in Latin letters, from which on short words are heard too
WEIGHT_OF_PLAIN = 2  # consonants that a word found as it was written counts for beside one found by sound

Fits = dict[int, int]  # part number -> consonants it was found by, or PLAIN


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
    """A place in the tree. `firsts` are all parts a next word may fit, so that few ways are ever tried."""

    next: dict[int, _Node] = field(default_factory=dict)
    choices: dict[Choice, _Node] = field(default_factory=dict)
    choices_by_first: dict[int, list[tuple[Choice, _Node]]] = field(default_factory=dict)
    gaps: dict[int, _Node] = field(default_factory=dict)
    endings: set[int] = field(default_factory=set)
    firsts: frozenset[int] = frozenset()
    hopes: int = 0  # a bit for every part that may come next, over a gap too; all bits where a phrase may end


_Way = tuple[int, tuple[int, ...], int]  # number of the next word, words used, consonants of those found by them


class PhraseTree:
    """Add every sequence, close it, then find them in texts."""

    def __init__(self, arabizi_markers: frozenset[str] = frozenset()) -> None:
        self._root = _Node()
        self._nodes = [self._root]
        self._choice_roots: dict[Choice, _Node] = {}
        self._part_numbers: dict[frozenset[Atom], int] = {}
        self._words = Vocabulary()
        self._sounds = Sounds()
        self._heard = Vocabulary()
        self._heard_parts: set[int] = set()
        self._arabizi_markers = arabizi_markers
        self._fewest_consonants: dict[int, int] = {}  # of endings that ask for other than the usual
        # Single usual words are met again and again; nothing is kept of who wrote them or what stood around them.
        self._fit_word = lru_cache(maxsize=WORDS_REMEMBERED)(self._fit_word_afresh)

    def add(
        self, sequence: Sequence_, ending: int, fewest_consonants: int = FEWEST_CONSONANTS, *, by_ear: bool = False
    ) -> None:
        """One spelled-out phrase; `ending` is what a match will name, by sound from so many consonants on.

        By ear: its Latin words are found however they are spelled.
        """
        self._plant(self._root, sequence, ending, by_ear)
        if fewest_consonants != FEWEST_CONSONANTS:
            self._fewest_consonants[ending] = fewest_consonants

    def close(self) -> None:
        """No more phrases will be added: note which words begin which choices."""
        firsts: dict[Choice, set[int]] = {}
        for node in self._nodes:
            for choice, child in node.choices.items():
                for number in self._firsts(choice, firsts):
                    node.choices_by_first.setdefault(number, []).append((choice, child))
            node.firsts = frozenset(node.next.keys() | node.choices_by_first.keys())
        for node in self._nodes:
            nexts = node.firsts.union(*(behind.firsts for behind in node.gaps.values()))
            node.hopes = ALL_PARTS if node.endings else as_bits(nexts)

    def find(self, tokens: Sequence[Token]) -> tuple[list[Match], bool]:
        """The phrases of the text, and whether these are all: False when it was too tangled to be read to its end."""
        walk = _Walk(tokens, self._fit(tokens), self._choice_roots)
        matches = [
            Match(ending, used)
            for first in range(len(tokens))
            for node, (_, used, consonants) in walk.go(self._root, first)
            for ending in node.endings
            if consonants == PLAIN or consonants >= self._fewest_consonants.get(ending, FEWEST_CONSONANTS)
        ]
        return matches, walk.steps_left > 0

    def _plant(self, node: _Node, sequence: Sequence_, ending: int, by_ear: bool) -> None:
        for part in sequence:
            if isinstance(part, Gap):
                node = node.gaps.get(part.most) or node.gaps.setdefault(part.most, self._new_node())
            elif isinstance(part, Choice):
                self._plant_choice(part, by_ear)
                node = node.choices.get(part) or node.choices.setdefault(part, self._new_node())
            else:
                number = self._number(part, by_ear)
                node = node.next.get(number) or node.next.setdefault(number, self._new_node())
        node.endings.add(ending)

    def _plant_choice(self, choice: Choice, by_ear: bool) -> None:
        if choice not in self._choice_roots:
            root = self._choice_roots[choice] = self._new_node()
            for option in choice.options:
                self._plant(root, option, 0, by_ear)

    def _new_node(self) -> _Node:
        self._nodes.append(_Node())
        return self._nodes[-1]

    def _firsts(self, choice: Choice, known: dict[Choice, set[int]]) -> set[int]:
        if choice not in known:
            root = self._choice_roots[choice]
            known[choice] = set(root.next).union(*(self._firsts(inner, known) for inner in root.choices))
        return known[choice]

    def _number(self, part: frozenset[Atom], by_ear: bool) -> int:
        if part not in self._part_numbers:
            number = self._part_numbers[part] = len(self._part_numbers)
            for atom in part:
                self._words.add(atom, number)
                self._sounds.add(atom, number)
        number = self._part_numbers[part]
        if by_ear and number not in self._heard_parts:
            self._heard_parts.add(number)
            for heard in {one for atom in part for one in as_heard(atom)}:
                self._heard.add(heard, number)
        return number

    def _fit(self, tokens: Sequence[Token]) -> list[Fits]:
        arabizi = sum(self._shows_arabizi(form) for form in {token.form for token in tokens})
        return [self._fit_word(token.form, min(arabizi, PLAINLY_ARABIZI)) for token in tokens]

    def _shows_arabizi(self, form: str) -> int:
        """How much a word tells that the text is Arabic in Latin letters: a digit among letters tells it plainly."""
        if looks_like_arabizi(form):
            return 1 if form.startswith("2") else PLAINLY_ARABIZI
        return int(form in self._arabizi_markers)

    def _fit_word_afresh(self, word: str, arabizi: int) -> Fits:
        leet = read_leet(word)
        forms = (word, *without_clitics(word), *([leet] if leet else []))
        fits = {number: PLAIN for form in forms for number in self._words.parts_of(form)}
        if arabizi < PLAINLY_ARABIZI and (sound := sound_of(word)):
            fits.update(dict.fromkeys(self._heard.parts_of(sound), PLAIN))
        if arabizi:
            for number, consonants in self._sounds.parts_of(word, plainly=arabizi >= PLAINLY_ARABIZI).items():
                fits.setdefault(number, consonants)
        return fits


class _Walk:
    """One text being walked. Written flat: this is where the time of reading goes."""

    def __init__(self, tokens: Sequence[Token], fits: Sequence[Fits], choice_roots: Mapping[Choice, _Node]) -> None:
        self._fits = fits
        self._sets = [frozenset(one) for one in fits]
        self._after_break = [token.after_break for token in tokens]
        self._ahead = _look_ahead(self._sets)
        self._choice_roots = choice_roots
        self._chosen: dict[tuple[Choice, int], list[_Way]] = {}
        self.steps_left = MOST_STEPS

    def go(self, root: _Node, place: int) -> list[tuple[_Node, _Way]]:
        """Every place with an ending that can be reached from a word on, while steps are left."""
        reached: list[tuple[_Node, _Way]] = []
        if self._sets[place].isdisjoint(root.firsts):
            return reached
        open_ways: list[tuple[_Node, _Way]] = [(root, (place, (), PLAIN))]
        while open_ways and self.steps_left > 0:
            self.steps_left -= 1
            node, way = open_ways.pop()
            if node.endings:
                reached.append((node, way))
            if way[0] < len(self._sets):
                if node.gaps:
                    self._skip(node, way, open_ways)
                self._step(node, way, open_ways)
        return reached

    def _step(self, node: _Node, way: _Way, open_ways: list[tuple[_Node, _Way]]) -> None:
        place, used, consonants = way
        tried: set[Choice] = set()
        for number in self._sets[place] & node.firsts:
            child = node.next.get(number)
            if child and self._leads_on(child, place + 1):
                total = _add_consonants(consonants, len(used), self._fits[place][number], 1)
                open_ways.append((child, (place + 1, (*used, place), total)))
            for choice, behind in node.choices_by_first.get(number, ()):
                if choice not in tried and behind.hopes & self._ahead[place + 1]:
                    tried.add(choice)
                    for after, words, more in self._choose(choice, place):
                        if self._leads_on(behind, after):
                            total = _add_consonants(consonants, len(used), more, len(words))
                            open_ways.append((behind, (after, used + words, total)))

    def _leads_on(self, node: _Node, place: int) -> bool:
        """Whether a way may end here or go on with the next word: most do not, and are dropped at once."""
        if node.endings:
            return True
        if node.gaps:
            return bool(node.hopes & self._ahead[place])
        return place < len(self._sets) and not self._sets[place].isdisjoint(node.firsts)

    def _choose(self, choice: Choice, place: int) -> list[_Way]:
        """One way to each word at which the choice may end."""
        if (choice, place) not in self._chosen:
            ways = {way[0]: way for _, way in self.go(self._choice_roots[choice], place)}
            self._chosen[choice, place] = list(ways.values())
        return self._chosen[choice, place]

    def _skip(self, node: _Node, way: _Way, open_ways: list[tuple[_Node, _Way]]) -> None:
        """Go on behind each gap, which never reaches over the end of a sentence."""
        place, used, consonants = way
        for most, behind in node.gaps.items():
            for after in range(place, min(place + most, len(self._sets) - 1) + 1):
                if self._after_break[after]:
                    break
                if not self._sets[after].isdisjoint(behind.firsts):
                    open_ways.append((behind, (after, used, consonants)))


@lru_cache(maxsize=WORDS_REMEMBERED)
def as_bits(numbers: frozenset[int]) -> int:
    """A bit for each; the last one stays free."""
    return sum(1 << (number + 1) for number in numbers)


def _look_ahead(sets: Sequence[frozenset[int]]) -> list[int]:
    """For every place, the parts that its word and the next few fit, as bits; one more for the end.

    Bits, since this is asked for every phrase that a word may begin: most have no other word in the text.
    """
    bits = [as_bits(one) for one in sets]
    ahead = []
    for place in range(len(bits) + 1):
        seen = 1  # the last bit, so that a phrase that may end here always finds something
        for one in bits[place : place + FARTHEST]:
            seen |= one
        ahead.append(seen)
    return ahead


def _add_consonants(so_far: int, words: int, more: int, further: int) -> int:
    """The consonants by which `words` words and `further` ones behind them were found; PLAIN if none was by sound."""
    if so_far == PLAIN and more == PLAIN:
        return PLAIN
    before = WEIGHT_OF_PLAIN * words if so_far == PLAIN else so_far
    return before + (WEIGHT_OF_PLAIN * further if more == PLAIN else more)
