"""The shortest way to each place where a caller is listened to, found with the engine and then pressed for real."""

from __future__ import annotations

from collections import deque

from ivr_flows.engine import resume, start
from ivr_flows.library import Library
from ivr_flows.model import Conditions
from ivr_flows.walk import SILENCE_SIGN, hear

KEYS = (SILENCE_SIGN, *"12345678")


def routes_to_menus(library: Library, *, is_open: bool) -> dict[str, tuple[str, ...]]:
    """Keys from the first word of a call to every menu, by "flow.node"."""
    return _routes(library, "welcome", Conditions(open=is_open))


def routes_to_lines(library: Library) -> dict[str, tuple[str, ...]]:
    """The same from the first line of the waiting loop."""
    return _routes(library, "waiting", Conditions(open=True))


def _routes(library: Library, flow: str, conditions: Conditions) -> dict[str, tuple[str, ...]]:
    first = start(library, flow, conditions, "")
    found: dict[str, tuple[str, ...]] = {}
    ahead = deque([(first.state, ())])
    while ahead:
        state, keys = ahead.popleft()
        place = f"{state.flow}.{state.node}"
        if place in found:
            continue
        found[place] = keys
        for key in KEYS:
            step = resume(library, state, hear(key), conditions)
            if step.outcome is None:
                ahead.append((step.state, (*keys, key)))
    return found
