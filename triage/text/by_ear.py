"""Words that everyone spells as they hear them, such as Urdu and Hindi in Latin letters: what the spellings share.

marunga, maroongaa and mrunga are one word. Of a word with three consonants or more the vowels inside are dropped;
of a shorter one only vowels that sound alike are made one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from triage.text.phrases import Atom, Family, Word
from triage.text.tokens import squeeze

FEWEST_CONSONANTS = 3  # below, nothing but the vowels tells mar (hit) from mor (peacock)
SHORTEST = 3  # letters: `ka`, `ki`, `ko` are different words
_PAIRS = {"ch": "C", "kh": "X", "gh": "G", "th": "T", "dh": "D", "bh": "B", "ph": "f", "sh": "S", "jh": "J"}
_ALIKE = str.maketrans({"w": "v", "z": "j", "q": "k"})
_VOWELS = re.compile(r"(?<!^)[aeiouy]+|^[aeiou]+y?")
_LAST_NASAL = re.compile(r"(?<=[eiouy])n$")


@lru_cache(maxsize=16384)
def sound_of(form: str) -> str:
    """What all spellings of a folded Latin word share; empty for other words and for the shortest."""
    if len(form) < SHORTEST or not form.isascii() or not form.isalpha():
        return ""
    sound = _LAST_NASAL.sub("", form.replace("chh", "ch"))
    for pair, code in _PAIRS.items():
        sound = sound.replace(pair, code)
    sound = sound.translate(_ALIKE)
    consonants = len(_VOWELS.sub("", sound))
    last = len(sound)
    if consonants >= FEWEST_CONSONANTS:
        return squeeze(_VOWELS.sub(lambda run: _name(run[0]) if run.end() == last or not run.start() else "", sound))
    short = squeeze(_VOWELS.sub(lambda run: "".join(map(_name, run[0])), sound))
    return short if len(short) >= SHORTEST else ""


def as_heard(atom: Atom) -> Iterable[Word]:
    """The word, or every word of the family, by its sound."""
    forms: Iterable[str] = ()
    if isinstance(atom, Family):
        forms = (before + stem + after for stem in atom.stems for before in atom.before for after in atom.after)
    elif isinstance(atom, Word) and not atom.beginning:
        forms = (atom.form,)
    return (Word(sound) for sound in {sound_of(squeeze(form)) for form in forms} if sound)


def _name(vowels: str) -> str:
    """`a`, `i` or `u` for a vowel, or for a run of them by its last."""
    return {"a": "a", "o": "u", "u": "u"}.get(vowels[-1], "i")
