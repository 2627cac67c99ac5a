"""All phrases of all packs planted in one tree, to be laid out for finding them in texts."""

from __future__ import annotations

from triage.text.arabizi import FEWEST_CONSONANTS
from triage.text.by_ear import as_heard
from triage.text.known_words import KnownWords
from triage.text.laid_out import Planted, lay_out
from triage.text.phrase_finder import PhraseFinder
from triage.text.phrases import Atom, Choice, Gap, Sequence_
from triage.text.sounds import Sounds
from triage.text.vocabulary import Vocabulary


class PhraseTree:
    """Add every sequence, then close it."""

    def __init__(
        self,
        arabizi_markers: frozenset[str] = frozenset(),
        ear_markers: frozenset[str] = frozenset(),
        other_markers: frozenset[str] = frozenset(),
    ) -> None:
        """Markers are usual words: of Arabizi, of languages that are spelled by ear, and of all others."""
        self._root = Planted()
        self._choice_roots: dict[Choice, Planted] = {}
        self._part_numbers: dict[frozenset[Atom], int] = {}
        self._words = Vocabulary()
        self._sounds = Sounds()
        self._heard = Vocabulary()
        self._heard_parts: set[int] = set()
        self._markers = (arabizi_markers, ear_markers, other_markers)
        self._fewest_consonants: dict[int, int] = {}  # of endings that ask for other than the usual

    def add(
        self, sequence: Sequence_, ending: int, fewest_consonants: int = FEWEST_CONSONANTS, *, by_ear: bool = False
    ) -> None:
        """One spelled-out phrase; `ending` is what a match will name, by sound from so many consonants on.

        By ear: its Latin words are found however they are spelled.
        """
        self._plant(self._root, sequence, ending, by_ear)
        if fewest_consonants != FEWEST_CONSONANTS:
            self._fewest_consonants[ending] = fewest_consonants

    def close(self) -> PhraseFinder:
        """What finds the phrases in texts. Nothing more may be added."""
        words = KnownWords(self._words, self._sounds, self._heard, *self._markers)
        return PhraseFinder(lay_out(self._root, self._choice_roots), words, self._fewest_consonants)

    def _plant(self, node: Planted, sequence: Sequence_, ending: int, by_ear: bool) -> None:
        for part in sequence:
            if isinstance(part, Gap):
                node = node.gaps.get(part.most) or node.gaps.setdefault(part.most, Planted())
            elif isinstance(part, Choice):
                self._plant_choice(part, by_ear)
                node = node.choices.get(part) or node.choices.setdefault(part, Planted())
            else:
                number = self._number(part, by_ear)
                node = node.next.get(number) or node.next.setdefault(number, Planted())
        node.endings.add(ending)

    def _plant_choice(self, choice: Choice, by_ear: bool) -> None:
        if choice not in self._choice_roots:
            root = self._choice_roots[choice] = Planted()
            for option in choice.options:
                self._plant(root, option, 0, by_ear)

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
