"""How a phrase is written in a pack, and what it means.

    word        that word                      {dad}       any word or phrase of the list or family `dad`
    (a|b c)     one of these                   word? (a|b)? {dad}?   may be missing
    *           at most one word in between    *3          at most three words in between
    suicid*     any word that begins so (three letters or more)

A phrase becomes sequences of parts: each part is a set of words, a choice between phrases, or a gap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from triage.text.tokens import fold_word, tokenise

MOST_SEQUENCES = 64  # what may be missing doubles them each time
WIDEST_GAP = 6
SHORTEST_BEGINNING = 3  # after folding, so that `kill*` may be written

_SIGN = re.compile(
    r"\s*(?:(?P<sign>[()|])|\{(?P<name>\w+)\}|\*(?P<gap>\d?)(?=[\s)|]|$)|(?P<word>[^\s(){}|?]+))(?P<maybe>\??)"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word exactly; `beginning` means any word that begins with it."""

    form: str
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """A stem with what may stand before and after it, all folded; nothing added is always allowed."""

    name: str
    stems: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `most` words that do not matter."""

    most: int


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """One of several phrases, some of them longer than a word. Compared by identity: each is made once."""

    options: tuple[Sequence_, ...]


Atom = Word | Family
Part = frozenset[Atom] | Gap | Choice
Sequence_ = tuple[Part, ...]
LookUp = Callable[[str], Part]


def spell_out(phrase: str, look_up: LookUp) -> list[Sequence_]:
    """Every sequence a phrase stands for. `look_up` gives the part of a list or family; ValueError on a fault."""
    reader = _Reader(phrase, look_up)
    options = reader.read_options()
    if len(options) > 1 or reader.sign("sign"):
        raise ValueError(f"{phrase!r}: alternatives stand in brackets, and every bracket needs its other")
    return options[0]


def choose(options: Sequence[Sequence_]) -> Part:
    """One part for all these: a set of words where each is one word long."""
    single = [one[0] for one in options if len(one) == 1 and isinstance(one[0], frozenset)]
    words: frozenset[Atom] = frozenset().union(*single)
    longer = [one for one in options if not (len(one) == 1 and isinstance(one[0], frozenset))]
    if not longer:
        return words
    return _make_choice((*([(words,)] if words else []), *longer))


@lru_cache(maxsize=16384)
def _make_choice(options: tuple[Sequence_, ...]) -> Choice:
    """The same options are the same choice in every pack, so that a text is held against them once."""
    return Choice(options)


class _Reader:
    """Reads one written phrase from left to right."""

    def __init__(self, phrase: str, look_up: LookUp) -> None:
        self._phrase = phrase
        self._look_up = look_up
        self._place = 0
        self._next = self._peek()

    def sign(self, group: str) -> str | None:
        """What stands next, if it is of this kind."""
        return self._next[group] if self._next else None

    def read_options(self) -> list[list[Sequence_]]:
        """Phrases parted by `|`, up to a closing bracket or the end."""
        options = [self._read_sequences()]
        while self.sign("sign") == "|":
            self._step()
            options.append(self._read_sequences())
        return options

    def _read_sequences(self) -> list[Sequence_]:
        choices: list[list[Sequence_]] = []
        while self._next and self.sign("sign") not in ("|", ")"):
            choices.append(self._read_piece())
        spelled = [_join_gaps(_strip_gaps(sum(parts, ()))) for parts in self._multiply(choices)]
        if not all(spelled):
            raise ValueError(f"{self._phrase!r} could be found where none of its words is")
        return spelled

    def _multiply(self, choices: list[list[Sequence_]]) -> list[tuple[Sequence_, ...]]:
        count = 1
        for choice in choices:
            count *= len(choice)
        if count > MOST_SEQUENCES:
            raise ValueError(f"{self._phrase!r} leaves out too much; make it two phrases")
        return list(product(*choices))

    def _read_piece(self) -> list[Sequence_]:
        if self.sign("sign") == "(":
            return self._read_bracket()
        name, word, gap, maybe = (self.sign(group) for group in ("name", "word", "gap", "maybe"))
        self._step()
        if name is not None:
            piece: Sequence_ = (self._look_up(name),)
        elif word is not None:
            piece = _read_word(word)
        else:
            piece = (Gap(self._read_width(gap)),)
        return [piece, ()] if maybe else [piece]

    def _read_bracket(self) -> list[Sequence_]:
        self._step()
        options = [one for sequences in self.read_options() for one in sequences]
        if self.sign("sign") != ")":
            raise ValueError(f"{self._phrase!r} has a bracket that is not closed")
        maybe = self.sign("maybe")
        self._step()
        piece = (choose(options),)
        return [piece, ()] if maybe else [piece]

    def _read_width(self, width: str | None) -> int:
        most = int(width or 1)
        if not 1 <= most <= WIDEST_GAP:
            raise ValueError(f"{self._phrase!r}: a gap is 1 to {WIDEST_GAP} words wide")
        return most

    def _step(self) -> None:
        self._place = self._next.end() if self._next else self._place
        self._next = self._peek()

    def _peek(self) -> re.Match[str] | None:
        found = _SIGN.match(self._phrase, self._place)
        if found is None and self._phrase[self._place :].strip():
            raise ValueError(f"{self._phrase!r} cannot be read from {self._phrase[self._place :]!r} on")
        return found


def _strip_gaps(sequence: Sequence_) -> Sequence_:
    """Without gaps at its ends, which words that may be missing leave behind."""
    kept = list(sequence)
    while kept and isinstance(kept[-1], Gap):
        kept.pop()
    while kept and isinstance(kept[0], Gap):
        kept.pop(0)
    return tuple(kept)


def _join_gaps(sequence: Sequence_) -> Sequence_:
    """Two gaps side by side, left by a word that may be missing, are one as wide as both."""
    joined: list[Part] = []
    for part in sequence:
        if isinstance(part, Gap) and joined and isinstance(joined[-1], Gap):
            joined[-1] = Gap(min(joined[-1].most + part.most, WIDEST_GAP))
        else:
            joined.append(part)
    return tuple(joined)


@lru_cache(maxsize=50_000)  # the same few thousand words stand in most phrases
def _read_word(word: str) -> Sequence_:
    if word.endswith("*"):
        beginning = fold_word(word)
        if len(beginning) < SHORTEST_BEGINNING:
            raise ValueError(f"{word!r} is too short a beginning")
        return (frozenset({Word(beginning, beginning=True)}),)
    forms = [token.form for token in tokenise(word)]
    if not forms:
        raise ValueError(f"{word!r} has no letters")
    return tuple(frozenset({Word(form)}) for form in forms)
