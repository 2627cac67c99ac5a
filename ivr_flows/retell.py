"""Keeps what a caller did as signs, never as words, and tells it again as a walk of a flow file.

A choice is kept by its name, so the story holds when digits change; a wrong key is kept as wrong and not by its digit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ivr_flows.library import Library
from ivr_flows.model import UNIVERSAL_KEYS, Conditions, Heard, Menu, Silence, Speech, State
from ivr_flows.walk import LANGUAGE_SIGN, SILENCE_SIGN, SPEECH_SIGN, WRONG_SIGN, Transcript, choices_at, walk

# Nobody needs more of a call than this to see what went wrong in it.
MOST_KEPT = 300
SWITCHES = ("surge", "outage")


def begin_story(state: State, conditions: Conditions) -> dict[str, Any]:
    """A new story, from the start of a flow: JSON-safe, with nothing heard yet."""
    return {
        "flow": state.flow,
        "version": state.version,
        "language": state.language if state.language_chosen else "",
        "open": conditions.open,
        "queue_depth": conditions.queue_depth,
        "flags": sorted(conditions.flags),
        "on": [name for name in SWITCHES if getattr(conditions, name)],
        "heard": [],
    }


def go_on(story: Mapping[str, Any], sign: str) -> dict[str, Any]:
    """The story with one sign more."""
    heard = [*story["heard"], sign]
    return {**story, "heard": heard[:MOST_KEPT]}


def sign_of(library: Library, state: State, heard: Heard) -> str:
    """What was heard at a position, as a sign of a walk."""
    if isinstance(heard, Silence):
        return SILENCE_SIGN
    if isinstance(heard, Speech):
        return SPEECH_SIGN
    key = "9" if "9" in heard.digits else heard.digits.strip()
    if not key or key in UNIVERSAL_KEYS:
        return key
    flow = library.flow_of(state)
    node = flow.nodes.get(state.node) if flow else None
    if isinstance(node, Menu):
        choice = node.choice_for(key)
        return LANGUAGE_SIGN if choice and node.offer else choice.name if choice else WRONG_SIGN
    named = (choice.name for choice in choices_at(flow, node) if choice.digit == key)
    return next(named, WRONG_SIGN)


def retell(library: Library, story: Mapping[str, Any]) -> tuple[str, Transcript]:
    """The story as a walk for its flow file, and how it goes in the flows of today. Raises NoSuchChoice."""
    on = dict.fromkeys(story["on"], True)
    conditions = Conditions(story["open"], story["queue_depth"], frozenset(story["flags"]), **on)
    went = walk(library, story["flow"], story["heard"], story["language"], conditions)
    heard = story["heard"][: len(story["heard"]) - len(went.left)]
    lines = ["[[walks]]", f"about = {_text(_about(library, story))}", f"keys = {_texts(heard)}"]
    lines += [] if story["open"] else ["open = false"]
    lines += [f"{name} = true" for name in on]
    lines += [f"queue_depth = {story['queue_depth']}"] if story["queue_depth"] else []
    lines += [f"flags = {_texts(story['flags'])}"] if story["flags"] else []
    lines += [f"end = {_text(went.end)}"]
    lines += [f"signals = {_texts(went.signals)}"] if went.signals else []
    return "\n".join(lines), went


def _about(library: Library, story: Mapping[str, Any]) -> str:
    version, now = story["version"], library.current[story["flow"]].version
    return f"as it was heard in version {version}" + (f"; told by version {now}" if now != version else "")


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _texts(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def tell_on(
    library: Library, stories: list[dict], before: State | None, heard: Heard, now: State, conditions: Conditions
) -> list[dict]:
    """The stories of a contact with one step more; without a state before it, a flow begins at this step."""
    if before is None:
        return [*stories, begin_story(now, conditions)]
    if not stories:  # the first step after the first words of the call
        stories = [begin_story(before, conditions)]
    return [*stories[:-1], go_on(stories[-1], sign_of(library, before, heard))]
