"""Goes everywhere a caller can go: every position of every flow, with every kind of input, under every condition.

It drives the real engine and knows nothing of how flow files are written, so it finds what a reading of them misses.
Hours may end, the queue may fill and languages may be unknown between any two steps, so every input is tried under
every condition at every position.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from itertools import product

from ivr_flows.check_reach import most_retries
from ivr_flows.engine import resume, start
from ivr_flows.library import Library
from ivr_flows.model import Choose, Conditions, Flow, Menu, State, Step
from ivr_flows.walk import SILENCE_SIGN, SPEECH_SIGN, hear

SINGLE_KEYS = (*"0123456789", "*", "#")
# Several keys at once, without and with a 9 among them; and what no telephone sends.
HANDFULS = ("12", "479", "a")
SIGNS = (*SINGLE_KEYS, *HANDFULS, SILENCE_SIGN, SPEECH_SIGN)
CHANNELS = {"menus": "voice", "waiting": "voice", "text": "text"}


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of the exploration: where the caller was (None at the start), what came, and what followed."""

    flow: Flow
    before: State | None
    sign: str | None
    conditions: Conditions
    step: Step

    def __str__(self) -> str:
        place = f"{self.before.flow}.{self.before.node}" if self.before else f"the start of {self.flow.name}"
        names = {None: "at once", SILENCE_SIGN: "on silence", SPEECH_SIGN: "on speech"}
        return f"{place}, {names.get(self.sign, f'on {self.sign}')}"


class Explorer:
    """Tries everything from the start of each flow and remembers where it has been."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.conditions = list(_conditions(library))
        self._onward: dict[State, tuple[Taken, ...]] = {}
        self._most = max(map(most_retries, library.current.values()), default=0)

    def starts(self, flow: Flow) -> Iterator[Taken]:
        """The first step of a flow, for each language that may be known, for none, and under each condition."""
        read = flow.kind == "text"
        for language in (*(self.library.speech if read else self.library.languages), ""):
            for conditions in self.conditions:
                step = self._place(start(self.library, flow.name, conditions, language))
                yield Taken(flow, None, None, conditions, step)

    def onward(self, flow: Flow, state: State) -> tuple[Taken, ...]:
        """Every step that can follow at a listening position: one for each input under each condition."""
        if state not in self._onward:
            self._onward[state] = tuple(self._try_everything(flow, state))
        return self._onward[state]

    def _try_everything(self, flow: Flow, state: State) -> Iterator[Taken]:
        for sign, conditions in product(SIGNS, self.conditions):
            step = self._place(resume(self.library, state, hear(sign), conditions))
            yield Taken(flow, state, sign, conditions, step)

    def explore(self, flow: Flow) -> Iterator[Taken]:
        """Every step that can ever follow the start of a flow, each once."""
        seen: set[State] = set()
        ahead: list[State] = []
        for taken in self.starts(flow):
            yield taken
            ahead.append(taken.step.state)
        while ahead:
            state = ahead.pop()
            if state in seen or not state.node:
                continue
            seen.add(state)
            for taken in self.onward(flow, state):
                yield taken
                if taken.step.outcome is None:
                    ahead.append(taken.step.state)

    def _place(self, step: Step) -> Step:
        """The step without what makes no difference any more: its number, and counts beyond the longest list."""
        silences, wrongs = min(step.state.silences, self._most), min(step.state.wrongs, self._most)
        place = replace(step.state, step=0, silences=silences, wrongs=wrongs)
        return Step(place, step.events, step.outcome)


def _conditions(library: Library) -> Iterator[Conditions]:
    """Open and closed, each depth of the queue that a flow asks for, and one flag or switch it asks for, or none."""
    cases = [
        case
        for flow in library.current.values()
        for node in flow.nodes.values()
        if isinstance(node, Choose)
        for case in node.cases
    ]
    depths = {0} | {int(case.value) for case in cases if case.test == "queue_at_least"}
    flags = {case.value for case in cases if case.test == "flag"} - set(_set_inside(library))
    # What else a case may ask for by its bare name is a switch: a field of the conditions that is on or off.
    switches = {case.test for case in cases} & {field.name for field in fields(Conditions)} - {"open"}
    told = [{}, *({"flags": frozenset({flag})} for flag in sorted(flags)), *({name: True} for name in sorted(switches))]
    for is_open, depth, more in product((True, False), sorted(depths), told):
        yield Conditions(is_open, depth, **more)


def _set_inside(library: Library) -> Iterator[str]:
    """Flags that a flow sets by a choice of its own: they are explored by taking the choice."""
    for flow in library.current.values():
        for node in flow.nodes.values():
            if isinstance(node, Menu):
                yield from (flag for choice in node.choices for flag in choice.flags)
