"""What a prompt sounds like, and what is left when the files can not be used."""

from __future__ import annotations

import hashlib

import pytest

from ivr_flows.edge_prompts import EDGE_PROMPTS
from ivr_flows.engine import resume, start
from ivr_flows.events import Prompt
from ivr_flows.library import Library, Recorded, Spoken
from ivr_flows.loader import FlowsInvalid, load_library, minimal_library
from ivr_flows.model import Conditions, Key, Silence

OPEN = Conditions(open=True)
NUMBER = {"emergency_number": "999"}


def test_a_prompt_is_spoken_with_the_voice_of_its_language(library: Library) -> None:
    assert library.spoken(Prompt("press.9", "ar")) == Spoken("اضغط 9.", "Polly.Zeina", "arb")
    assert library.spoken(Prompt("press.9", "en")) == Spoken("press 9.", "Polly.Amy-Neural", "en-GB")


def test_a_language_that_is_not_loaded_is_spoken_as_the_first(library: Library) -> None:
    assert library.spoken(Prompt("press.9", "ur")) == library.spoken(Prompt("press.9", "ar"))


def test_a_number_is_spoken_digit_by_digit_and_written_as_a_whole(library: Library) -> None:
    assert "9 9 9" in library.spoken(Prompt("fault.emergency", "en"), NUMBER).text
    assert "999" in library.spoken(Prompt("text.welcome", "ar"), NUMBER).text


def test_a_placeholder_without_a_value_is_refused(library: Library) -> None:
    with pytest.raises(ValueError, match="emergency_number"):
        library.spoken(Prompt("fault.emergency", "en"))


def test_a_key_no_file_has_is_refused(library: Library) -> None:
    with pytest.raises(KeyError, match=r"no\.such"):
        library.spoken(Prompt("no.such", "en"))


def test_the_edge_finds_every_sentence_it_says_in_every_language(library: Library) -> None:
    for key in EDGE_PROMPTS:
        for language in library.languages:
            assert library.spoken(Prompt(key, language), NUMBER).text


def test_a_text_message_fits_into_two_parts_in_every_language(library: Library) -> None:
    for language in library.languages:
        for key in ("text.welcome", "text.welcome_closed"):
            assert len(library.spoken(Prompt(key, language), NUMBER).text) <= 134


def test_a_recording_is_given_with_its_checksum_and_words(folder) -> None:
    sound = folder.path / "prompts" / "recordings" / "hello-ar.mp3"
    sound.parent.mkdir()
    sound.write_bytes(b"a sound")
    checksum = hashlib.sha256(b"a sound").hexdigest()
    folder.change(
        "prompts/ar.toml",
        '"welcome.hello" = ',
        f'"welcome.hello" = {{ recording = "hello-ar.mp3", sha256 = "{checksum}", text = "مرحباً" }}\n"unused" = ',
    )
    source = (folder.path / "prompts" / "ar.toml").read_text(encoding="utf-8")
    kept = [line for line in source.splitlines() if not line.startswith('"unused"')]
    (folder.path / "prompts" / "ar.toml").write_text("\n".join(kept), encoding="utf-8")
    recorded = load_library(folder.path).spoken(Prompt("welcome.hello", "ar"))
    assert recorded == Recorded("hello-ar.mp3", checksum, "مرحباً")


def test_the_languages_are_spoken_in_the_order_asked_for() -> None:
    assert load_library(languages=["en", "ar"]).languages == ("en", "ar")


def test_a_faulty_folder_is_not_loaded_and_every_fault_is_told(folder) -> None:
    folder.change("flows/welcome.toml", 'go = "age_or_not"', 'go = "nowhere"')
    folder.change("prompts/en.toml", '"press.3" = "press 3."', '"press.3" = "press 4."')
    with pytest.raises(FlowsInvalid) as refused:
        load_library(folder.path)
    assert {fault.file for fault in refused.value.faults} == {"flows/welcome.toml", "prompts/en.toml"}


def test_the_minimal_library_goes_straight_to_a_person_and_waits_on() -> None:
    minimal = minimal_library()
    assert start(minimal, "welcome", OPEN, "ar").outcome == "queue"
    assert start(minimal, "text_welcome", OPEN, "en").outcome == "queue"
    step = start(minimal, "waiting", OPEN, "en")
    for heard in (Silence(), Key("9"), Key("0"), Key("*"), Key("5")):
        step = resume(minimal, step.state, heard, OPEN)
        assert step.outcome is None
        assert all(minimal.spoken(prompt).text for prompt in step.events[-1].prompts)


def test_the_minimal_library_has_something_to_say_for_any_key() -> None:
    minimal = minimal_library()
    assert minimal.spoken(Prompt("hold.moment", "en")).text == "One moment, please. We are still here with you."
    assert "stay with us" in minimal.spoken(Prompt("a.key.of.tomorrow", "en")).text
