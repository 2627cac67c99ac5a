"""All flows and all sentences that are loaded, and what a prompt sounds like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ivr_flows.events import Prompt
from ivr_flows.model import WHOLE_SENTENCES_IN, Choice, Flow, Menu, State

EMERGENCY_NUMBER = "{emergency_number}"
PLACEHOLDERS = frozenset({EMERGENCY_NUMBER})
# Prompts whose key begins so are read on a screen; all others are heard.
READ_NOT_HEARD = "text."
# Said to a partner's desk or to our staff, who are few and whose languages are known: not every language needs them.
TO_THE_DESK = ("desk.", "page.")


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

    @property
    def address(self) -> str:
        """Its name outside: by what it holds, so that whoever keeps a copy can never play an old one."""
        return f"{self.sha256.lower()}.{self.file.rpartition('.')[2].lower()}"


def _needs_a_voice(key: str, text: str) -> bool:
    return not key.startswith(READ_NOT_HEARD) and EMERGENCY_NUMBER in text


def can_be_recorded(key: str, text: str) -> bool:
    """Whether a sentence is heard and always the same. One with a number of the helpline's in it is not."""
    return not key.startswith(READ_NOT_HEARD) and EMERGENCY_NUMBER not in text


@dataclass(frozen=True, slots=True)
class Language:
    """One language file: how it is written and spoken, who reviewed it, and every sentence by key.

    `names` are texts that ask for this language, `word_for_language` texts that ask which there are; `telling_words`
    tell it from other languages where it is written in Latin letters.
    """

    code: str
    name: str
    direction: str
    say_language: str
    voice: str
    characters_per_second: int
    reviewed_by: str
    prompts: Mapping[str, Spoken | Recorded]
    names: tuple[str, ...] = ()
    word_for_language: tuple[str, ...] = ()
    telling_words: tuple[str, ...] = ()

    @property
    def can_be_heard(self) -> bool:
        """Whether it has a voice, or a recording of every sentence that is heard."""
        heard = (prompt for key, prompt in self.prompts.items() if can_be_recorded(key, prompt.text))
        return bool(self.voice and self.say_language) or all(isinstance(prompt, Recorded) for prompt in heard)


@dataclass(frozen=True, slots=True)
class Library:
    """Flows by name and version, and languages: all of them in texts, those of `heard` on calls, in speaking order.

    `instead` is said in place of a key that is not there; only the built-in minimal library has it. Without `heard`
    every language that can be heard is. However a library is made, its language menus are filled in here.
    """

    flows: Mapping[tuple[str, int], Flow]
    speech: Mapping[str, Language]
    instead: Mapping[str, Spoken] = field(default_factory=dict)
    heard: tuple[str, ...] | None = None
    current: Mapping[str, Flow] = field(init=False)
    # Codes of the languages spoken on calls, in speaking order.
    languages: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        heard = [code for code, language in self.speech.items() if language.can_be_heard]
        wanted = heard if self.heard is None else [code for code in self.heard if code in self.speech]
        object.__setattr__(self, "languages", tuple(wanted))
        filled = {key: _offer_languages(flow, self.languages) for key, flow in self.flows.items()}
        object.__setattr__(self, "flows", filled)
        newest: dict[str, Flow] = {}
        for name, version in sorted(self.flows):
            newest[name] = self.flows[name, version]
        object.__setattr__(self, "current", newest)

    def flow_of(self, state: State) -> Flow | None:
        """The version the caller began with while we hold it, else the current one, else None."""
        return self.flows.get((state.flow, state.version)) or self.current.get(state.flow)

    def known_language(self, code: str, *, read: bool = False) -> str:
        """This language if it is spoken here (or, with `read`, written), else the first: some language beats none."""
        known = tuple(self.speech) if read else self.languages
        return code if code in known else next(iter((*known, *self.speech)))

    def language_after(self, code: str) -> str:
        """The language that is spoken after this one; after the last, the first."""
        place = self.languages.index(self.known_language(code))
        return self.languages[(place + 1) % len(self.languages)]

    def while_unknown(self, likeliest: str) -> tuple[str, ...]:
        """The languages in which whole sentences are said while the caller's own is not known."""
        return (likeliest, *(code for code in self.languages if code != likeliest))[:WHOLE_SENTENCES_IN]

    def spoken(self, prompt: Prompt, values: Mapping[str, str] | None = None) -> Spoken | Recorded:
        """What a prompt sounds like. `values` fills placeholders: {"emergency_number": "999"}.

        Raises KeyError for a key that no language file has, ValueError for a placeholder without a value.
        """
        language = self.known_language(prompt.language, read=prompt.key.startswith(READ_NOT_HEARD))
        if prompt.key.startswith(TO_THE_DESK) and prompt.key not in self.speech[language].prompts:
            language = self._language_of_desks(prompt.key, language)
        found = self.speech[language].prompts.get(prompt.key) or self.instead.get(language)
        if isinstance(found, Spoken) and not found.voice and _needs_a_voice(prompt.key, found.text):
            # It holds a number, so it can not be recorded: heard in another language beats not heard at all.
            voiced = (self.speech[code] for code in self.languages if self.speech[code].voice)
            found = next((language.prompts[prompt.key] for language in voiced), None)
        if found is None:
            raise KeyError(f"no prompt {prompt.key!r} in {language!r}")
        if isinstance(found, Recorded) or EMERGENCY_NUMBER not in found.text:
            return found
        return replace(found, text=_fill(prompt.key, found.text, values or {}))

    def find_recording(self, address: str) -> Recorded | None:
        """The recording with this address, if any sentence is heard as it."""
        sounds = (sound for language in self.speech.values() for sound in language.prompts.values())
        return next((sound for sound in sounds if isinstance(sound, Recorded) and sound.address == address), None)

    def _language_of_desks(self, key: str, language: str) -> str:
        having = (code for code in self.languages if key in self.speech[code].prompts)
        return next(having, language)


def _offer_languages(flow: Flow, languages: tuple[str, ...]) -> Flow:
    """The flow with a choice for each language in every menu that offers them."""
    nodes = dict(flow.nodes)
    for name, node in nodes.items():
        if isinstance(node, Menu) and node.offer:
            offer = node.offer
            choices = (
                Choice(name=code, digit=str(n), say=offer.say, go=offer.go, language=code)
                for n, code in enumerate(languages, start=1)
            )
            nodes[name] = replace(node, choices=tuple(choices))
    return replace(flow, nodes=nodes)


def _fill(key: str, text: str, values: Mapping[str, str]) -> str:
    number = values.get("emergency_number", "")
    if not number:
        raise ValueError(f"prompt {key!r} needs an emergency_number")
    # A voice reads "999" as "nine hundred ninety-nine"; spaced digits are read one by one.
    return text.replace(EMERGENCY_NUMBER, number if key.startswith(READ_NOT_HEARD) else " ".join(number))
