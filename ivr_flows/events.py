"""What a step of a flow asks the outside to do, in order. The telephone edge turns these into its own words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """A sentence by its key and language; `Library.spoken` finds what is said."""

    key: str
    language: str


@dataclass(frozen=True, slots=True)
class Say:
    """Say these without listening: nothing more is asked of the caller in this step."""

    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class Listen:
    """Say these and listen for one key, from the first word until `timeout_s` seconds after the last."""

    prompts: tuple[Prompt, ...]
    timeout_s: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Be quiet for this many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """The caller chose this language; everything after it is in this language."""

    language: str


@dataclass(frozen=True, slots=True)
class Answered:
    """At this node ("flow.node") the caller gave this answer, by the choice's name and not its digit."""

    node: str
    choice: str


@dataclass(frozen=True, slots=True)
class SignalNoted:
    """Something that triage should know; the names are in signals.py."""

    name: str


Event = Say | Listen | Pause | LanguageChosen | Answered | SignalNoted
