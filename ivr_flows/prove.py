"""The proof that no caller is lost: every step the explorer can make is judged, and what was covered is counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from ivr_flows.composing import NEXT_LANGUAGE_PROMPTS
from ivr_flows.distance import Distances, Far
from ivr_flows.events import Listen, Pause, Prompt, Say, SignalNoted
from ivr_flows.explore import CHANNELS, Explorer, Taken
from ivr_flows.library import PLACEHOLDERS, READ_NOT_HEARD, Library, Recorded
from ivr_flows.model import QUEUE, Flow, Line, Menu, Step

LONGEST_QUIET_S = 5
# Stands for whatever a helpline fills in; a proof needs to know only that something can be.
VALUES = {name.strip("{}"): "1" for name in PLACEHOLDERS}
# The judge of the outside: given a flow and a step of it, everything that is wrong with how the step is rendered.
Judge = Callable[[Flow, Step], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Covered:
    """What was gone through of one flow. `far` is None for flows that have no way to a person still before them."""

    flow: str
    version: int
    channel: str
    languages: tuple[str, ...]
    positions: int
    ways: int
    answers: int
    far: Far | None


@dataclass(frozen=True, slots=True)
class Proof:
    """The result: no faults means proven. Each fault names the place, the input and what is wrong."""

    covered: tuple[Covered, ...]
    faults: tuple[str, ...]


def prove(library: Library, judge: Judge = lambda _flow, _step: (), only: Collection[str] | None = None) -> Proof:
    """Explore the flows of a library in every language they are offered in, and judge every step with `judge` besides.

    `only` names the flows to explore; without it all of them are.
    """
    explorer = Explorer(library)
    covered, faults = [], []
    for flow in library.current.values():
        if only is not None and flow.name not in only:
            continue
        account, found = _prove_flow(explorer, flow, judge)
        covered.append(account)
        faults += found
    return Proof(tuple(covered), tuple(dict.fromkeys(faults)))


def _prove_flow(explorer: Explorer, flow: Flow, judge: Judge) -> tuple[Covered, list[str]]:
    faults: list[str] = []
    positions, answers, visited, ways = set(), set(), set(), 0
    for taken in explorer.explore(flow):
        ways += 1
        faults += [f"{taken}: {fault}" for fault in _judge_way(taken, explorer.library)]
        if taken.step.outcome is None:
            positions.add(taken.step.state)
            visited.add((taken.step.state.flow, taken.step.state.node))
        if (taken.step.events, taken.step.outcome) not in answers:
            answers.add((taken.step.events, taken.step.outcome))
            faults += [
                f"{taken}: {fault}" for fault in (*_judge_step(taken, explorer.library), *judge(flow, taken.step))
            ]
    unvisited = _unvisited(flow, visited, explorer.library)
    faults += [f"{flow.name}: nobody can ever come to {node!r}" for node in unvisited]
    # A sentence without words has no length.
    far = Distances(explorer, flow).from_start() if flow.kind == "menus" and not faults else None
    faults += _judge_distance(flow, far, len(explorer.library.languages))
    read = flow.kind == "text"
    languages = tuple(explorer.library.speech) if read else explorer.library.languages
    account = Covered(flow.name, flow.version, CHANNELS[flow.kind], languages, len(positions), ways, len(answers), far)
    return account, faults


def _judge_way(taken: Taken, library: Library) -> Iterator[str]:
    """Where the input leads."""
    step, kind = taken.step, taken.flow.kind
    if kind == "menus" and step.outcome not in (None, QUEUE):
        yield f"ends in {step.outcome!r}, where nobody is"
    if kind == "waiting" and step.outcome is not None:
        yield "leaves the queue"
    if kind == "text" and step.outcome != QUEUE:
        yield "does not end in the queue"
    if taken.sign is None:
        return
    signals = [event.name for event in step.events if isinstance(event, SignalNoted)]
    if "9" in taken.sign and ("danger_key" not in signals or (kind == "menus" and step.outcome != QUEUE)):
        yield "9 is not taken as danger at once"
    if taken.sign in ("0", "~") and kind == "menus" and step.outcome != QUEUE:
        yield "does not lead to a person at once"


def _judge_step(taken: Taken, library: Library) -> Iterator[str]:
    """What is said and done, whatever led here."""
    events = taken.step.events
    listens = [n for n, event in enumerate(events) if isinstance(event, Listen)]
    if taken.step.outcome is None and listens != [len(events) - 1]:
        yield "goes on without listening, so the call would end"
    if taken.step.outcome is not None and listens:
        yield "listens although it is over"
    for event in events:
        if isinstance(event, Listen) and not event.prompts:
            yield "listens without a word"
        if isinstance(event, Pause) and event.seconds > LONGEST_QUIET_S:
            yield f"is quiet for {event.seconds} s"
        if isinstance(event, Say | Listen):
            for prompt in event.prompts:
                yield from _judge_prompt(prompt, taken, library)


def _judge_prompt(prompt: Prompt, taken: Taken, library: Library) -> Iterator[str]:
    state = taken.step.state
    is_foreign = state.language_chosen and prompt.language != state.language
    if is_foreign and not _offers(taken, prompt, library):
        yield f"says {prompt.key!r} in {prompt.language}, and {state.language} was chosen"
    try:
        sound = library.spoken(prompt, VALUES)
    except (KeyError, ValueError) as missing:
        yield f"has no words: {missing}"
        return
    if not sound.text.strip():
        yield f"{prompt.key!r} is empty in {prompt.language}"
    heard = not prompt.key.startswith(READ_NOT_HEARD)
    if heard and not isinstance(sound, Recorded) and not (sound.voice and sound.say_language):
        yield f"{prompt.key!r} has neither a voice nor a recording in {prompt.language}"


def _offers(taken: Taken, prompt: Prompt, library: Library) -> bool:
    """Whether the menu or line just said offers the language of a sentence: then the offer itself is said in it."""
    flow = library.flow_of(taken.step.state)
    node = flow.nodes.get(taken.step.state.node) if flow else None
    if isinstance(node, Line):
        return prompt.key in NEXT_LANGUAGE_PROMPTS
    return isinstance(node, Menu) and prompt.language in {choice.language for choice in node.choices}


def _unvisited(flow: Flow, visited: set[tuple[str, str]], library: Library) -> list[str]:
    """Where the caller is listened to and never was; a menu of languages is passed over where there is but one."""
    one_language = len(library.languages) == 1
    nodes = (node for node in flow.nodes.values() if not (one_language and isinstance(node, Menu) and node.offer))
    listening = [node.name for node in nodes if isinstance(node, Menu | Line)]
    return [name for name in listening if (flow.name, name) not in visited]


def _judge_distance(flow: Flow, far: Far | None, languages: int) -> Iterator[str]:
    if far is None:
        return
    way = " ".join(sign or "(silence)" for sign in far.way)
    if flow.limits is None:
        yield f"{flow.name}: does not say how far away a person may be"
    elif far.keys > flow.limits.keys_to_person:
        yield f"{flow.name}: a person is {far.keys} keys away, {flow.limits.keys_to_person} allowed"
    elif far.seconds > (allowed := flow.limits.seconds_for(languages)):
        yield f"{flow.name}: a person is {far.seconds:.0f} s away by {way}, {allowed} s allowed"
