"""The words of the partners' pages, one file a language; codes have their words in a table of their own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILES = Path(__file__).parent / "words"
NAMES = {"ar": "العربية", "en": "English"}
DIRECTIONS = {"ar": "rtl", "en": "ltr"}


@dataclass(frozen=True)
class Wording:
    """One language."""

    code: str
    tables: Mapping[str, Mapping[str, str]]

    @property
    def direction(self) -> str:
        """Which way it runs."""
        return DIRECTIONS[self.code]

    def say(self, key: str, **values: object) -> str:
        """A sentence by its key. Raises KeyError for one that nobody wrote."""
        return self.tables["say"][key].format(**values)

    def tell(self, table: str, code: str | None) -> str:
        """A code in words. One this version has no words for is shown as it is: strange, but never hidden."""
        known = self.tables[table]
        return known.get(code or "unknown") or (code or "?").replace("_", " ")


def load_wording() -> dict[str, Wording]:
    """Every language by its code."""
    return {code: Wording(code, tomllib.loads((FILES / f"{code}.toml").read_text(encoding="utf-8"))) for code in NAMES}
