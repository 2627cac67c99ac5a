"""Judges one flow by itself: its targets, its keys, its ways out of silence, and the names it uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from ivr_flows.check_choices import check_choices, check_wishes
from ivr_flows.composing import NEXT_LANGUAGE_PROMPTS, PRESS
from ivr_flows.faults import FaultList
from ivr_flows.library import READ_NOT_HEARD, Library
from ivr_flows.model import (
    ANY_KEY,
    OUTCOMES,
    Choose,
    End,
    Enter,
    Flow,
    Line,
    Menu,
    Message,
    Node,
    Retry,
    Wish,
)
from ivr_flows.signals import SIGNALS

NODES_OF_KIND = {
    "menus": (Menu, Message, Choose, Enter, End),
    "waiting": (Line, Message, Choose),
    "text": (Message, Choose, End),
}
SPOKEN_KEYS = frozenset({"press.9", "press.0", "press.star", "press.hash"})


def check_flow(flow: Flow, library: Library, faults: FaultList) -> None:
    """Add the faults of one flow to its list."""
    if not flow.change.strip():
        faults.add("change", "must say in a line what is new in this version")
    if flow.start not in flow.nodes:
        faults.add("start", f"there is no node {flow.start!r}")
    _check_kind(flow, faults)
    check_wishes(flow, faults)
    _check_targets(flow, wish_targets(flow), faults)
    for node in flow.nodes.values():
        place = f"nodes.{node.name}"
        if not isinstance(node, NODES_OF_KIND[flow.kind]):
            faults.add(f"{place}.kind", f"a flow of kind {flow.kind!r} can not have this node")
        _check_targets(flow, targets(node), faults)
        _check_signals(node, faults)
        if isinstance(node, Menu):
            _check_menu(node, library, faults)
        if isinstance(node, Choose):
            _check_cases(node, library, faults)
        if isinstance(node, Enter) and _kind_of(library, node.flow) != "menus":
            faults.add(f"{place}.flow", f"there is no flow {node.flow!r} of kind 'menus'")
        if isinstance(node, End) and node.outcome not in OUTCOMES:
            faults.add(f"{place}.outcome", f"must be one of {', '.join(sorted(OUTCOMES))}")
    for place, key in said_by(flow):
        _check_said(flow, place, key, faults)


def targets(node: Node) -> Iterator[tuple[str, str]]:
    """Every way on from a node within its flow: the place where it is written, and the node it leads to."""
    place = f"nodes.{node.name}"
    match node:
        case Menu():
            for n, choice in enumerate(node.choices, start=1):
                yield f"{place}.choices[{n}].go", choice.go
            for where, retry in _retries(node):
                if retry.go is not None:
                    yield f"{where}.go", retry.go
        case Message():
            yield f"{place}.go", node.go
        case Line():
            yield f"{place}.go", node.go
            yield from _wish_targets(node.choices, f"{place}.choices")
        case Choose():
            for n, case in enumerate(node.cases, start=1):
                yield f"{place}.cases[{n}].go", case.go
            yield f"{place}.otherwise", node.otherwise


def said_by(flow: Flow) -> Iterator[tuple[str, str]]:
    """Every prompt a flow may say: where it is written, and its key."""
    for node in flow.nodes.values():
        place = f"nodes.{node.name}"
        if isinstance(node, Menu | Message | Line):
            yield from ((f"{place}.say", key) for key in node.say)
        if isinstance(node, Menu):
            for where, retry in _retries(node):
                yield from ((f"{where}.say", key) for key in retry.say)
            for n, choice in enumerate(node.choices, start=1):
                yield f"{place}.choices[{n}].say", choice.say
                if choice.digit != ANY_KEY:
                    yield f"{place}.choices[{n}].digit", PRESS + choice.digit
        if isinstance(node, Menu) and node.offer:
            yield f"{place}.offer", node.offer.say
            yield from ((f"{place}.say_briefly", key) for key in node.offer.briefly)
        if isinstance(node, Line):
            yield from _said_by_wishes(node.choices, f"{place}.choices")
    if flow.answers:
        yield from (("answers.choices", key) for key in NEXT_LANGUAGE_PROMPTS)
        answers = {"danger": flow.answers.danger, "choices": flow.answers.choices, "person": flow.answers.person}
        for name, keys in answers.items():
            yield from ((f"answers.{name}", key) for key in keys)
        yield from _said_by_wishes(flow.answers.wishes, "answers.wishes")


def _said_by_wishes(wishes: tuple[Wish, ...], where: str) -> Iterator[tuple[str, str]]:
    for n, wish in enumerate(wishes, start=1):
        place = f"{where}[{n}]"
        yield f"{place}.tell", wish.tell
        yield f"{place}.digit", PRESS + wish.digit
        yield from ((f"{place}.say", key) for key in wish.say)


def wish_targets(flow: Flow) -> Iterator[tuple[str, str]]:
    """Where the wishes that may be told at every line of a flow lead: the place where it is written, and the node."""
    yield from _wish_targets(flow.answers.wishes if flow.answers else (), "answers.wishes")


def _wish_targets(wishes: tuple[Wish, ...], where: str) -> Iterator[tuple[str, str]]:
    for n, wish in enumerate(wishes, start=1):
        if wish.go is not None:
            yield f"{where}[{n}].go", wish.go


def _retries(menu: Menu) -> Iterator[tuple[str, Retry]]:
    for name, retries in (("silence", menu.silence), ("wrong", menu.wrong)):
        for n, retry in enumerate(retries, start=1):
            yield f"nodes.{menu.name}.{name}[{n}]", retry
    yield f"nodes.{menu.name}.speech", menu.speech


def _check_kind(flow: Flow, faults: FaultList) -> None:
    if flow.kind == "menus" and flow.limits is None:
        faults.add("limits", "a flow of menus must say how far away a person may be")
    if flow.kind != "menus" and flow.limits is not None:
        faults.add("limits", "only a flow of menus has limits")
    if flow.kind == "waiting" and flow.answers is None:
        faults.add("answers", "a waiting flow must have answers to 9, * and 0")
    if flow.kind != "waiting" and flow.answers is not None:
        faults.add("answers", "only a waiting flow has answers")
    if flow.kind != "menus" and flow.asks_language:
        faults.add("asks_language", "only a flow of menus can ask")
    if not flow.walks:
        faults.add("walks", "every flow tells at least one walk through it")


def _check_targets(flow: Flow, ways: Iterable[tuple[str, str]], faults: FaultList) -> None:
    for place, name in ways:
        if name not in flow.nodes:
            faults.add(place, f"there is no node {name!r}")


def _check_signals(node: Node, faults: FaultList) -> None:
    noted: list[tuple[str, tuple[str, ...]]] = []
    if isinstance(node, Message):
        noted.append((f"nodes.{node.name}", node.signals))
    if isinstance(node, Menu):
        noted += ((f"nodes.{node.name}.choices[{n}]", one.signals) for n, one in enumerate(node.choices, start=1))
        noted += ((place, retry.signals) for place, retry in _retries(node))
    for place, signals in noted:
        for name in signals:
            if name not in SIGNALS:
                faults.add(f"{place}.signals", f"{name!r} is not a signal that triage knows")


def _check_menu(menu: Menu, library: Library, faults: FaultList) -> None:
    place = f"nodes.{menu.name}"
    check_choices(menu, library, faults)
    _check_escalation(menu.silence, f"{place}.silence", faults)
    if not menu.takes_any_key:
        _check_escalation(menu.wrong, f"{place}.wrong", faults)
    if menu.speech.go is None:
        faults.add(f"{place}.speech", "must lead on (go = …): who speaks can talk with a person")


def _check_escalation(retries: tuple[Retry, ...], place: str, faults: FaultList) -> None:
    if not retries or retries[-1].go is None:
        faults.add(place, "the last of these must lead on to a person (go = …)")
    for n, retry in enumerate(retries[:-1], start=1):
        if retry.go is not None:
            faults.add(f"{place}[{n}].go", "only the last of these leads on; what follows is never reached")
        elif not retry.say:
            faults.add(f"{place}[{n}].say", "must say something before asking again")
    said = Counter(retry.say for retry in retries[:-1])
    for n, retry in enumerate(retries[:-1], start=1):
        if said[retry.say] > 1:
            faults.add(f"{place}[{n}].say", "the same words twice do not help; say it differently")


def _check_cases(node: Choose, library: Library, faults: FaultList) -> None:
    for n, case in enumerate(node.cases, start=1):
        if case.test == "language" and case.value not in library.speech:
            faults.add(f"nodes.{node.name}.cases[{n}].if", f"the language {case.value!r} is not loaded")


def _kind_of(library: Library, name: str) -> str | None:
    flow = library.current.get(name)
    return flow.kind if flow else None


def _check_said(flow: Flow, place: str, key: str, faults: FaultList) -> None:
    # A key named in a sentence may be only one that works everywhere; a choice brings its own.
    if key.startswith(PRESS) and key not in SPOKEN_KEYS and not place.endswith(".digit"):
        faults.add(place, f"{key!r} is said by a choice with that digit, not by a sentence")
    if (flow.kind == "text") != key.startswith(READ_NOT_HEARD):
        faults.add(place, f"{key!r}: prompts of text flows, and no others, begin with {READ_NOT_HEARD!r}")
