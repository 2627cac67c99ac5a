"""Walks a flow key by key, for the stories in the flow files and for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivr_flows.engine import resume, start
from ivr_flows.events import Answered, Event, LanguageChosen, Listen, Pause, Prompt, Say, SignalNoted
from ivr_flows.library import Library
from ivr_flows.model import Conditions, Flow, Heard, Key, Silence, Speech, Step, Walk

SILENCE_SIGN = ""
SPEECH_SIGN = "~"


@dataclass(frozen=True, slots=True)
class Transcript:
    """A walk as it went: each step with what was heard before it (None at the start)."""

    library: Library
    steps: tuple[tuple[str | None, Step], ...]

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
    """Start a flow and give it keys, one a step ("" is silence, "~" is speech), until they or the flow end."""
    conditions = conditions or Conditions(open=True)
    step = start(library, flow_name, conditions, language)
    steps: list[tuple[str | None, Step]] = [(None, step)]
    for sign in keys:
        if step.outcome:
            break
        step = resume(library, step.state, hear(sign), conditions)
        steps.append((sign, step))
    return Transcript(library, tuple(steps))


def hear(sign: str) -> Heard:
    """What a sign in a walk stands for."""
    if sign == SILENCE_SIGN:
        return Silence()
    return Speech() if sign == SPEECH_SIGN else Key(sign)


def run_walks(library: Library) -> list[FailedWalk]:
    """Run the walks of every current flow in every language; the ones that did not go as written."""
    return [
        FailedWalk(flow.name, flow.version, number, story.about, language, text)
        for flow in library.current.values()
        for number, story in enumerate(flow.walks, start=1)
        for language in library.languages
        for text in _differences(library, flow, story, language)
    ]


def conditions_of(story: Walk) -> Conditions:
    """What a story takes for granted about the outside."""
    return Conditions(story.open, story.queue_depth, frozenset(story.flags), story.surge, story.outage)


def _differences(library: Library, flow: Flow, story: Walk, language: str) -> Iterator[str]:
    conditions = conditions_of(story)
    went = walk(library, flow.name, story.keys, language, conditions)
    if len(went.steps) - 1 < len(story.keys):
        yield f"it ended at {went.end} after {len(went.steps) - 1} of {len(story.keys)} keys"
    if went.end != story.end:
        yield f"it ended at {went.end}, not at {story.end}"
    if went.signals != story.signals:
        yield f"it noted {list(went.signals)}, not {list(story.signals)}"
    for key in story.says:
        if key not in went.said_last:
            yield f"it did not say {key!r} at the end"


def _name_of(sign: str) -> str:
    return {SILENCE_SIGN: "(silence)", SPEECH_SIGN: "(speech)"}.get(sign, sign)
