"""Says what the telephone company would refuse or misread in an answer of ours, and whether it leads anywhere.

A verb or attribute that it does not know it leaves out without telling us, and at the end of an answer it hangs up.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

RULES = Path(__file__).with_name("twiml_rules.toml")
FIXED_VALUES = {"yes_no": {"true", "false"}, "get_post": {"GET", "POST"}, "key": {"", *"0123456789*#"}}
ADDRESSES = ("https://", "http://", "/")


@cache
def load_rules() -> dict[str, Any]:
    """The rules as data."""
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


def check_twiml(xml: str, *, on_hold: bool = False) -> list[str]:
    """Everything wrong with a voice answer; empty if it is sound. `on_hold`: it is heard inside the hold queue."""
    response = load_rules()["response"]
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        return [f"is not XML: {error}"]
    if root.tag != "Response":
        return [f"begins with <{root.tag}>, not <Response>"]
    faults = [] if len(xml.encode()) <= response["largest_bytes"] else ["is larger than the telephone company takes"]
    allowed = response["holds_on_hold" if on_hold else "holds"]
    return faults + [fault for verb in root for fault in _check_verb(verb, root.tag, allowed)]


def leads_on(xml: str) -> bool:
    """Whether the call goes on after this answer: its last verb asks us again, holds the caller or joins a room."""
    verbs = list(ElementTree.fromstring(xml))
    if not verbs or any(verb.tag == "Hangup" for verb in verbs):
        return False
    last = verbs[-1]
    return last.tag == "Redirect" or (last.tag in ("Enqueue", "Dial") and bool(last.get("action")))


def _check_verb(verb: Element, inside: str, allowed: list[str]) -> Iterator[str]:
    rule = load_rules()["verbs"].get(verb.tag)
    if verb.tag not in allowed or rule is None:
        yield f"<{verb.tag}> may not stand in <{inside}>"
        return
    for name, value in verb.attrib.items():
        kind = rule["attributes"].get(name)
        if kind is None:
            yield f"<{verb.tag}> has no attribute {name!r}"
        elif not _fits(value, kind):
            yield f"<{verb.tag} {name}={value!r}> is not {kind}"
    yield from _check_text(verb, rule.get("text"))
    if verb.tag == "Say":
        yield from _check_voice(verb)
    for child in verb:
        yield from _check_verb(child, verb.tag, rule.get("holds", []))


def _check_text(verb: Element, kind: str | None) -> Iterator[str]:
    text = (verb.text or "").strip()
    if kind is None and text:
        yield f"<{verb.tag}> holds text"
    if kind is not None and not text:
        yield f"<{verb.tag}> is empty"
    if kind == "url" and text and not _fits(text, "url"):
        yield f"<{verb.tag}> names no address"


def _check_voice(say: Element) -> Iterator[str]:
    rules = load_rules()
    if len(say.text or "") > rules["response"]["longest_say"]:
        yield "<Say> is too long"
    if say.get("voice") not in rules["voices"].get(say.get("language", ""), []):
        yield f"<Say> has no voice {say.get('voice')!r} for {say.get('language')!r}"


def _fits(value: str, kind: str) -> bool:
    if kind == "text":
        return bool(value)
    if kind == "url":
        return value.startswith(ADDRESSES) and " " not in value
    if kind in FIXED_VALUES:
        return value in FIXED_VALUES[kind]
    if kind.startswith("several "):
        return bool(value) and set(value.split()) <= set(kind.split()[1:])
    least, dash, most = kind.partition("-")
    if dash and least.isdecimal():
        return value.isdecimal() and int(least) <= int(value) <= int(most)
    return value in kind.split()
