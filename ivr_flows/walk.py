"""Walks a flow key by key, for the stories in the flow files and for a person at a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivr_flows.engine import resume, start
from ivr_flows.events import Answered, Event, LanguageChosen, Listen, Pause, Prompt, Say, SignalNoted
from ivr_flows.library import Library
from ivr_flows.model import (
    ANY_KEY,
    Choice,
    Conditions,
    Flow,
    Heard,
    Key,
    Line,
    Menu,
    Node,
    Silence,
    Speech,
    Step,
    Walk,
    Wish,
)

SILENCE_SIGN = ""
SPEECH_SIGN = "~"
# Whatever key chooses the language that is walked in; passed over where nobody is asked for one.
LANGUAGE_SIGN = "language"
# Any key that is not among the choices: a choice has one digit.
WRONG_SIGN = "wrong"
WRONG_KEY = "88"
# Where any key is an answer, this one stands for it.
SOME_KEY = "5"
NAME = re.compile(r"(?=.*[a-z])[a-z0-9_]{2,}")


class NoSuchChoice(ValueError):
    """A walk names a choice that is not offered where it stands."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A walk as it went: each step with what was heard before it (None at the start); `left` came after its end."""

    library: Library
    steps: tuple[tuple[str | None, Step], ...]
    left: tuple[str, ...] = ()

    @property
    def last(self) -> Step:
        """The step the walk stopped at."""
        return self.steps[-1][1]

    @property
    def end(self) -> str:
        """The outcome, or the place "flow.node" where it is still listening."""
        return self.last.outcome or f"{self.last.state.flow}.{self.last.state.node}"

    @property
    def signals(self) -> tuple[str, ...]:
        """Every signal noted on the way, in order."""
        events = (event for _, step in self.steps for event in step.events)
        return tuple(event.name for event in events if isinstance(event, SignalNoted))

    @property
    def said_last(self) -> tuple[str, ...]:
        """The keys of the prompts of the last step."""
        said = (event.prompts for event in self.last.events if isinstance(event, Say | Listen))
        return tuple(prompt.key for prompts in said for prompt in prompts)

    def __str__(self) -> str:
        return "\n".join(line for heard, step in self.steps for line in self._lines(heard, step))

    def _lines(self, heard: str | None, step: Step) -> Iterator[str]:
        if heard is not None:
            yield f"> {_name_of(heard)}"
        for event in step.events:
            yield from self._lines_of(event)
        if step.outcome:
            yield f"= {step.outcome}"

    def _lines_of(self, event: Event) -> Iterator[str]:
        match event:
            case Say(prompts):
                yield from map(self._line_of, prompts)
            case Listen(prompts, timeout_s):
                yield from map(self._line_of, prompts)
                yield f"  (listens, {timeout_s} s)"
            case Pause(seconds):
                yield f"  (quiet, {seconds} s)"
            case LanguageChosen(language):
                yield f"  * language {language}"
            case Answered(node, choice):
                yield f"  * answer {node}: {choice}"
            case SignalNoted(name):
                yield f"  * signal {name}"

    def _line_of(self, prompt: Prompt) -> str:
        text = self.library.spoken(prompt, {"emergency_number": "…"}).text
        return f"  {prompt.language}  {text}"


@dataclass(frozen=True, slots=True)
class FailedWalk:
    """A walk of a flow file that did not go as written. `number` counts from 1 in its file."""

    flow: str
    version: int
    number: int
    about: str
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.about!r} in {self.language}: {self.text}"


def walk(
    library: Library, flow_name: str, keys: Sequence[str], language: str = "", conditions: Conditions | None = None
) -> Transcript:
    """Start a flow and give it inputs, one a step, until they or the flow end.

    An input is a key, the name of a choice or a wish, "" for silence, "~" for speech, "wrong" for a key that is no
    choice, or "language" for whatever key chooses `language`. Raises NoSuchChoice for a name that is not offered.
    """
    conditions = conditions or Conditions(open=True)
    step = start(library, flow_name, conditions, language)
    steps: list[tuple[str | None, Step]] = [(None, step)]
    for n, sign in enumerate(keys):
        if step.outcome:
            return Transcript(library, tuple(steps), tuple(keys[n:]))
        flow = library.flow_of(step.state)
        node = flow.nodes.get(step.state.node) if flow else None
        if sign == LANGUAGE_SIGN and not _offers_languages(node):
            continue
        step = resume(library, step.state, hear(_key_for(sign, flow, node, language)), conditions)
        steps.append((sign, step))
    return Transcript(library, tuple(steps))


def hear(sign: str) -> Heard:
    """What a plain sign (a key, "" or "~") stands for."""
    if sign == SILENCE_SIGN:
        return Silence()
    return Speech() if sign == SPEECH_SIGN else Key(sign)


def _key_for(sign: str, flow: Flow, node: Node | None, language: str) -> str:
    """The plain sign for a sign that may be a name."""
    if sign == WRONG_SIGN:
        return WRONG_KEY
    if not NAME.fullmatch(sign):
        return sign
    choices = choices_at(flow, node)
    if sign == LANGUAGE_SIGN:
        return next((choice.digit for choice in choices if choice.language == language), choices[0].digit)
    for choice in choices:
        if choice.name == sign:
            return SOME_KEY if choice.digit == ANY_KEY else choice.digit
    raise NoSuchChoice(f"nobody is offered {sign!r} at {node.name if node else 'the end'!r}")


def choices_at(flow: Flow | None, node: Node | None) -> tuple[Choice | Wish, ...]:
    """What may be chosen by a digit at a node: its own choices, or on a line without any the wishes of the flow."""
    if isinstance(node, Menu | Line) and node.choices:
        return node.choices
    return flow.answers.wishes if flow and flow.answers else ()


def _offers_languages(node: Node | None) -> bool:
    return isinstance(node, Menu) and node.offer is not None


def run_walks(library: Library) -> list[FailedWalk]:
    """Run the walks of every current flow in every language; the ones that did not go as written."""
    return [
        FailedWalk(flow.name, flow.version, number, story.about, language, text)
        for flow in library.current.values()
        for number, story in enumerate(flow.walks, start=1)
        if story.least_languages <= len(library.languages)
        for language in (library.speech if flow.kind == "text" else library.languages)
        for text in _differences(library, flow, story, language)
    ]


def conditions_of(story: Walk) -> Conditions:
    """What a story takes for granted about the outside."""
    return Conditions(story.open, story.queue_depth, frozenset(story.flags), story.surge, story.outage)


def _differences(library: Library, flow: Flow, story: Walk, language: str) -> Iterator[str]:
    try:
        went = walk(library, flow.name, story.keys, language, conditions_of(story))
    except NoSuchChoice as fault:
        yield str(fault)
        return
    if went.left:
        yield f"it ended at {went.end} after {len(story.keys) - len(went.left)} of {len(story.keys)} keys"
    if went.end != story.end:
        yield f"it ended at {went.end}, not at {story.end}"
    if went.signals != story.signals:
        yield f"it noted {list(went.signals)}, not {list(story.signals)}"
    for key in story.says:
        if key not in went.said_last:
            yield f"it did not say {key!r} at the end"


def _name_of(sign: str) -> str:
    return {SILENCE_SIGN: "(silence)", SPEECH_SIGN: "(speech)"}.get(sign, sign)
