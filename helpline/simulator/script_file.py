"""Reads a script of callers and refuses what it does not understand, naming the place."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

# What each step needs, and what it may have beside that.
STEPS: dict[str, tuple[set[str], set[str]]] = {
    "dial": (set(), set()),
    "wait_for": (set(), {"text", "pattern", "within_s"}),
    "press": ({"keys"}, {"within_s"}),
    "say": ({"text"}, {"language"}),
    "silence": ({"seconds"}, set()),
    "expect_queue": (set(), {"within_s"}),
    "expect_conference": (set(), {"within_s"}),
    "expect_end": (set(), {"within_s"}),
    "hang_up": (set(), set()),
    "text": ({"body"}, set()),
    "wait_for_text": (set(), {"pattern", "within_s"}),
}


class ScriptUnreadable(ValueError):
    """The script cannot be played; the message names the place."""


@dataclass(frozen=True)
class Step:
    """One thing a caller does."""

    do: str
    details: dict = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join([self.do.replace("_", " "), *(str(value) for value in self.details.values())])


@dataclass(frozen=True)
class CallerLines:
    """One caller's part. Without `to` the helpline is called; `starts_after_s` is in line seconds."""

    name: str
    number: str
    steps: tuple[Step, ...]
    to: str = ""
    starts_after_s: float = 0


@dataclass(frozen=True)
class Script:
    """A title and its callers."""

    title: str
    callers: tuple[CallerLines, ...]


def read_script(path: Path) -> Script:
    """The script in a TOML file; raises ScriptUnreadable."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ScriptUnreadable(str(error)) from error
    callers = content.get("callers")
    if not callers:
        raise ScriptUnreadable("has no [[callers]]")
    return Script(content.get("title", path.stem), tuple(_read_caller(caller) for caller in callers))


def _read_caller(caller: dict) -> CallerLines:
    unknown = set(caller) - {"name", "number", "to", "starts_after_s", "steps"}
    if unknown or not caller.get("name") or not caller.get("number"):
        raise ScriptUnreadable(
            f"caller {caller.get('name', '?')} needs name, number, steps; unknown: {sorted(unknown)}"
        )
    places = enumerate(caller.get("steps", []), 1)
    steps = tuple(_read_step(step, f"{caller['name']}, step {number}") for number, step in places)
    return CallerLines(caller["name"], caller["number"], steps, caller.get("to", ""), caller.get("starts_after_s", 0))


def _read_step(step: dict, place: str) -> Step:
    do = step.get("do")
    if do not in STEPS:
        raise ScriptUnreadable(f"{place}: do must be one of {', '.join(STEPS)}")
    needed, allowed = STEPS[do]
    details = {name: value for name, value in step.items() if name != "do"}
    if needed - set(details) or set(details) - needed - allowed:
        raise ScriptUnreadable(f"{place}: {do} needs {sorted(needed)} and may have {sorted(allowed)}")
    try:
        re.compile(details.get("pattern", ""))
    except re.error as error:
        raise ScriptUnreadable(f"{place}: pattern: {error}") from error
    return Step(do, details)
