"""Which parts of phrases a word in Latin letters fits by its sound, when the text is Arabic in Latin letters."""

from __future__ import annotations

from collections.abc import Iterable

from triage.text.arabizi import (
    FEWEST_CONSONANTS,
    FEWEST_IN_A_WORD,
    Sound,
    agree,
    ending_of,
    may_end,
    skeletons_of_arabic,
    sounds_of_arabic,
    sounds_of_latin,
    without_small_words,
)
from triage.text.phrases import Atom, Family, Word
from triage.text.vocabulary import Vocabulary


class Sounds:
    """The Arabic words of every pack by their consonants. Parts are numbered, as in the vocabulary."""

    def __init__(self) -> None:
        self._beginnings = Vocabulary()
        self._families: dict[str, Vocabulary] = {}  # by how their words end
        self._words: dict[str, list[tuple[tuple[str, ...], int]]] = {}

    def add(self, atom: Atom, number: int) -> None:
        """An Arabic word or family that belongs to the part with this number; others have no such sound."""
        if isinstance(atom, Family):
            for ending, family in _as_skeletons(atom):
                self._families.setdefault(ending, Vocabulary()).add(family, number)
        elif atom.beginning:
            for skeleton in skeletons_of_arabic(atom.form):
                if len(skeleton) >= FEWEST_IN_A_WORD:
                    self._beginnings.add(Word(skeleton, beginning=True), number)
        else:
            for consonants, vowels in sounds_of_arabic(atom.form):
                self._words.setdefault(consonants, []).append((vowels, number))

    def parts_of(self, form: str, plainly: bool) -> dict[int, int]:
        """The numbers of the parts that this word fits, each with how many consonants speak for it.

        `plainly`: the text is Arabizi beyond doubt, so that short words are heard too, by their vowels.
        """
        fits: dict[int, int] = {}
        for sound in sounds_of_latin(form):
            if len(sound[0]) >= FEWEST_IN_A_WORD:
                self._add_families(fits, sound)
            self._add_words(fits, sound, plainly)
        if plainly:
            for rest in without_small_words(form):
                for sound in sounds_of_latin(rest):
                    self._add_words(fits, sound, plainly)
        return fits

    def _add_families(self, fits: dict[int, int], sound: Sound) -> None:
        consonants, vowels = sound
        _raise_to(fits, self._beginnings.parts_of(consonants), len(consonants))
        for ending in may_end(vowels):
            if ending in self._families:
                _raise_to(fits, self._families[ending].parts_of(consonants), len(consonants))

    def _add_words(self, fits: dict[int, int], sound: Sound, plainly: bool) -> None:
        consonants, vowels = sound
        size = len(consonants)
        if size < FEWEST_IN_A_WORD and not plainly:
            return
        numbers = [number for written, number in self._words.get(consonants, ()) if agree(written, vowels)]
        _raise_to(fits, numbers, FEWEST_CONSONANTS if plainly and size == FEWEST_IN_A_WORD else size)


def _raise_to(fits: dict[int, int], numbers: Iterable[int], consonants: int) -> None:
    for number in numbers:
        fits[number] = max(consonants, fits.get(number, 0))


def _as_skeletons(family: Family) -> Iterable[tuple[str, Family]]:
    """The family by its consonants, once for each way in which its words end."""
    # A stem of two consonants, with everything that may stand around it, sounds like half of all words.
    stems = frozenset(stem for stem in _skeletons(family.stems) if len(stem) >= FEWEST_IN_A_WORD)
    if not stems:
        return
    before = _skeletons(family.before) | {""}
    by_ending: dict[str, set[str]] = {}
    for after in family.after:
        by_ending.setdefault(ending_of(after), set()).update(skeletons_of_arabic(after) or {""})
    for ending, afters in by_ending.items():
        yield ending, Family(family.name, stems, before, frozenset(afters))


def _skeletons(words: Iterable[str]) -> frozenset[str]:
    return frozenset(skeleton for word in words for skeleton in skeletons_of_arabic(word))
