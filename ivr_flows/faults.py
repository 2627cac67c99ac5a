"""A fault in a flow or language file: which file, where in it, and what is wrong, in words for its author."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w.-]+))\s*=""")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right."""

    file: str
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.text}"


class FaultList:
    """The faults found in one file; it knows the file's text, so it can tell the line of a place."""

    def __init__(self, file: str, source: str = "") -> None:
        self.file = file
        self.found: list[Fault] = []
        self._lines = _lines_by_place(source)

    def add(self, place: str, text: str) -> None:
        """Note a fault at a place such as `nodes.who.choices[2].digit`."""
        line = self._line_near(place)
        where = f"line {line}, {place}" if line and place else f"line {line}" if line else place or "the file"
        self.found.append(Fault(self.file, where, text))

    def _line_near(self, place: str) -> int | None:
        """The line of the place itself, or of the nearest table around it that has a line."""
        while place and place not in self._lines:
            place = place[: max(place.rfind("."), place.rfind("["), 0)]
        return self._lines.get(place)


def _lines_by_place(source: str) -> dict[str, int]:
    """Where each table and key of a TOML source stands. The TOML reader of Python does not tell."""
    lines: dict[str, int] = {}
    repeats: Counter[str] = Counter()
    table = ""
    for number, line in enumerate(source.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = header[2]
            if header[1] == "[[":
                repeats[table] += 1
                table = f"{table}[{repeats[table]}]"
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            name = key[1] or key[2] or key[3]
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines
