"""Arabic in Latin letters: the sounds that both spellings share.

بيضربني and bydrabni and beyedrebny all become bdrbn. Skeletons fit too many words, so a word must agree in its
long vowels too (باب is bab and beb, never bib), a verb with its endings in the last vowel; and words of up to
three consonants count by themselves only in a text that plainly is Arabizi.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice, product

FEWEST_CONSONANTS = 4  # in a whole phrase; three would already hear Arabic in English chatter
FEWEST_IN_COMPANY = 2  # in a phrase that counts only with others near it
FEWEST_TO_TAKE_AWAY = 7  # in a phrase that cancels or denies what was found
FEWEST_IN_A_WORD = 3  # where vowels are not compared: `el` and `ya` sound like far too much
FEWEST_LETTERS_LEFT = 3
MOST_READINGS = 16  # of one Latin word, whose letters may stand for two Arabic ones each

ARABIC = {
    **dict(zip("بتثجحخدذرزسشصضطظعغفقكلمنه", "bttghxddrzsSsdtz3Yfkklmnh", strict=True)),
    "پ": "b",
    "چ": "S",
    "گ": "g",
    "ٹ": "t",
    "ڈ": "d",
    "ڑ": "r",
    "ژ": "g",
    **dict.fromkeys("اوي", ""),
}
LATIN_PAIRS = {"kh": "x", "gh": "Y", "sh": "S", "ch": "C", "th": "T", "dh": "D"}
NOT_IN_ARABIZI = set("cpvx")  # but ch: a word with one of these is French or English
LATIN = {
    **dict(zip("bdfghjklmnqrstz", "bdfghgklmnkrstz", strict=True)),
    **dict(zip("356789", "3xthYk", strict=True)),
    **dict.fromkeys("aeiouyw", ""),
}
# What else a Latin letter may stand for: galli is قالي, 9aff is صف, zaba7 is ذبح, chan is كان.
MAY_BE_TOO = {"2": ("2", ""), "g": "gk", "z": "zd", "9": "ks", "C": "Sk", "T": "td", "D": "dz", "8": "Yk"}
SMALL_WORDS = re.compile("(w|[bfhl]|3a)?([aei]?l)?")  # w, b, f, 3a and the article, written with the next word
DIGITS_OF_ARABIZI = set("235679")
# French and English words that stand in Arabizi texts too, and sound like something else.
NOT_BY_SOUND = frozenset(
    {"les", "des", "est", "que", "qui", "pas", "pour", "mais", "sur", "son", "ses", "mes", "nous", "vous"}
)
NOT_BY_SOUND |= {
    "on",
    "par",
    "plus",
    "tout",
    "fait",
    "bien",
    "bon",
    "the",
    "this",
    "that",
    "my",
    "his",
    "her",
    "you",
    "one",
}
NOT_ARABIZI = {"2day", "2nite", "2night", "2morow", "2moro", "2nd", "3rd", "5th", "6th", "7th", "9th", "3d", "mp3"}

Sound = tuple[str, tuple[str, ...]]  # consonants, and the vowels before, between and after them


@lru_cache(maxsize=16384)
def sounds_of_arabic(word: str) -> frozenset[Sound]:
    """How a folded Arabic word may sound; none for other scripts."""
    if not word or any(letter not in ARABIC for letter in word):
        return frozenset()
    written = {word}
    if word.endswith("ه") and len(word) > 2:
        written.add(word[:-1] + "ة")
    sounds = {_sound(one, qaf) for one in written for qaf in ("k", "2")}
    return frozenset(sound for sound in sounds if sound[0])


def _sound(word: str, qaf: str) -> Sound:
    """`qaf` is how ق is said: as a k, or like the hamza that is written 2."""
    consonants, vowels = "", [""]
    for letter in word:
        code = qaf if letter == "ق" else ARABIC.get(letter, "")
        if code:
            consonants += code
            vowels.append("")
        else:
            vowels[-1] += letter
    return consonants, tuple(vowels)


@lru_cache(maxsize=4096)
def skeletons_of_arabic(word: str) -> frozenset[str]:
    """The consonants of a folded Arabic word, as they may be written in Latin letters."""
    return frozenset(consonants for consonants, _ in sounds_of_arabic(word))


@lru_cache(maxsize=8192)
def sounds_of_latin(form: str) -> tuple[Sound, ...]:
    """The ways in which a word in Latin letters may be meant; none when it has no consonant or is no such word."""
    if (
        form in NOT_BY_SOUND
        or not form.isascii()
        or form.isdigit()
        or not NOT_IN_ARABIZI.isdisjoint(form.replace("ch", ""))
    ):
        return ()
    for pair, code in LATIN_PAIRS.items():
        form = form.replace(pair, code)
    codes, vowels = [], [""]
    for letter in form:
        code = MAY_BE_TOO.get(letter) or LATIN.get(letter, letter if letter.isupper() else "")
        if code:
            codes.append(code)
            vowels.append("")
        else:
            vowels[-1] += letter
    readings = (_put_together(one, vowels) for one in islice(product(*codes), MOST_READINGS))
    return tuple(reading for reading in readings if reading[0])


def _put_together(codes: Sequence[str], vowels: Sequence[str]) -> Sound:
    """One reading; a sign that is nothing in it, such as 2, joins the vowels on both sides."""
    consonants, joined = "", [vowels[0]]
    for code, heard in zip(codes, vowels[1:], strict=True):
        if code:
            consonants += code
            joined.append(heard)
        else:
            joined[-1] += heard
    return consonants, tuple(joined)


def without_small_words(form: str) -> Iterable[str]:
    """What is left of a word in Latin letters without the article or the small word written together with it."""
    found = SMALL_WORDS.match(form)
    ends = {found.end(1), found.end(2)} if found else set()
    return (form[end:] for end in ends if end > 0 and len(form) - end >= FEWEST_LETTERS_LEFT)


def may_end(latin: tuple[str, ...]) -> tuple[str, ...]:
    """How an Arabic word may end that ends like this in Latin letters: on a weak letter, ه (as ة) or neither."""
    heard = latin[-1]
    if not heard:
        return ("", "ة")
    return ("ة", *(letter for letter in "اوي" if _is_heard(letter, heard, last=True)))


def ending_of(word: str) -> str:
    """How a folded Arabic word ends, as `may_end` tells it."""
    return "ة" if word.endswith("ه") else word[-1:] if word[-1:] in ("ا", "و", "ي") else ""


def agree(arabic: tuple[str, ...], latin: tuple[str, ...]) -> bool:
    """Whether the vowels of a Latin word are those of an Arabic one with the same consonants: long ones must be
    there, and no more than one short one where Arabic writes none."""
    last = len(arabic) - 1
    return all(
        _fits_slot(written, heard, first=place == 0, last=place == last)
        for place, (written, heard) in enumerate(zip(arabic, latin, strict=True))
    )


def _fits_slot(written: str, heard: str, first: bool, last: bool) -> bool:
    if written == "ة":
        return len(heard) < 4 and not heard.endswith(("i", "y", "w"))  # a feminine ending, or his: bint kbira, 3ndo
    if not written:
        return not heard if last else heard in ("", "e", "i") if first else _is_short(heard)
    if first and written == "ا":
        return "y" not in heard and "w" not in heard
    return all(_is_heard(letter, heard, last) for letter in written.replace("ة", ""))


def _is_short(heard: str) -> bool:
    return len(heard) < 3 and "w" not in heard and "y" not in heard


def _is_heard(letter: str, heard: str, last: bool) -> bool:
    wanted = {"ا": "ae", "و": "ouw", "ي": "ieya" if last else "iey"}[letter]
    return any(sign in heard for sign in wanted)


def looks_like_arabizi(form: str) -> bool:
    """Whether a word mixes Latin letters with the digits that stand for Arabic ones."""
    if not form.isascii() or form in NOT_ARABIZI:
        return False
    letters = sum(letter.isalpha() for letter in form)
    return letters >= 2 and not DIGITS_OF_ARABIZI.isdisjoint(form) and letters >= sum(map(str.isdigit, form))
