"""One letter as every rule sees it: without case, marks, script variants of digits, or look-alike forms."""

import unicodedata
from functools import lru_cache

SAME_LETTER = {
    **dict.fromkeys("أإآٱٲٳ", "ا"),
    **dict.fromkeys("ىیئېےۓ", "ي"),
    **dict.fromkeys("ةہھەۀۂۃۿ", "ه"),
    **dict.fromkeys("کڪ", "ك"),
    **dict.fromkeys("ؤۇۆۈ", "و"),
    "ں": "ن",
    "ڤ": "ف",
    "ء": "",
    "ـ": "",
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ँ": "ं",
    "़": "",
}
SKIN_TONES = range(0x1F3FB, 0x1F400)
DEVANAGARI = range(0x0900, 0x0980)


@lru_cache(maxsize=8192)
def fold_letter(letter: str) -> str:
    """The letters that stand for this one in every view: usually one, none for marks and invisible signs."""
    if letter in SAME_LETTER:
        return SAME_LETTER[letter]
    if unicodedata.category(letter) == "Cf" or ord(letter) in SKIN_TONES:
        return ""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    return "".join(_fold_part(part) for part in parts)


def _fold_part(part: str) -> str:
    if part in SAME_LETTER:
        return SAME_LETTER[part]
    if unicodedata.category(part) in ("Mn", "Me", "Cf") and ord(part) not in DEVANAGARI:
        return ""
    digit = unicodedata.digit(part, None)
    return part if digit is None else str(digit)


@lru_cache(maxsize=8192)
def is_in_word(letter: str) -> bool:
    """Whether a word may hold this: letters and digits, and the vowel signs of Devanagari."""
    return letter.isalnum() or unicodedata.category(letter) in ("Mn", "Mc")


@lru_cache(maxsize=8192)
def is_picture(letter: str) -> bool:
    """Whether this is an emoji or another picture, which is a word by itself."""
    return unicodedata.category(letter) == "So" or ord(letter) >= 0x1F000


@lru_cache(maxsize=8192)
def script_of(letter: str) -> str:
    """`latin`, `arabic`, `devanagari`, `other` for a letter; empty for anything else."""
    if not letter.isalpha():
        return ""
    code = ord(letter)
    if code < 0x0250:
        return "latin"
    if 0x0600 <= code < 0x0780:
        return "arabic"
    return "devanagari" if code in DEVANAGARI else "other"
