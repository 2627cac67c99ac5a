"""Reads categories.toml: what a contact was about, in Child Helpline International's terms, with stable codes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from config.data_file import Strict, read_table

Code = Field(pattern=r"^[a-z][a-z0-9_]*$")


class Subject(Strict):
    """One thing to choose. A code stays for ever: the yearly return counts by it. Labels may be reworded."""

    code: str = Code
    en: str = Field(min_length=1)
    ar: str = Field(min_length=1)
    shown: bool = True  # false: not offered any more, and still known in old records

    def label(self, language: str) -> str:
        """The words for it in this language."""
        return getattr(self, language)


class CallType(Subject):
    """What kind of contact it was. Only those with `about` need a category of their own."""

    about: bool


class Category(Subject):
    subjects: tuple[Subject, ...] = Field(min_length=1)


class Categories(Strict):
    """Everything in categories.toml."""

    schema_version: Literal[1] = Field(alias="schema")
    reviewed_by: str
    call_types: tuple[CallType, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_once(self) -> "Categories":
        for where, codes in self._code_lists():
            if twice := sorted({code for code in codes if codes.count(code) > 1}):
                raise ValueError(f"{where}: {', '.join(twice)} stands there twice")
        return self

    def _code_lists(self) -> Iterator[tuple[str, list[str]]]:
        yield "call_types", [kind.code for kind in self.call_types]
        yield "categories", [category.code for category in self.categories]
        for category in self.categories:
            yield category.code, [subject.code for subject in category.subjects]

    def find(self, code: str) -> tuple[Category, Subject] | None:
        """The category and subject of a whole code such as 'violence.bullying'; None of an unknown one."""
        first, _, second = code.partition(".")
        pairs = ((category, subject) for category in self.categories for subject in category.subjects)
        return next((pair for pair in pairs if (pair[0].code, pair[1].code) == (first, second)), None)

    def find_call_type(self, code: str) -> CallType | None:
        """The call type with this code."""
        return next((kind for kind in self.call_types if kind.code == code), None)


def load_categories(folder: Path) -> Categories:
    """Read `folder`/categories.toml. Raises ConfigInvalid naming each fault with its place."""
    return read_table(folder / "categories.toml", Categories)
