"""What a person sees of a flow: its picture and a walk in the terminal."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from ivr_flows.graph import draw
from ivr_flows.layers import place_in_layers
from ivr_flows.library import Library
from ivr_flows.walk import walk

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", ["welcome", "silent_caller", "out_of_hours", "waiting", "text_welcome"])
def test_a_picture_shows_every_node_and_stands_alone(library: Library, name: str) -> None:
    flow = library.current[name]
    source = draw(flow, library, "ar")
    picture = ET.fromstring(source)
    labels = [group.get("aria-label") for group in picture.iter(f"{SVG}g")]
    assert len(labels) == len(flow.nodes)
    assert all(any(f": {node}" in label for label in labels) for node in flow.nodes)
    assert picture.find(f"{SVG}title").text == f"{name}, version {flow.version}"
    assert "href" not in source


def test_a_picture_tells_in_words_where_each_key_leads(library: Library) -> None:
    picture = ET.fromstring(draw(library.current["welcome"]))
    words = picture.find(f"{SVG}desc").text
    assert "who: 4  cannot_talk leads to about_me" in words
    assert "language: silence ×1 leads to silent_way" in words


def test_arabic_sentences_run_from_the_right(library: Library) -> None:
    picture = ET.fromstring(draw(library.current["welcome"], library, "ar"))
    rows = {row.text: row.get("direction") for row in picture.iter(f"{SVG}text")}
    assert rows["كم عمرك؟"] == "rtl"
    assert rows["menu: age"] is None


def test_boxes_do_not_lie_on_one_another(library: Library) -> None:
    picture = ET.fromstring(draw(library.current["welcome"], library, "en"))
    boxes = [
        tuple(float(group.find(f"{SVG}rect").get(side)) for side in ("x", "y", "width", "height"))
        for group in picture.iter(f"{SVG}g")
    ]
    for n, (x, y, w, h) in enumerate(boxes):
        for other_x, other_y, other_w, other_h in boxes[n + 1 :]:
            apart = x + w <= other_x or other_x + other_w <= x or y + h <= other_y or other_y + other_h <= y
            assert apart


def test_layers_lead_downwards_and_ways_back_do_not_count() -> None:
    ways = {"a": ["b", "c"], "b": ["c"], "c": ["a"]}
    assert place_in_layers("a", ways) == [["a"], ["b"], ["c"]]


def test_a_transcript_reads_like_the_call(library: Library) -> None:
    lines = str(walk(library, "welcome", ["2", "1", "9"])).splitlines()
    assert lines[0] == "  (quiet, 1 s)"
    assert "  en  Hello. This is the children's helpline. We are here to listen." in lines
    assert lines[-3:] == ["> 9", "  * signal danger_key", "= queue"]
    assert "  * answer welcome.who: about_self" in lines


def test_a_transcript_stops_when_the_flow_is_over(library: Library) -> None:
    went = walk(library, "welcome", ["9", "1", "1"])
    assert len(went.steps) == 2
