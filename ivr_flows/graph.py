"""Draws a flow as one SVG picture that any browser shows: a box a node, with a row for each way on from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from ivr_flows.composing import PRESS
from ivr_flows.events import Prompt
from ivr_flows.layers import place_in_layers
from ivr_flows.library import Library
from ivr_flows.model import Choose, End, Enter, Flow, Line, Menu, Message, Node

WIDTH, ROW, GAP_ACROSS, GAP_DOWN, MARGIN, MOST_LETTERS = 270, 19, 50, 46, 40, 38
# Fill and rim of the boxes, by kind of node.
COLOURS = {
    "menu": ("#e8f1fb", "#1f5fa8"),
    "line": ("#e8f1fb", "#1f5fa8"),
    "message": ("#f5f5f5", "#555555"),
    "choose": ("#fff6e0", "#8a5f00"),
    "enter": ("#f1e9fb", "#6a3aa8"),
    "end": ("#e6f6ea", "#1d7a3a"),
}
KINDS = {Menu: "menu", Line: "line", Message: "message", Choose: "choose", Enter: "enter", End: "end"}


@dataclass(frozen=True, slots=True)
class _Way:
    """A way on from a node. An answer is drawn as a full line, what happens otherwise as a broken one."""

    label: str
    target: str
    answer: bool = True


@dataclass(frozen=True, slots=True)
class _Box:
    """A node as it is drawn: its upper left corner, its facts, and a row for each way on."""

    node: Node
    kind: str
    facts: list[str]
    ways: list[_Way]
    x: float = 0
    y: float = 0

    @property
    def height(self) -> float:
        """In pixels: a row for the name, one for each fact and way, and the rims."""
        return ROW * (1 + len(self.facts) + len(self.ways)) + 16

    def row_y(self, row: int) -> float:
        """The base line of a row."""
        return self.y + 21 + ROW * row


def draw(flow: Flow, library: Library | None = None, language: str = "") -> str:
    """The flow as SVG text. With a library each node also shows what it says, in `language` or the first one."""
    boxes = _place(flow, {name: _box(flow, node, library, language) for name, node in flow.nodes.items()})
    width = max(box.x + WIDTH for box in boxes.values()) + 2 * MARGIN
    height = max(box.y + box.height for box in boxes.values()) + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title about" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" font-family="system-ui, sans-serif" '
        'font-size="13">',
        f'<title id="title">{escape(flow.name)}, version {flow.version}</title>',
        f'<desc id="about">{escape(_describe(flow, boxes))}</desc>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 8 4 0 8z" fill="#777"/></marker></defs>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
        *(line for box in boxes.values() for line in _draw_ways(box, boxes, width - MARGIN)),
        *(_draw_box(box, box.node.name == flow.start) for box in boxes.values()),
        "</svg>",
    ]
    return "\n".join(parts)


def _box(flow: Flow, node: Node, library: Library | None, language: str) -> _Box:
    said = list(_said(node, library, language)) if library else []
    return _Box(node, KINDS[type(node)], [*_facts(node), *said], [*_asked_for(flow, node), *_ways(node)])


def _facts(node: Node) -> Iterator[str]:
    match node:
        case Menu() | Line():
            yield f"listens {node.timeout_s} s"
            if isinstance(node, Line) and node.tells:
                yield f"tells {', '.join(node.tells)}"
        case Message():
            if node.pause_s:
                yield f"is quiet for {node.pause_s} s"
            if node.signals:
                yield f"notes {', '.join(node.signals)}"
        case Enter(_, flow):
            yield f"goes on in the flow {flow}"
        case End(_, outcome):
            yield f"outcome: {outcome}"


def _said(node: Node, library: Library, language: str) -> Iterator[str]:
    code = library.known_language(language)
    if isinstance(node, Menu | Line | Message):
        for key in node.say:
            if not key.startswith(PRESS):
                text = library.spoken(Prompt(key, code), {"emergency_number": "…"}).text
                yield text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1].rstrip() + "…"


def _asked_for(flow: Flow, node: Node) -> Iterator[_Way]:
    """Where the wishes lead that a line tells. They may be told at every other line as well."""
    wishes = flow.answers.named(node.tells) if isinstance(node, Line) and flow.answers else ()
    yield from (_Way(f"{wish.digit}  {wish.name}", wish.go) for wish in wishes if wish.go)


def _ways(node: Node) -> Iterator[_Way]:
    match node:
        case Menu():
            yield from (_Way(f"{choice.digit}  {choice.name}", choice.go) for choice in node.choices)
            yield _Way(f"silence ×{len(node.silence)}", node.silence[-1].go or node.name, answer=False)
            if not node.takes_any_key:
                yield _Way(f"wrong key ×{len(node.wrong)}", node.wrong[-1].go or node.name, answer=False)
            yield _Way("speech", node.speech.go or node.name, answer=False)
        case Choose():
            yield from (_Way(f"if {case.test} {case.value}".rstrip(), case.go) for case in node.cases)
            yield _Way("otherwise", node.otherwise, answer=False)
        case Line():
            yield from (_Way(f"{choice.digit}  {choice.name}", choice.go or node.name) for choice in node.choices)
            yield _Way("then", node.go, answer=not node.choices)
        case Message():
            yield _Way("then", node.go)


def _place(flow: Flow, boxes: dict[str, _Box]) -> dict[str, _Box]:
    """Layers from the start downwards, each layer in the middle of the page."""
    layers = place_in_layers(flow.start, {name: [way.target for way in box.ways] for name, box in boxes.items()})
    widest = max(map(len, layers))
    placed: dict[str, _Box] = {}
    y = float(MARGIN)
    for layer in layers:
        x = MARGIN + (widest - len(layer)) * (WIDTH + GAP_ACROSS) / 2
        for name in layer:
            box = boxes[name]
            placed[name] = _Box(box.node, box.kind, box.facts, box.ways, x, y)
            x += WIDTH + GAP_ACROSS
        y += max(boxes[name].height for name in layer) + GAP_DOWN
    return placed


def _draw_ways(box: _Box, boxes: dict[str, _Box], lane: float) -> Iterator[str]:
    """One line to each target, from the row that names it first; the rows themselves tell the rest."""
    drawn: set[str] = set()
    for row, way in enumerate(box.ways, start=1 + len(box.facts)):
        if way.target not in drawn:
            drawn.add(way.target)
            style = 'stroke="#777"' if way.answer else 'stroke="#aaa" stroke-dasharray="4 4"'
            path = _path(box, box.row_y(row) - 4, boxes[way.target], lane)
            yield f'<path d="{path}" fill="none" {style} marker-end="url(#tip)"/>'


def _path(box: _Box, y: float, target: _Box, lane: float) -> str:
    """Down to the head of the target from the nearer side of the box; a way back up runs along the right rim."""
    if target.y <= box.y:
        to_y = target.y + 12
        return (
            f"M{box.x + WIDTH:.0f} {y:.0f}C{lane:.0f} {y:.0f} {lane:.0f} {to_y:.0f} {target.x + WIDTH:.0f} {to_y:.0f}"
        )
    to_x = target.x + WIDTH / 2
    if target.x == box.x and target.y <= box.y + box.height + 2 * GAP_DOWN:
        return f"M{to_x:.0f} {box.y + box.height:.0f}L{to_x:.0f} {target.y:.0f}"
    x, bow = (box.x, -40) if target.x < box.x else (box.x + WIDTH, 40)
    return f"M{x:.0f} {y:.0f}C{x + bow:.0f} {y:.0f} {to_x:.0f} {target.y - 70:.0f} {to_x:.0f} {target.y:.0f}"


def _draw_box(box: _Box, is_start: bool) -> str:
    fill, rim = COLOURS[box.kind]
    rows = [f"{box.kind}: {box.node.name}", *box.facts, *(f"{way.label} → {way.target}" for way in box.ways)]
    texts = "".join(
        f'<text x="{box.x + WIDTH / 2:.0f}" y="{box.row_y(row):.0f}" text-anchor="middle" '
        f'fill="{rim if row == 0 else "#222"}" font-weight="{700 if row == 0 else 400}"'
        f"{_direction(line)}>{escape(line)}</text>"
        for row, line in enumerate(rows)
    )
    return (
        f'<g role="group" aria-label="{escape(", ".join(rows), quote=True)}">'
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{WIDTH}" height="{box.height:.0f}" rx="8" fill="{fill}" '
        f'stroke="{rim}" stroke-width="{3 if is_start else 1.5}"/>{texts}</g>'
    )


def _direction(line: str) -> str:
    """Sentences in Hebrew or Arabic letters run from the right; the browser then sets their full stops rightly."""
    return ' direction="rtl"' if any("\u0590" <= letter <= "\u08ff" for letter in line) else ""


def _describe(flow: Flow, boxes: dict[str, _Box]) -> str:
    """The whole picture in words, for who can not see it."""
    ways = [f"{name}: {way.label} leads to {way.target}" for name, box in boxes.items() for way in box.ways]
    return f"Starts at {flow.start}. " + ". ".join(ways) + "."
