"""Judges what keys may be pressed: the choices of a menu, and the wishes of a waiting flow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ivr_flows.composing import PRESS
from ivr_flows.engine import PERSON, SPOKE
from ivr_flows.faults import FaultList
from ivr_flows.library import Library
from ivr_flows.model import ANY_KEY, UNIVERSAL_KEYS, Choice, Flow, Line, Menu, Wish
from ivr_flows.wishes import LATER, REACHABLE_ON, WISHES

FREE_DIGITS = frozenset("12345678")
# Every language can say every digit, so that menus and languages may be renumbered by anyone.
DIGIT_PROMPTS = frozenset(PRESS + digit for digit in FREE_DIGITS)
MOST_CHOICES = 5


def check_choices(menu: Menu, library: Library, faults: FaultList) -> None:
    """Add the faults of a menu's choices."""
    place = f"nodes.{menu.name}.choices"
    most = len(FREE_DIGITS) if menu.offer else MOST_CHOICES
    if not 1 <= len(menu.choices) <= most:
        faults.add(place, f"a menu has from 1 to {most} choices")
    for n, choice in enumerate(menu.choices, start=1):
        _check_choice(choice, f"{place}[{n}]", library, faults)
    _check_once(menu.choices, place, faults)


def check_wishes(flow: Flow, faults: FaultList) -> None:
    """Add the faults of what a waiting caller may wish."""
    wishes = flow.answers.wishes if flow.answers else ()
    place = "answers.wishes"
    _check_wishes(wishes, place, (*WISHES, *sorted(LATER)), faults)
    for n, wish in enumerate(wishes, start=1):
        if wish.name in LATER and wish.go is None:
            faults.add(f"{place}[{n}].go", "must lead to a line that asks whether this is safe")
    if wishes and not any(WISHES.get(wish.name, "unknown") is None for wish in wishes):
        faults.add(place, "who can tell a wish must be able to take it back: add the wish 'wants_anyone'")
    for node in flow.nodes.values():
        if isinstance(node, Line):
            _check_line(node, flow, {wish.name for wish in wishes}, faults)


def _check_line(line: Line, flow: Flow, wishes: set[str], faults: FaultList) -> None:
    place = f"nodes.{line.name}"
    for name in line.tells:
        if name not in wishes:
            faults.add(f"{place}.tells", f"there is no {name!r} among the [[answers.wishes]]")
    _check_wishes(line.choices, f"{place}.choices", tuple(REACHABLE_ON), faults)
    if line.choices and not isinstance(flow.nodes.get(line.go), Line):
        faults.add(f"{place}.go", "who gives no answer must come to a line")


def _check_wishes(wishes: Sequence[Wish], place: str, names: Sequence[str], faults: FaultList) -> None:
    for n, wish in enumerate(wishes, start=1):
        _check_digit(wish.digit, FREE_DIGITS, f"{place}[{n}].digit", faults)
        if wish.name not in names:
            faults.add(f"{place}[{n}].name", f"must be one of {', '.join(names)}")
    _check_once(wishes, place, faults)


def _check_choice(choice: Choice, place: str, library: Library, faults: FaultList) -> None:
    _check_digit(choice.digit, FREE_DIGITS | {ANY_KEY}, f"{place}.digit", faults)
    if choice.name in (PERSON, SPOKE):
        faults.add(f"{place}.name", f"{choice.name!r} is what the engine itself answers")
    if choice.language and choice.language not in library.languages:
        faults.add(f"{place}.language", f"the language {choice.language!r} is not loaded")


def _check_digit(digit: str, free: frozenset[str], place: str, faults: FaultList) -> None:
    if digit in UNIVERSAL_KEYS:
        faults.add(place, f"{digit} is a universal key and can not mean anything else")
    elif digit not in free:
        faults.add(place, "must be one digit from 1 to 8" + (f", or {ANY_KEY!r}" if ANY_KEY in free else ""))


def _check_once(entries: Sequence[Choice | Wish], place: str, faults: FaultList) -> None:
    for field in ("digit", "name"):
        values = [getattr(entry, field) for entry in entries]
        counts = Counter(values)
        for n, value in enumerate(values, start=1):
            if counts[value] > 1:
                faults.add(f"{place}[{n}].{field}", f"{value!r} is there twice")
