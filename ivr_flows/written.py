"""What a text tells of its writer's language: by its letters and words, or because it asks for one by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from ivr_flows.library import Library

# Letters of Urdu that Arabic does not have, also not in the dialects of the Gulf.
URDU_LETTERS = frozenset("ٹڈڑںےۓھہ")
LETTERS = {"ar": ("\u0600", "\u06ff"), "hi": ("\u0900", "\u097f")}
ASKS_FOR_LIST = "?"


def guess_written(body: str, library: Library) -> str:
    """The likeliest language of a text among those that are written here; the first of them where nothing tells."""
    by_letters = _by_letters(body)
    if by_letters:
        return library.known_language(by_letters, read=True)
    words = set(plain(body).split())
    telling = {code: len(words.intersection(language.telling_words)) for code, language in library.speech.items()}
    likeliest = max(telling, key=lambda code: telling[code])
    if telling[likeliest]:
        return likeliest
    return library.known_language("en", read=True)


def asked_language(body: str, library: Library, *, by_number: bool = False) -> str | None:
    """The language that a text asks for: it is nothing but the name of one, or (`by_number`) its place in the list.

    ASKS_FOR_LIST if the text asks which languages there are; None for every other text.
    """
    asked = plain(body)
    for code, language in library.speech.items():
        if asked in map(plain, language.names):
            return code
        if asked in map(plain, language.word_for_language):
            return ASKS_FOR_LIST
    if by_number and asked.isdecimal() and 0 < int(asked) <= len(library.speech):
        return tuple(library.speech)[int(asked) - 1]
    return None


def list_languages(library: Library) -> str:
    """Every language by its own name, with the number that a text may ask for it by."""
    return "\n".join(f"{n} {language.name}" for n, language in enumerate(library.speech.values(), start=1))


def plain(text: str) -> str:
    """A text reduced to its letters and digits: no case, no marks, single spaces."""
    split = unicodedata.normalize("NFKD", text.casefold()).replace("\u0640", "")
    return " ".join("".join(_kept(split)).split())


def _kept(text: str) -> Iterable[str]:
    for character in text:
        kind = unicodedata.category(character)
        if kind[0] in "LN" or kind == "Mc" or character == "'":
            yield character
        elif kind != "Mn":
            yield " "


def _by_letters(body: str) -> str:
    if URDU_LETTERS.intersection(body):
        return "ur"
    for code, (first, last) in LETTERS.items():
        if any(first <= letter <= last for letter in body):
            return code
    return ""
