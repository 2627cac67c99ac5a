"""What a single word of a text fits, however it is written: as it stands, by its sound, or by ear."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from triage.text.arabizi import looks_like_arabizi
from triage.text.by_ear import sound_of
from triage.text.clitics import without_clitics
from triage.text.sounds import Sounds
from triage.text.tokens import read_leet
from triage.text.vocabulary import Vocabulary
from triage.text.walk import PLAIN

PLAINLY_ANOTHER = 2  # usual words of other languages, from which on nothing is heard by ear
PLAINLY_ARABIZI = 2  # signs of Arabic in Latin letters, from which on short words are heard too


@dataclass(frozen=True)
class KnownWords:
    """The words of all packs: as written, Arabic ones by their sound, and those that everyone spells by ear."""

    written: Vocabulary
    sounds: Sounds
    heard: Vocabulary
    arabizi_markers: frozenset[str]
    ear_markers: frozenset[str]
    other_markers: frozenset[str]

    def tell_arabizi(self, forms: Iterable[str]) -> int:
        """How plainly these words are Arabic in Latin letters: 0 not at all, up to PLAINLY_ARABIZI."""
        return min(sum(self._shows_arabizi(form) for form in forms), PLAINLY_ARABIZI)

    def _shows_arabizi(self, form: str) -> int:
        """How much a word tells that the text is Arabic in Latin letters: a digit among letters tells it plainly."""
        if looks_like_arabizi(form):
            return 1 if form.startswith("2") else PLAINLY_ARABIZI
        return int(form in self.arabizi_markers)

    def may_be_spelled_by_ear(self, forms: Set[str]) -> bool:
        """Not where a text shows words of other languages and none of one spelled so: English `been` is no `bye`."""
        return len(forms & self.other_markers) < PLAINLY_ANOTHER or bool(forms & self.ear_markers)

    def parts_of(self, word: str, arabizi: int, by_ear: bool) -> dict[int, int]:
        """The parts of phrases that a word fits, each with the consonants it was found by, or PLAIN."""
        leet = read_leet(word)
        forms = (word, *without_clitics(word), *([leet] if leet else []))
        parts = {number: PLAIN for form in forms for number in self.written.parts_of(form)}
        if by_ear and arabizi < PLAINLY_ARABIZI and (sound := sound_of(word)):
            parts.update(dict.fromkeys(self.heard.parts_of(sound), PLAIN))
        if arabizi:
            for number, consonants in self.sounds.parts_of(word, plainly=arabizi >= PLAINLY_ARABIZI).items():
                parts.setdefault(number, consonants)
        return parts
