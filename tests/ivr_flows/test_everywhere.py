"""What must hold at every position of every flow: the universal keys, and a way to a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_flows.engine import MOST_STEPS_IN_MENUS, resume, start
from ivr_flows.events import Answered, Listen, SignalNoted
from ivr_flows.model import Conditions, Key, Line, Menu, Silence, Speech, State, Step
from ivr_flows.shelf import read_shelf
from tests.ivr_flows.positions import EVERYTHING, HOURS, listening_states

SHIPPED = read_shelf(languages=["ar", "en"]).library
POSITIONS = list(listening_states(SHIPPED))
IN_MENUS = [(state, when) for state, when in POSITIONS if SHIPPED.flow_of(state).kind == "menus"]
IN_QUEUE = [(state, when) for state, when in POSITIONS if SHIPPED.flow_of(state).kind == "waiting"]


def signals(step: Step) -> list[str]:
    return [event.name for event in step.events if isinstance(event, SignalNoted)]


def ends_well(step: Step) -> bool:
    """A step joins the queue, or listens, and listening is the last it does."""
    listens = [isinstance(event, Listen) for event in step.events]
    return (
        step.outcome == "queue" and not any(listens) or step.outcome is None and listens.index(True) + 1 == len(listens)
    )


def test_every_listening_node_is_among_the_positions() -> None:
    written = {
        (flow.name, node.name)
        for flow in SHIPPED.current.values()
        for node in flow.nodes.values()
        if isinstance(node, Menu | Line)
    }
    assert {(state.flow, state.node) for state, _ in POSITIONS} == written


def test_nine_joins_the_queue_as_danger_from_every_menu() -> None:
    for state, when in IN_MENUS:
        step = resume(SHIPPED, state, Key("9"), when)
        assert step.outcome == "queue"
        assert signals(step)[-1] == "danger_key"
        assert not any(isinstance(event, Listen) for event in step.events)


def test_nine_raises_the_alarm_while_waiting_and_the_waiting_goes_on() -> None:
    for state, when in IN_QUEUE:
        step = resume(SHIPPED, state, Key("9"), when)
        assert (step.outcome, signals(step)) == (None, ["danger_key"])
        assert {prompt.key for prompt in step.events[-1].prompts} == {"waiting.danger_heard"}


def test_a_wish_may_be_told_at_every_line_and_the_waiting_goes_on_there() -> None:
    for state, when in IN_QUEUE:
        line = SHIPPED.flow_of(state).nodes[state.node]
        for wish in line.choices or SHIPPED.flow_of(state).answers.wishes:
            step = resume(SHIPPED, state, Key(wish.digit), when)
            assert step.outcome is None
            assert step.events[0] == Answered(f"waiting.{state.node}", wish.name)
            if wish.go is None:
                assert step.state.node == state.node
                assert {prompt.key for prompt in step.events[-1].prompts} == set(wish.say)


def test_star_while_waiting_tells_every_wish_with_its_key() -> None:
    for state, when in IN_QUEUE:
        told = [prompt.key for prompt in resume(SHIPPED, state, Key("*"), when).events[-1].prompts]
        line = SHIPPED.flow_of(state).nodes[state.node]
        for wish in line.choices or SHIPPED.flow_of(state).answers.wishes:
            assert told[told.index(wish.tell) + 1] == f"press.{wish.digit}"


def test_zero_gives_a_person_from_every_menu() -> None:
    for state, when in IN_MENUS:
        step = resume(SHIPPED, state, Key("0"), when)
        assert step.outcome == "queue"
        assert Answered(f"{state.flow}.{state.node}", "person") in step.events
        assert signals(step)[-1] == "asked_for_person"


def test_star_goes_back_one_menu_or_says_the_first_again() -> None:
    for state, when in IN_MENUS:
        step = resume(SHIPPED, state, Key("*"), when)
        assert step.outcome is None
        assert step.state.node == (state.back[-1] if state.back else state.node)
        assert step.state.back == state.back[:-1]


def test_speech_leads_to_a_person_from_every_menu() -> None:
    for state, when in IN_MENUS:
        assert resume(SHIPPED, state, Speech(), when).outcome == "queue"


def test_everything_everywhere_ends_in_the_queue_or_in_listening() -> None:
    for state, when in POSITIONS:
        for heard in EVERYTHING:
            assert ends_well(resume(SHIPPED, state, heard, when)), (state, heard)


def test_silence_for_ever_reaches_the_queue_from_every_menu_within_three_silences() -> None:
    for state, when in IN_MENUS:
        step = resume(SHIPPED, state, Silence(), when)
        silences = 1
        while step.outcome is None:
            step = resume(SHIPPED, step.state, Silence(), when)
            silences += 1
        assert silences <= 3, state


def test_wrong_keys_for_ever_reach_the_queue_from_every_menu() -> None:
    for state, when in IN_MENUS:
        step = resume(SHIPPED, state, Key("88"), when)
        wrongs = 1
        while step.outcome is None:
            step = resume(SHIPPED, step.state, Key("88"), when)
            wrongs += 1
        assert wrongs <= 3, state


def test_star_for_ever_is_given_to_a_person_in_the_end() -> None:
    step = start(SHIPPED, "welcome", HOURS[0], "ar")
    for _ in range(MOST_STEPS_IN_MENUS):
        assert step.outcome is None
        step = resume(SHIPPED, step.state, Key("*"), HOURS[0])
    assert step.outcome == "queue"


def test_waiting_never_leaves_the_queue_and_never_says_the_same_line_twice_running() -> None:
    step = start(SHIPPED, "waiting", HOURS[0], "en")
    for _ in range(200):
        after = resume(SHIPPED, step.state, Silence(), HOURS[0])
        assert after.outcome is None
        assert after.events[-1].prompts != step.events[-1].prompts
        step = after


@pytest.mark.parametrize("mashed", ["99", "789", "9#", "*9", " 9 ", "0909", "a9"])
def test_a_handful_of_keys_with_a_nine_is_danger(mashed: str) -> None:
    for state, when in POSITIONS:
        assert "danger_key" in signals(resume(SHIPPED, state, Key(mashed), when))


@given(pressed=st.text(max_size=40), place=st.integers(0, len(POSITIONS) - 1))
def test_no_key_string_ever_breaks_a_call(pressed: str, place: int) -> None:
    state, when = POSITIONS[place]
    assert ends_well(resume(SHIPPED, state, Key(pressed), when))


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), st.lists, max_leaves=4)


@given(stored=st.dictionaries(st.sampled_from(list(POSITIONS[0][0].to_dict())), JSON))
def test_no_stored_state_ever_breaks_a_call(stored: dict) -> None:
    assert ends_well(resume(SHIPPED, State.from_dict(stored), Silence(), Conditions(open=True)))


@given(place=st.integers(0, len(POSITIONS) - 1), field=st.sampled_from(["node", "flow", "language"]), text=st.text())
def test_a_state_that_fits_half_ever_goes_on(place: int, field: str, text: str) -> None:
    state, when = POSITIONS[place]
    assert ends_well(resume(SHIPPED, replace(state, **{field: text}), Key("1"), when))
