"""The proof that no caller is lost, and that it would find one who is: flow files broken on purpose."""

from __future__ import annotations

from math import isclose

import pytest

from ivr_flows.check_reach import Measure
from ivr_flows.explore import SIGNS, Explorer
from ivr_flows.library import Library
from ivr_flows.prove import Proof, prove
from ivr_flows.shelf import read_shelf

WELCOME, SILENT, WAITING = "flows/welcome.toml", "flows/silent_caller.toml", "flows/waiting.toml"
TEXT, EN = "flows/text_welcome.toml", "prompts/en.toml"

# file, what stands there, what stands there instead, words of the fault, and the place that it names
BROKEN = {
    "an end where nobody is": (
        WELCOME,
        'outcome = "queue"',
        'outcome = "goodbye"',
        "'goodbye', where nobody is",
        "on 1",
    ),
    "speech that meets another menu": (
        WELCOME,
        'speech = { go = "thanks" }',
        'speech = { go = "who" }',
        "does not lead to a person at once",
        "welcome.language, on speech",
    ),
    "a circle of menus": (
        WELCOME,
        'signals = ["age_up_to_9"]\ngo = "thanks"',
        'signals = ["age_up_to_9"]\ngo = "who"',
        "inf keys away",
        "welcome",
    ),
    "silence that is asked about for ever": (
        SILENT,
        'silence = [{ signals = ["silent_line"], go = "staying" }]',
        'silence = [{ say = ["again.no_hurry"] }]',
        "inf keys away",
        "silent_caller",
    ),
    "one key too many": (WELCOME, "keys_to_person = 6", "keys_to_person = 5", "6 keys away, 5 allowed", "welcome"),
    "a person too late": (SILENT, "seconds_to_person = 45", "seconds_to_person = 20", "20 s allowed", "silent_caller"),
    "a menu nobody can reach": (WELCOME, 'go = "age" }', 'go = "thanks" }', "nobody can ever come to 'age'", "welcome"),
    "a menu that says nothing": (
        SILENT,
        'silence = [{ signals = ["silent_line"], go = "staying" }]',
        'silence = [{ go = "hush" }]\n[nodes.hush]\nkind = "menu"\nchoices = []\nsilence = [{ go = "staying" }]',
        "listens without a word",
        "silent_caller.can_you_press, on silence",
    ),
    "waiting that ends": (
        WAITING,
        'kind = "line"\nsay = ["waiting.breathe"]\ntimeout_s = 25\ngo = "few_words"',
        'kind = "end"\noutcome = "queue"',
        "leaves the queue",
        "on silence",
    ),
    "a text that goes nowhere": (
        TEXT,
        'outcome = "queue"',
        'outcome = "done"',
        "does not end in the queue",
        "text_welcome",
    ),
    "a missing sentence": (EN, '"age.ask" =', '"age.why" =', "no prompt 'age.ask' in 'en'", "welcome.about_me, on 4"),
    "an empty sentence": (EN, '"How old are you?"', '""', "'age.ask' is empty in en", "welcome.about_me, on 4"),
    "a language without a voice": (EN, "Polly.Amy-Neural", "", "neither a voice nor a recording in en", "at once"),
}


def prove_folder(folder) -> Proof:
    """Without the check before it, which would have refused most of these files."""
    return prove(read_shelf(folder.path, ["ar", "en"]).library)


def test_nobody_is_lost_in_the_shipped_flows(library: Library) -> None:
    proof = prove(library)
    assert proof.faults == ()
    assert {covered.flow for covered in proof.covered} == set(library.current)


@pytest.mark.parametrize("name", BROKEN)
def test_the_proof_finds_what_is_broken(folder, name: str) -> None:
    file, old, new, words, place = BROKEN[name]
    folder.change(file, old, new)
    faults = prove_folder(folder).faults
    assert any(words in fault and place in fault for fault in faults), faults[:5]


def test_walking_and_reading_find_the_same_worst_distance(library: Library) -> None:
    """Two ways of finding it: the engine walked to every end, and the files read without the engine."""
    walked = {covered.flow: covered.far for covered in prove(library).covered}
    for flow in library.current.values():
        if flow.kind == "menus":
            read = Measure(library).from_start(flow)[flow.start]
            assert walked[flow.name].keys == read.keys
            assert isclose(walked[flow.name].seconds, read.seconds)


def test_every_input_is_tried_at_every_position(library: Library) -> None:
    explorer = Explorer(library)
    tried: dict = {}
    for flow in library.current.values():
        for taken in explorer.explore(flow):
            if taken.before:
                tried.setdefault(taken.before, set()).add((taken.sign, taken.conditions))
    assert len(tried) > 100
    assert {len(inputs) for inputs in tried.values()} == {len(SIGNS) * len(explorer.conditions)}
