"""Finds the phrases of all packs in a text: each word is looked up once, then the tree is walked from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from triage.text.arabizi import FEWEST_CONSONANTS
from triage.text.known_words import KnownWords
from triage.text.laid_out import LaidOut
from triage.text.tokens import Token
from triage.text.walk import PLAIN, Fit, Ground, Walk

WORDS_REMEMBERED = 8_000


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found: which one (`ending`), and the numbers of the words it used."""

    ending: int
    words: tuple[int, ...]


class PhraseFinder:
    """Made once, by a tree that was closed. `fewest_consonants`: of endings that ask for other than the usual."""

    def __init__(self, laid_out: LaidOut, words: KnownWords, fewest_consonants: Mapping[int, int]) -> None:
        self._kept = (laid_out, words, dict(fewest_consonants))
        self._words = words
        self._fewest_consonants = fewest_consonants
        self._ground = Ground(laid_out)
        # Single usual words are met again and again; nothing is kept of who wrote them or what stood around them.
        self._fit_word = lru_cache(maxsize=WORDS_REMEMBERED)(self._fit_word_afresh)

    def __getstate__(self) -> tuple[Any, ...]:
        return self._kept

    def __setstate__(self, kept: tuple[Any, ...]) -> None:
        """Made from what was kept in a file; the words met meanwhile are not among it."""
        self.__init__(*kept)

    def find(self, tokens: Sequence[Token]) -> tuple[list[Match], bool]:
        """The phrases of the text, and whether these are all: False when it was too tangled to be read to its end."""
        forms = {token.form for token in tokens}
        arabizi, by_ear = self._words.tell_arabizi(forms), self._words.may_be_spelled_by_ear(forms)
        walk = Walk(tokens, [self._fit_word(token.form, arabizi, by_ear) for token in tokens], self._ground)
        matches = [
            Match(ending, used)
            for first in range(len(tokens))
            for ending, (_, used, consonants) in walk.begin(first)
            if consonants == PLAIN or consonants >= self._fewest_consonants.get(ending, FEWEST_CONSONANTS)
        ]
        return matches, walk.steps_left > 0

    def _fit_word_afresh(self, word: str, arabizi: int, by_ear: bool) -> Fit:
        return self._ground.make_fit(self._words.parts_of(word, arabizi, by_ear))
