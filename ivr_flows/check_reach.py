"""Judges where a flow can lead: no node in vain, no circle, and a person never too far away.

The distance is the worst of all inputs at all moments: every key pressed at the last second, every silence waited
out, sentences in every language while none is chosen. Speech time is text length over the language's
`characters_per_second`. '*' and '#' are left out: the engine itself ends a call's menus after a fixed number
of steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, inf

from ivr_flows.check_flow import targets, wish_targets
from ivr_flows.composing import compose, compose_menu
from ivr_flows.events import Prompt
from ivr_flows.faults import FaultList
from ivr_flows.library import Library
from ivr_flows.model import Choose, Enter, Flow, LanguageOffer, Line, Menu, Message, Retry


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a person is in the worst case."""

    keys: float
    seconds: float

    def after(self, keys: int, seconds: float) -> Distance:
        """The distance from one input or sentence earlier."""
        return Distance(self.keys + keys, self.seconds + seconds)


HERE = Distance(0, 0)
NEVER = Distance(inf, inf)


def check_reach(flow: Flow, library: Library, faults: FaultList) -> None:
    """Add the faults of one flow, whose targets all exist, to its list."""
    for name in flow.nodes.keys() - _reachable(flow):
        faults.add(f"nodes.{name}", "no way leads to this node")
    measure = Measure(library)
    distances = measure.from_start(flow)
    for node in flow.nodes.values():
        if _goes_in_a_circle(flow, node.name, library):
            faults.add(f"nodes.{node.name}", "goes in a circle without ever listening")
        elif isinstance(node, Menu):
            if _listens_after_speech(flow, node, library):
                faults.add(f"nodes.{node.name}.speech", "must lead to a person without another menu")
            allowed = flow.limits.seconds_for(len(library.languages))
            _check_distance(flow, distances.get(node.name, HERE), allowed, f"nodes.{node.name}", faults)


def speech_seconds(prompts: Iterable[Prompt], library: Library) -> float:
    """About how long these sentences take to say, in seconds."""
    seconds = 0.0
    for prompt in prompts:
        language = library.speech[prompt.language]
        seconds += len(language.prompts[prompt.key].text) / language.characters_per_second
    return seconds


def _reachable(flow: Flow) -> set[str]:
    seen: set[str] = set()
    ahead = [flow.start, *(target for _, target in wish_targets(flow))]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += [target for _, target in targets(flow.nodes[name])]
    return seen


def _silent_ways(flow: Flow, name: str, library: Library) -> list[tuple[Flow, str]]:
    """Where a node leads without listening."""
    node = flow.nodes[name]
    if isinstance(node, Enter):
        entered = library.current[node.flow]
        return [(entered, entered.start)]
    if isinstance(node, Message | Choose):
        return [(flow, target) for _, target in targets(node)]
    return []


def _silently_reached(flow: Flow, name: str, library: Library) -> set[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    ahead = _silent_ways(flow, name, library)
    while ahead:
        next_flow, next_name = ahead.pop()
        if (next_flow.name, next_name) not in seen:
            seen.add((next_flow.name, next_name))
            ahead += _silent_ways(next_flow, next_name, library)
    return seen


def _goes_in_a_circle(flow: Flow, name: str, library: Library) -> bool:
    return (flow.name, name) in _silently_reached(flow, name, library)


def _listens_after_speech(flow: Flow, menu: Menu, library: Library) -> bool:
    reached = _silently_reached(flow, menu.speech.go, library) | {(flow.name, menu.speech.go)}
    held = {**library.current, flow.name: flow}
    return any(isinstance(held[name].nodes[node], Menu | Line) for name, node in reached)


def _check_distance(flow: Flow, distance: Distance, allowed_s: int, place: str, faults: FaultList) -> None:
    if distance == NEVER:
        faults.add(place, "there is a way from here that never comes to a person")
        return
    if distance.keys > flow.limits.keys_to_person:
        faults.add(place, f"a person is {distance.keys} keys away, {flow.limits.keys_to_person} allowed")
    if distance.seconds > allowed_s:
        faults.add(place, f"a person is {ceil(distance.seconds)} s away, {allowed_s} allowed")


class Measure:
    """Distances to a person, remembered: a position is a node, the retries used up and the languages spoken."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._known: dict[tuple, Distance] = {}

    def from_start(self, flow: Flow) -> dict[str, Distance]:
        """The worst distance from each node of a flow, however a caller came to it from the flow's start."""
        for likeliest in self.library.languages:
            self._from(flow, flow.start, 0, 0, self.library.while_unknown(likeliest))
        worst: dict[str, Distance] = {}
        for (name, version, node, *_), distance in self._known.items():
            if (name, version) == (flow.name, flow.version):
                worst[node] = _worst([distance, worst.get(node, HERE)])
        return worst

    def _from(self, flow: Flow, name: str, silences: int, wrongs: int, languages: tuple[str, ...]) -> Distance:
        # Counts beyond the longest list change nothing more, and without a bound a circle would never close.
        most = most_retries(flow)
        silences, wrongs = min(silences, most), min(wrongs, most)
        position = (flow.name, flow.version, name, silences, wrongs, languages)
        if position not in self._known:
            # Met again while it is being worked out, a position leads to itself: no person at its end.
            self._known[position] = NEVER
            self._known[position] = self._work_out(flow, name, silences, wrongs, languages)
        return self._known[position]

    def _work_out(self, flow: Flow, name: str, silences: int, wrongs: int, languages: tuple) -> Distance:
        node = flow.nodes[name]
        match node:
            case Menu(offer=LanguageOffer()) if len(self.library.languages) == 1:
                cost = speech_seconds(compose(node.say, languages), self.library)
                return self._from(flow, node.offer.go, silences, wrongs, languages).after(0, cost)
            case Menu():
                cost = self._asking(node, node.say, languages)
                return self._hearing(flow, node, silences, wrongs, languages).after(0, cost)
            case Message():
                cost = speech_seconds(compose(node.say, languages), self.library) + node.pause_s
                return self._from(flow, node.go, silences, wrongs, languages).after(0, cost)
            case Choose():
                return _worst(self._from(flow, to, silences, wrongs, languages) for _, to in targets(node))
            case Enter():
                entered = self.library.current[node.flow]
                return self._from(entered, entered.start, 0, 0, languages)
            case _:
                return HERE

    def _asking(self, menu: Menu, opening: Iterable[str], languages: tuple[str, ...]) -> float:
        return (
            speech_seconds(compose_menu(menu, opening, languages, self.library.languages), self.library)
            + menu.timeout_s
        )

    def _hearing(self, flow: Flow, menu: Menu, silences: int, wrongs: int, languages: tuple) -> Distance:
        """The worst of every input at a menu that is listening."""
        silence = menu.silence[min(silences, len(menu.silence) - 1)]
        ways = [
            self._trying_again(flow, menu, silence, silences + 1, wrongs, languages),
            self._from(flow, menu.speech.go, silences, wrongs, languages),
        ]
        if not menu.takes_any_key:
            wrong = menu.wrong[min(wrongs, len(menu.wrong) - 1)]
            ways.append(self._trying_again(flow, menu, wrong, silences, wrongs + 1, languages).after(1, 0))
        for choice in menu.choices:
            spoken = (choice.language,) if choice.language else languages
            ways.append(self._from(flow, choice.go, silences, wrongs, spoken).after(1, 0))
        return _worst(ways)

    def _trying_again(
        self, flow: Flow, menu: Menu, retry: Retry, silences: int, wrongs: int, languages: tuple
    ) -> Distance:
        if retry.go is None:
            cost = self._asking(menu, retry.say, languages)
            return self._hearing(flow, menu, silences, wrongs, languages).after(0, cost)
        cost = speech_seconds(compose(retry.say, languages), self.library)
        return self._from(flow, retry.go, silences, wrongs, languages).after(0, cost)


def most_retries(flow: Flow) -> int:
    """The longest list of retries in a flow; counting silences or wrong keys further changes nothing."""
    menus = [node for node in flow.nodes.values() if isinstance(node, Menu)]
    return max((max(len(menu.silence), len(menu.wrong)) for menu in menus), default=0)


def _worst(distances: Iterable[Distance]) -> Distance:
    found = list(distances)
    return Distance(max(one.keys for one in found), max(one.seconds for one in found))
