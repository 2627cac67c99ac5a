"""Recorded sentences: played by what they hold, kept by whoever plays them, and only those that are heard."""

import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask

from helpline.line import Line
from helpline.telephony.twiml import Speaker
from ivr_flows.events import Listen, Prompt
from ivr_flows.library import Library, Recorded
from ivr_flows.shelf import PACKAGE, RECORDINGS

SOUND = b"ID3 a sentence as a person said it"


@pytest.fixture
def recorded_file():
    """A recording in its place for the length of a test."""
    folder = PACKAGE / RECORDINGS
    was_there = folder.is_dir()
    folder.mkdir(exist_ok=True)
    path: Path = folder / "only-for-a-test.mp3"
    path.write_bytes(SOUND)
    yield path
    path.unlink()
    if not was_there:
        shutil.rmtree(folder)


def with_recording(library: Library, file: str) -> Library:
    english = library.speech["en"]
    sound = Recorded(file, sha256(SOUND).hexdigest(), english.prompts["hold.moment"].text)
    spoken = replace(english, prompts={**english.prompts, "hold.moment": sound})
    return replace(library, speech={**library.speech, "en": spoken})


def test_a_recorded_sentence_is_played_by_its_checksum_and_may_be_kept_for_ever(
    app: Flask, line: Line, recorded_file: Path
):
    library = with_recording(line.flows, recorded_file.name)
    speaker = Speaker(lambda: library, line.speaker.address, line.speaker.values)
    answer = str(speaker.answer().follow([Listen((Prompt("hold.moment", "en"),), 5)], "/voice/step?n=1"))
    address = f"/recordings/{sha256(SOUND).hexdigest()}.mp3"
    assert f"{address}</Play>" in answer
    line.book.edition = replace(line.book.edition, library=library)

    played = app.test_client().get(address)
    assert (played.status_code, played.data, played.mimetype) == (200, SOUND, "audio/mpeg")
    assert "immutable" in played.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["0" * 64 + ".mp3", "..%2Far.toml", "only-for-a-test.mp3"])
def test_nothing_else_is_given_out(app: Flask, recorded_file: Path, address: str):
    assert app.test_client().get(f"/recordings/{address}").status_code == 404
