"""The parts of a flow, and what the engine is given and gives back.

A flow is a set of named nodes. Prompts are named by key here; their text lives in the language files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ivr_flows.events import Event

QUEUE = "queue"
OUTCOMES = frozenset({QUEUE})
# # is the next language: the same again, in it.
NEXT_LANGUAGE = "#"
# 9 is danger, 0 is a person, * is back. They work at every listening point, so no flow may use them.
UNIVERSAL_KEYS = frozenset({"9", "0", "*", NEXT_LANGUAGE})
ANY_KEY = "any"
# While the language is not known, whole sentences are said in so many languages; in all, they would take minutes.
WHOLE_SENTENCES_IN = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a caller may answer. `digit` may change from version to version; `name` is what is recorded."""

    name: str
    digit: str
    say: str
    go: str
    signals: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """What follows the n-th silence or wrong key: say more and ask again, or (last of its list) go on."""

    say: tuple[str, ...] = ()
    go: str | None = None
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LanguageOffer:
    """A menu's choices are the languages spoken on calls, in their order, each with a digit from 1 on.

    `say` is "for this language" and is said in that language; `briefly` comes before it in the languages that are
    not among the first, where the whole opening would take too long.
    """

    say: str
    go: str
    briefly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Menu:
    """Say something and listen for one key."""

    name: str
    say: tuple[str, ...]
    choices: tuple[Choice, ...]
    silence: tuple[Retry, ...]
    wrong: tuple[Retry, ...]
    speech: Retry
    timeout_s: int
    offer: LanguageOffer | None = None

    @property
    def takes_any_key(self) -> bool:
        """No key is wrong here."""
        return any(choice.digit == ANY_KEY for choice in self.choices)

    def choice_for(self, key: str) -> Choice | None:
        """The choice with this digit, else the one that any key takes, else None."""
        by_digit = {choice.digit: choice for choice in self.choices}
        return by_digit.get(key) or by_digit.get(ANY_KEY)


@dataclass(frozen=True, slots=True)
class Message:
    """Say something, be quiet for `pause_s`, note signals, and go on without listening."""

    name: str
    go: str
    say: tuple[str, ...] = ()
    pause_s: int = 0
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One way of a choose node. `test` is open, closed, surge, outage, language, flag or queue_at_least."""

    test: str
    value: str
    go: str


@dataclass(frozen=True, slots=True)
class Choose:
    """Take the first case that holds, else `otherwise`."""

    name: str
    cases: tuple[Case, ...]
    otherwise: str


@dataclass(frozen=True, slots=True)
class Enter:
    """Go on at the start of another flow."""

    name: str
    flow: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the waiting loop: say it, keep listening, go on to the next unless the key has an answer.

    The wishes named in `tells` follow the sentences, each with its key. A line with `choices` of its own asks a
    question: only those keys answer it, and whoever gives no answer goes on. With `tells_languages` every other
    language follows, each in itself, with the key that leads to it.
    """

    name: str
    say: tuple[str, ...]
    go: str
    timeout_s: int
    tells: tuple[str, ...] = ()
    tells_languages: bool = False
    choices: tuple[Wish, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """The flow is over; the outcome says where the caller goes now."""

    name: str
    outcome: str


Node = Menu | Message | Choose | Enter | Line | End


@dataclass(frozen=True, slots=True)
class Wish:
    """What a waiting caller may ask for. `tell` is followed by "press n"; `say` is heard once it is pressed.

    Then the caller waits on at the same line, or where `go` leads.
    """

    name: str
    digit: str
    tell: str
    say: tuple[str, ...]
    go: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What a waiting flow says to 9, to *, to 0 and to the key of a wish; the caller goes on waiting."""

    danger: tuple[str, ...]
    choices: tuple[str, ...]
    person: tuple[str, ...]
    wishes: tuple[Wish, ...] = ()

    def named(self, names: tuple[str, ...]) -> tuple[Wish, ...]:
        """The wishes with these names."""
        return tuple(wish for wish in self.wishes if wish.name in names)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far away a person may ever be, on any choice of input: in keys pressed and in seconds.

    Each language spoken beyond the first two takes its time in the first words: `seconds_a_language_more`.
    """

    keys_to_person: int
    seconds_to_person: int
    seconds_a_language_more: int = 0

    def seconds_for(self, languages: int) -> int:
        """The most seconds where so many languages are spoken."""
        return self.seconds_to_person + self.seconds_a_language_more * max(0, languages - WHOLE_SENTENCES_IN)


@dataclass(frozen=True, slots=True)
class Walk:
    """A story the flow must tell, in every language that is spoken. `walk.py` says what `keys` may hold.

    `least_languages`: it is told only where at least so many are spoken, as nobody is asked for the only one.
    """

    about: str
    keys: tuple[str, ...]
    end: str
    signals: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    open: bool = True
    flags: tuple[str, ...] = ()
    queue_depth: int = 0
    surge: bool = False
    outage: bool = False
    least_languages: int = 1


@dataclass(frozen=True, slots=True)
class Flow:
    """One version of one flow. `kind` is menus (a call), waiting (the loop in the queue) or text (a message)."""

    name: str
    version: int
    change: str
    kind: str
    start: str
    nodes: Mapping[str, Node]
    asks_language: bool = False
    limits: Limits | None = None
    answers: Answers | None = None
    walks: tuple[Walk, ...] = ()

    @property
    def asks_queue_depth(self) -> bool:
        """Whether any of its ways depends on how many wait, so that somebody must count them."""
        choices = [node for node in self.nodes.values() if isinstance(node, Choose)]
        return any(case.test == "queue_at_least" for node in choices for case in node.cases)


@dataclass(frozen=True, slots=True)
class Key:
    """What was pressed, as it came; nothing is promised about it."""

    digits: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was pressed or said."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Something was said; what it was is not the flow's business."""


Heard = Key | Silence | Speech


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the outside knows at this moment: opening hours, how many wait, and named facts about this call.

    `surge`: a shift lead has said that more call than can be answered soon. `outage`: a person can hardly be reached.
    """

    open: bool
    queue_depth: int = 0
    flags: frozenset[str] = frozenset()
    surge: bool = False
    outage: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Where a caller is, between two requests.

    `language_chosen` is False until the language is known; until then sentences are said in every language.
    `back` holds the menus that '*' leads back through; silences and wrong keys count over the whole flow.
    """

    flow: str
    version: int
    node: str
    language: str
    language_chosen: bool = False
    step: int = 0
    silences: int = 0
    wrongs: int = 0
    back: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()

    def to_dict(self) -> dict[str, Any]:
        """A small JSON-safe form, for `from_dict`."""
        return {
            "flow": self.flow,
            "version": self.version,
            "node": self.node,
            "language": self.language,
            "language_chosen": self.language_chosen,
            "step": self.step,
            "silences": self.silences,
            "wrongs": self.wrongs,
            "back": list(self.back),
            "flags": sorted(self.flags),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> State:
        """Read `to_dict` back. Anything unreadable becomes a state that fits no flow: resume gives it to a person."""
        try:
            return cls(
                flow=str(stored["flow"]),
                version=int(stored["version"]),
                node=str(stored["node"]),
                language=str(stored["language"]),
                language_chosen=bool(stored["language_chosen"]),
                step=int(stored["step"]),
                silences=int(stored["silences"]),
                wrongs=int(stored["wrongs"]),
                back=tuple(map(str, stored["back"])),
                flags=frozenset(map(str, stored["flags"])),
            )
        except (KeyError, TypeError, ValueError):
            return cls(flow="", version=0, node="", language="")


@dataclass(frozen=True, slots=True)
class Step:
    """What to do now. Without an outcome the events end in a Listen; with one the flow is over."""

    state: State
    events: tuple[Event, ...]
    outcome: str | None
