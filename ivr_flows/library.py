"""All flows and all sentences that are loaded, and what a prompt sounds like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ivr_flows.events import Prompt
from ivr_flows.model import Flow, State

EMERGENCY_NUMBER = "{emergency_number}"
PLACEHOLDERS = frozenset({EMERGENCY_NUMBER})
# Prompts whose key begins so are read on a screen; all others are heard.
READ_NOT_HEARD = "text."


@dataclass(frozen=True, slots=True)
class Spoken:
    """Text for a synthetic voice (or, for `text.` prompts, for a screen). Without a voice it can not be heard."""

    text: str
    voice: str
    say_language: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording by a person, with its checksum and the words it holds."""

    file: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Language:
    """One language file: how it is written and spoken, who reviewed it, and every sentence by key."""

    code: str
    name: str
    direction: str
    say_language: str
    voice: str
    characters_per_second: int
    reviewed_by: str
    prompts: Mapping[str, Spoken | Recorded]


@dataclass(frozen=True, slots=True)
class Library:
    """Flows by name and version, languages in the order they are spoken while none is chosen.

    `instead` is said in place of a key that is not there; only the built-in minimal library has it.
    """

    flows: Mapping[tuple[str, int], Flow]
    speech: Mapping[str, Language]
    instead: Mapping[str, Spoken] = field(default_factory=dict)
    current: Mapping[str, Flow] = field(init=False)

    def __post_init__(self) -> None:
        newest: dict[str, Flow] = {}
        for name, version in sorted(self.flows):
            newest[name] = self.flows[name, version]
        object.__setattr__(self, "current", newest)

    @property
    def languages(self) -> tuple[str, ...]:
        """Language codes, in speaking order."""
        return tuple(self.speech)

    def flow_of(self, state: State) -> Flow | None:
        """The version the caller began with while we hold it, else the current one, else None."""
        return self.flows.get((state.flow, state.version)) or self.current.get(state.flow)

    def known_language(self, code: str) -> str:
        """This language if it is loaded, else the first one: a sentence in some language beats none."""
        return code if code in self.speech else next(iter(self.speech))

    def spoken(self, prompt: Prompt, values: Mapping[str, str] | None = None) -> Spoken | Recorded:
        """What a prompt sounds like. `values` fills placeholders: {"emergency_number": "999"}.

        Raises KeyError for a key that no language file has, ValueError for a placeholder without a value.
        """
        language = self.known_language(prompt.language)
        found = self.speech[language].prompts.get(prompt.key) or self.instead.get(language)
        if found is None:
            raise KeyError(f"no prompt {prompt.key!r} in {language!r}")
        if isinstance(found, Recorded) or EMERGENCY_NUMBER not in found.text:
            return found
        return replace(found, text=_fill(prompt.key, found.text, values or {}))


def _fill(key: str, text: str, values: Mapping[str, str]) -> str:
    number = values.get("emergency_number", "")
    if not number:
        raise ValueError(f"prompt {key!r} needs an emergency_number")
    # A voice reads "999" as "nine hundred ninety-nine"; spaced digits are read one by one.
    return text.replace(EMERGENCY_NUMBER, number if key.startswith(READ_NOT_HEARD) else " ".join(number))
