"""Arabic in Latin letters: the consonants that both spellings share.

بيضربني and bydrabni and beyedrebny all become bdrbn. Short skeletons fit too many words, so a phrase
found this way counts only from a stated number of consonants on, and only in a text that shows
signs of Arabizi.
"""

from functools import lru_cache

FEWEST_CONSONANTS = 4  # in a whole phrase; three would already hear Arabic in English chatter

FEWEST_IN_A_WORD = 3  # `el` and `ya` sound like far too much

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
LATIN_PAIRS = {"kh": "x", "gh": "Y", "sh": "S", "ch": "S", "th": "t", "dh": "d"}
LATIN = {
    **dict(zip("bcdfghjklmnpqrstvxz", "bkdfghgklmnbkrstfSz", strict=True)),
    **dict(zip("356789", "3xthYk", strict=True)),
    **dict.fromkeys("aeiouyw2", ""),
}
DIGITS_OF_ARABIZI = set("235679")
NOT_ARABIZI = {"2day", "2nite", "2night", "2morow", "2moro", "2nd", "3rd", "5th", "6th", "7th", "9th", "3d", "mp3"}


@lru_cache(maxsize=4096)
def skeletons_of_arabic(word: str) -> frozenset[str]:
    """The skeletons under which a folded Arabic word may be written in Latin letters; none for other scripts."""
    if not word or any(letter not in ARABIC for letter in word):
        return frozenset()
    written = {word, word.removesuffix("ه")}
    written |= {one.replace("ق", "") for one in written}
    return frozenset("".join(ARABIC[letter] for letter in one) for one in written) - {""}


def skeleton_of_latin(form: str) -> str:
    """The consonants of a word in Latin letters; empty when it has none or is no such word."""
    if not form.isascii() or form.isdigit():
        return ""
    for pair, code in LATIN_PAIRS.items():
        form = form.replace(pair, code)
    return "".join(LATIN.get(letter, letter if letter.isupper() else "") for letter in form)


def looks_like_arabizi(form: str) -> bool:
    """Whether a word mixes Latin letters with the digits that stand for Arabic ones."""
    if not form.isascii() or form in NOT_ARABIZI:
        return False
    letters = sum(letter.isalpha() for letter in form)
    return letters >= 2 and not DIGITS_OF_ARABIZI.isdisjoint(form) and letters >= sum(map(str.isdigit, form))
