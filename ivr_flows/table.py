"""A strict reader over one TOML table: every key is asked for by name and type, and the rest is a fault."""

from __future__ import annotations

from typing import Any

from ivr_flows.faults import FaultList


class Table:
    """One table of a file. A missing or mistyped value is noted, and an empty one is given in its place."""

    def __init__(self, values: dict[str, Any], place: str, faults: FaultList) -> None:
        self.values = values
        self.place = place
        self.faults = faults
        self._asked: set[str] = set()

    def text(self, key: str, default: str | None = None) -> str:
        """A string; required unless there is a default."""
        value = self._get(key, default)
        return value if self._is(key, value, str, "text in quotes") else default or ""

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds; required unless there is a default."""
        value = self._get(key, default)
        if not self._is(key, value, int, "a whole number"):
            return default or least
        if not least <= value <= most:
            self.fault(key, f"must be from {least} to {most}, not {value}")
        return value

    def truth(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self._get(key, default)
        return value if self._is(key, value, bool, "true or false") else default

    def words(self, key: str, required: bool = False) -> tuple[str, ...]:
        """A list of strings, empty when left out unless it is required."""
        value = self._get(key, None if required else [])
        if not self._is(key, value, list, "a list of texts in quotes"):
            return ()
        if not all(isinstance(word, str) for word in value):
            self.fault(key, "must be a list of texts in quotes")
            return ()
        if required and not value:
            self.fault(key, "must not be empty")
        return tuple(value)

    def table(self, key: str) -> Table | None:
        """A table inside this one, or None when it is left out."""
        value = self._get(key, {})
        if key not in self.values or not self._is(key, value, dict, "a table"):
            return None
        return Table(value, self.inside(key), self.faults)

    def tables(self, key: str) -> list[Table]:
        """A list of tables inside this one, empty when left out."""
        value = self._get(key, [])
        if not self._is(key, value, list, "a list of tables"):
            return []
        if not all(isinstance(one, dict) for one in value):
            self.fault(key, "must be a list of tables")
            return []
        return [Table(one, f"{self.inside(key)}[{n}]", self.faults) for n, one in enumerate(value, start=1)]

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.values.keys() - self._asked:
            self.fault(key, "is not a word this file may hold here")

    def fault(self, key: str, text: str) -> None:
        """Note a fault at one key of this table."""
        self.faults.add(self.inside(key), text)

    def inside(self, key: str) -> str:
        """The place of a key of this table."""
        return f"{self.place}.{key}" if self.place else key

    def _get(self, key: str, default: Any) -> Any:
        self._asked.add(key)
        return self.values.get(key, default)

    def _is(self, key: str, value: Any, kind: type, words: str) -> bool:
        if value is None:
            self.fault(key, "is missing")
            return False
        # True is an int to Python, and "timeout_s = true" is a slip of the pen to us.
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return True
        self.fault(key, f"must be {words}")
        return False
