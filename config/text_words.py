"""Reads text_words.toml: words that, alone in a text, ask for an end of texts, a new start, or who we are."""

import unicodedata
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.data_file import Strict, read_table

Meaning = Literal["stop", "start", "help"]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Words = dict[Language, tuple[Annotated[str, Field(min_length=1)], ...]]
TATWEEL = "\u0640"


class TextWords(Strict):
    """Everything in text_words.toml."""

    schema_version: Literal[1] = Field(alias="schema")
    reviewed_by: str
    stop: Words
    start: Words
    help: Words

    @model_validator(mode="after")
    def _one_meaning_a_word(self) -> "TextWords":
        seen: dict[str, Meaning] = {}
        for meaning, word in self._all_words():
            if seen.setdefault(word, meaning) != meaning:
                raise ValueError(f"{word!r} can not mean both {seen[word]} and {meaning}")
        return self

    def meaning_of(self, body: str) -> Meaning | None:
        """What a text means that is nothing but one of the words; None for every other text."""
        return self._meanings.get(plain(body))

    @cached_property
    def _meanings(self) -> dict[str, Meaning]:
        return {word: meaning for meaning, word in self._all_words()}

    def _all_words(self) -> list[tuple[Meaning, str]]:
        tables: dict[Meaning, Words] = {"stop": self.stop, "start": self.start, "help": self.help}
        return [
            (meaning, plain(word)) for meaning, table in tables.items() for words in table.values() for word in words
        ]


def plain(text: str) -> str:
    """A text reduced to its letters: no case, no marks, no punctuation, single spaces."""
    split = unicodedata.normalize("NFKD", text.casefold()).replace(TATWEEL, "")
    letters = (letter if _is_letter(letter) else " " for letter in split if unicodedata.category(letter) != "Mn")
    return " ".join("".join(letters).split())


def _is_letter(character: str) -> bool:
    # Marks above and below letters (Mn) are dropped before; vowel signs that take room (Mc) are part of the word.
    return unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "Mc"


def load_text_words(folder: Path) -> TextWords:
    """Read `folder`/text_words.toml. Raises ConfigInvalid naming each fault with its place."""
    return read_table(folder / "text_words.toml", TextWords)
