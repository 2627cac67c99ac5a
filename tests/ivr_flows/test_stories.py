"""The walks written in the flow files, in every language, and what they leave untold."""

from __future__ import annotations

from itertools import product

import pytest

from ivr_flows.events import Answered
from ivr_flows.library import Library
from ivr_flows.model import Conditions, Menu, Walk
from ivr_flows.shelf import read_shelf
from ivr_flows.signals import SIGNALS
from ivr_flows.walk import conditions_of, run_walks, walk
from ivr_flows.wishes import LATER, REACHABLE_ON, WISHES

SHIPPED = read_shelf(languages=["ar", "en"]).library
STORIES = [
    pytest.param(flow.name, story, language, id=f"{flow.name}: {story.about} ({language})")
    for flow in SHIPPED.current.values()
    for story in flow.walks
    for language in SHIPPED.languages
]


@pytest.mark.parametrize(("flow", "story", "language"), STORIES)
def test_a_walk_goes_as_its_flow_file_tells_it(library: Library, flow: str, story: Walk, language: str) -> None:
    went = walk(library, flow, story.keys, language, conditions_of(story))
    assert went.end == story.end
    assert went.signals == story.signals
    assert set(story.says) <= set(went.said_last)


def test_the_walks_take_every_choice_of_every_menu_and_every_wish(library: Library) -> None:
    taken = set()
    for flow, language in product(library.current.values(), library.languages):
        for story in flow.walks:
            went = walk(library, flow.name, story.keys, language, Conditions(story.open))
            events = [event for _, step in went.steps for event in step.events]
            taken |= {(event.node, event.choice) for event in events if isinstance(event, Answered)}
    offered = {
        (f"{flow.name}.{node.name}", choice.name)
        for flow in library.current.values()
        for node in flow.nodes.values()
        if isinstance(node, Menu)
        for choice in node.choices
    }
    assert offered - taken == set()
    told_while_waiting = {choice for node, choice in taken if node.startswith("waiting.")}
    assert told_while_waiting >= WISHES.keys() | LATER | REACHABLE_ON.keys()


def test_every_signal_triage_knows_is_noted_by_some_walk(library: Library) -> None:
    noted = {signal for flow in library.current.values() for story in flow.walks for signal in story.signals}
    assert noted == SIGNALS


def test_a_walk_that_no_longer_holds_is_found(folder) -> None:
    folder.change("flows/welcome.toml", 'signals = ["caller_child", "about_violence"]', 'signals = ["caller_child"]')
    failed = run_walks(read_shelf(folder.path).library)
    assert {(one.flow, one.number, one.language) for one in failed} == {("welcome", 1, "ar"), ("welcome", 1, "en")}
    assert "about_violence" in str(failed[0])


def test_the_first_words_are_the_same_whatever_is_known_of_the_caller(library: Library) -> None:
    stranger = walk(library, "welcome", [], "ar", Conditions(open=True))
    known = walk(library, "welcome", [], "ar", Conditions(True, 9, frozenset({"called_before", "repeat"})))
    assert stranger.last.events == known.last.events


def test_no_call_has_more_than_three_menus_after_the_language(library: Library) -> None:
    for story in library.current["welcome"].walks:
        went = walk(library, "welcome", story.keys, "ar", Conditions(story.open))
        asked = {step.state.node for _, step in went.steps if step.outcome is None} - {"language"}
        if "*" not in story.keys:
            assert len(asked) <= 3, story.about
