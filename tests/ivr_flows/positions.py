"""Every position a caller can come to, found by pressing everything everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ivr_flows.engine import resume, start
from ivr_flows.library import Library
from ivr_flows.model import Conditions, Key, Silence, Speech, State, Step

EVERYTHING = [*map(Key, ["0", "1", "2", "3", "4", "5", "8", "9", "*", "#", "12", "a"]), Silence(), Speech()]
HOURS = [
    Conditions(open=True),
    Conditions(open=False),
    Conditions(open=True, queue_depth=50),
    Conditions(open=True, surge=True),
    Conditions(open=True, flags=frozenset({"number_withheld"})),
    Conditions(open=False, outage=True),
]


def listening_states(library: Library) -> Iterator[tuple[State, Conditions]]:
    """Each state in which a caller is listened to, under each condition, once."""
    for conditions in HOURS:
        seen: set[State] = set()
        ahead: list[Step] = [
            start(library, flow, conditions, language)
            for flow in library.current
            for language in (*library.languages, "")
        ]
        while ahead:
            step = ahead.pop()
            # The step number would make every round of the waiting loop a new state.
            state = replace(step.state, step=0)
            if step.outcome is None and state not in seen:
                seen.add(state)
                yield state, conditions
                ahead += [resume(library, state, heard, conditions) for heard in EVERYTHING]
