"""How far a person is from each position, in the worst case: by walking every way to its end with the real engine.

Every key is pressed at the last moment and every silence waited out. '*' and '#' are left out: who asks to hear
something again, or in another language, does so of their own will, and the engine ends even that after a fixed number
of steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from ivr_flows.check_reach import speech_seconds
from ivr_flows.events import Listen, Pause, Say
from ivr_flows.explore import Explorer
from ivr_flows.library import Library
from ivr_flows.model import NEXT_LANGUAGE, Flow, State, Step
from ivr_flows.walk import SILENCE_SIGN, SPEECH_SIGN

AGAIN = ("*", NEXT_LANGUAGE)


@dataclass(frozen=True, slots=True)
class Far:
    """The most keys and the most seconds until a person; either may be infinite. `way` is the slowest one, as signs."""

    keys: float
    seconds: float
    way: tuple[str, ...] = ()


class Distances:
    """The worst distances from one flow's start on, remembered by position."""

    def __init__(self, explorer: Explorer, flow: Flow) -> None:
        self._explorer = explorer
        self._flow = flow
        self._known: dict[State, Far] = {}

    def from_start(self) -> Far:
        """From the first word of the flow, whatever is known of the caller."""
        return _worst([self._after(taken.step) for taken in self._explorer.starts(self._flow)])

    def _after(self, step: Step) -> Far:
        cost = step_seconds(step, self._explorer.library)
        ahead = Far(0, 0) if step.outcome else self._from(step.state)
        return Far(ahead.keys, ahead.seconds + cost, ahead.way)

    def _from(self, state: State) -> Far:
        if state not in self._known:
            # Met again while it is being worked out, a position leads back to itself: nobody at its end.
            self._known[state] = Far(inf, inf)
            self._known[state] = _worst(self._onward(state))
        return self._known[state]

    def _onward(self, state: State) -> list[Far]:
        found = []
        # Most conditions make no difference to most steps.
        for sign, step in dict.fromkeys((taken.sign, taken.step) for taken in self._explorer.onward(self._flow, state)):
            if sign not in AGAIN:
                ahead = self._after(step)
                pressed = sign not in (SILENCE_SIGN, SPEECH_SIGN)
                found.append(Far(ahead.keys + pressed, ahead.seconds, (sign, *ahead.way)))
        return found


def step_seconds(step: Step, library: Library) -> float:
    """About how long a step takes when its key comes at the last moment: speech, pauses and listening."""
    seconds = 0.0
    for event in step.events:
        match event:
            case Say(prompts):
                seconds += speech_seconds(prompts, library)
            case Listen(prompts, timeout_s):
                seconds += speech_seconds(prompts, library) + timeout_s
            case Pause(length):
                seconds += length
    return seconds


def _worst(found: list[Far]) -> Far:
    slowest = max(found, key=lambda far: far.seconds)
    return Far(max(far.keys for far in found), slowest.seconds, slowest.way)
