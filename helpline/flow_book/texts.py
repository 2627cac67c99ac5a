"""A flow as an administrator writes it: a flow file which may also bring sentences of its own, by language.

    [sentences.en]
    "welcome.hello" = "Hello. We are here."

Such a sentence is heard in this version of this flow and nowhere else. To keep it apart its key is bound to the
version ("welcome.hello@welcome.2"), so a call that began with version 1 goes on hearing the words of version 1.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ivr_flows.composing import PRESS
from ivr_flows.faults import FaultList
from ivr_flows.library import Language, Recorded, Spoken
from ivr_flows.model import Flow
from ivr_flows.read_flows import read_flow
from ivr_flows.read_prompts import read_sentences
from ivr_flows.table import Table

SENTENCES = "sentences"
BOUND = re.compile(r"@\w+\.\d+")
FIRST_TABLE = re.compile(r"(?m)^[ \t]*\[")


@dataclass(frozen=True, slots=True)
class FlowText:
    """One version of one flow, read. `flow` is None where it could not be.

    `sentences` has the keys as written. `unspoken` names languages it has sentences for that are not spoken here.
    """

    name: str
    version: int
    flow: Flow | None
    faults: FaultList
    sentences: Mapping[str, Mapping[str, Spoken | Recorded]] = field(default_factory=dict)
    unspoken: tuple[str, ...] = ()
    is_shipped: bool = False

    @property
    def own_keys(self) -> set[str]:
        """The keys it brings a sentence for, in whichever language."""
        return {key for by_key in self.sentences.values() for key in by_key}

    def bound(self, key: str) -> str:
        """The key under which its own sentence is kept."""
        return f"{key}@{self.name}.{self.version}"


def unbound(text: str) -> str:
    """A key, or a text that names some, as their author wrote them."""
    return BOUND.sub("", text)


def read_text(name: str, version: int, source: str, speech: Mapping[str, Language]) -> FlowText:
    """Read one version of a flow; what is wrong with its shape is on its fault list."""
    faults = FaultList(f"flows/{name}.toml", source)
    try:
        values = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        faults.add("", f"is not TOML: {error}")
        return FlowText(name, version, None, faults)
    brought = Table({SENTENCES: values.pop(SENTENCES, {})}, "", faults).table(SENTENCES)
    sentences = _read_sentences(brought, speech) if brought else {}
    # Not a fault by itself: a language that is switched off later must not break what was published before.
    unspoken = tuple(sorted(brought.values.keys() - speech.keys())) if brought else ()
    text = FlowText(name, version, None, faults, sentences, unspoken)
    flow = read_flow(Table(_bind(values, text), "", faults))
    if flow.name != name:
        faults.add("flow", f"must stay {name!r}")
    readable = not faults.found
    return replace(text, flow=replace(flow, version=version) if readable else None)


def stamp(source: str, version: int, change: str) -> str:
    """The text with its own version and change line set, as it is published. Both lines stand before any table."""
    first_table = FIRST_TABLE.search(source)
    head_ends = first_table.start() if first_table else len(source)
    head, tables = source[:head_ends], source[head_ends:]
    quoted = json.dumps(one_line(change), ensure_ascii=False)
    head = re.sub(r"(?m)^version\s*=.*$", f"version = {version}", head, count=1)
    head = re.sub(r"(?m)^change\s*=.*$", lambda _: f"change = {quoted}", head, count=1)
    return head + tables


def one_line(text: str) -> str:
    """The text on one line, without characters that nobody sees."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def _read_sentences(brought: Table, speech: Mapping[str, Language]) -> dict[str, dict[str, Spoken | Recorded]]:
    sentences: dict[str, dict[str, Spoken | Recorded]] = {}
    for code in brought.values.keys() & speech.keys():
        of_language = brought.table(code)
        if of_language is None:
            continue
        for key in of_language.values:
            if key.startswith(PRESS):
                of_language.fault(key, "belongs to every flow and is changed in the language file only")
        sentences[code] = read_sentences(of_language, speech[code].voice, speech[code].say_language)
    return sentences


def _bind(value: Any, text: FlowText) -> Any:
    """The same values, with every key that has a sentence of its own here bound to this version."""
    if isinstance(value, dict):
        return {name: _bind(one, text) for name, one in value.items()}
    if isinstance(value, list):
        return [_bind(one, text) for one in value]
    return text.bound(value) if isinstance(value, str) and value in text.own_keys else value
