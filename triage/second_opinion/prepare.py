"""A text as the second opinion reads it: its words as the rules see them, and the group whose measure it is held to."""

from dataclasses import dataclass

from triage.text.arabizi import looks_like_arabizi
from triage.text.language import guess_language
from triage.text.letters import script_of
from triage.text.lexicon import Lexicon
from triage.text.tokens import tokenise

FIRST_LETTERS, LAST_LETTERS = 240, 160  # measuring takes longer with the square of the length
LATIN_TOO = ("ar", "ur", "hi")  # languages that are also written in Latin letters
PAIRS = {"sh": "ش", "ch": "ش", "kh": "خ", "gh": "غ", "th": "ث", "dh": "ذ", "ou": "و"}
LETTERS = {
    **dict(zip("abcdefghijklmnopqrstuvwxyz", "ابكديفجهيجكلمنوبقرستوفوكيز", strict=True)),
    **dict(zip("2356789", "ءعخطحقص", strict=True)),
}
SHORT_VOWELS = "ae"  # which Arabic does not write inside a word


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is compared, and the group it belongs to, such as `ar`, `ar-latin`, `en` or `und`."""

    words: str
    group: str


def prepare(text: str, lexicon: Lexicon) -> Prepared:
    """The words of a text without case, marks and stretching. Arabic in Latin letters is put into Arabic ones."""
    forms = [token.form for token in tokenise(text)]
    group = _group_of(text, forms, lexicon)
    if group == "ar-latin":
        forms = [to_arabic(form) for form in forms]
    words = " ".join(forms)
    if len(words) > FIRST_LETTERS + LAST_LETTERS:
        words = f"{words[:FIRST_LETTERS]} {words[-LAST_LETTERS:]}"
    return Prepared(words, group)


def to_arabic(form: str) -> str:
    """A word in Latin letters as Arabic would be likely to write it; other words stay as they are."""
    if not form.isascii():
        return form
    for pair, letter in PAIRS.items():
        form = form.replace(pair, letter)
    last = len(form) - 1
    heard = (sign for place, sign in enumerate(form) if sign not in SHORT_VOWELS or place in (0, last))
    return "".join(LETTERS.get(sign, sign) for sign in heard)


def _group_of(text: str, forms: list[str], lexicon: Lexicon) -> str:
    language = guess_language(text, lexicon)
    latin = any(script_of(letter) == "latin" for form in forms for letter in form)
    in_other_letters = any(script_of(letter) not in ("latin", "") for form in forms for letter in form)
    if latin and not in_other_letters:
        if any(looks_like_arabizi(form) for form in forms):
            return "ar-latin"
        return f"{language}-latin" if language in LATIN_TOO else language
    return language
