"""Two versions side by side: the lines of their texts, and what a child hears in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from helpline.flow_book.hearing import list_heard
from ivr_flows.library import Library

CONTEXT = 2
SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a comparison: `kind` is same, gone or new; its numbers count from 1, None where it is not there."""

    kind: str
    before: int | None
    after: int | None
    text: str


@dataclass(frozen=True, slots=True)
class HeardAt:
    """What is said at one node, in order: before and after. They differ."""

    node: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def compare_texts(before: str, after: str) -> list[list[TextLine]]:
    """The places that differ, each with a few lines around it."""
    old, new = before.splitlines(), after.splitlines()
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT)
    return [[line for part in group for line in _lines_of(part, old, new)] for group in groups]


def compare_heard(
    before: Library, after: Library, flow: str, language: str, values: Mapping[str, str]
) -> list[HeardAt]:
    """Every node at which a child hears something else, in the order of the newer text."""
    old = list_heard(before, before.current.get(flow), language, values)
    new = list_heard(after, after.current.get(flow), language, values)
    nodes = list(dict.fromkeys([*new, *old]))
    pairs = [HeardAt(node, old.get(node, ()), new.get(node, ())) for node in nodes]
    return [pair for pair in pairs if pair.before != pair.after]


def _lines_of(part: tuple, old: list[str], new: list[str]) -> list[TextLine]:
    kind, i1, i2, j1, j2 = part
    if kind == "equal":
        return [TextLine(SAME, i1 + n + 1, j1 + n + 1, text) for n, text in enumerate(old[i1:i2])]
    gone = [TextLine(GONE, i + 1, None, old[i]) for i in range(i1, i2)]
    return gone + [TextLine(NEW, None, j + 1, new[j]) for j in range(j1, j2)]
