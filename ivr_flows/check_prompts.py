"""Judges every sentence of every language: there, used, short, sayable, and naming no key it should not."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from ivr_flows.check_choices import DIGIT_PROMPTS
from ivr_flows.check_flow import said_by
from ivr_flows.composing import PRESS
from ivr_flows.edge_prompts import EDGE_PROMPTS
from ivr_flows.faults import FaultList
from ivr_flows.library import (
    EMERGENCY_NUMBER,
    PLACEHOLDERS,
    READ_NOT_HEARD,
    TO_THE_DESK,
    Language,
    Recorded,
    Spoken,
    can_be_recorded,
)
from ivr_flows.shelf import RECORDINGS, Shelf

# A sentence longer than this is not heard to its end by a frightened nine-year-old (about 15-20 s of speech).
LONGEST_HEARD = 220
# Two parts of a message in Arabic letters hold 2 x 67 characters.
LONGEST_READ = 134
# Forms that the telephone company plays.
PLAYED = (".mp3", ".wav")
_BRACES = re.compile(r"\{[^{}]*\}?|\}")


def check_prompts(shelf: Shelf) -> None:
    """Add the faults of all language files to their lists."""
    used = {key: flow.name for flow in shelf.library.flows.values() for _, key in said_by(flow)}
    digits = dict.fromkeys(DIGIT_PROMPTS, "a choice with this digit")
    expected = {**digits, **dict.fromkeys(EDGE_PROMPTS, "the telephone edge"), **used}
    # A flow that could not be read may be the one that uses a sentence.
    all_flows_read = not any(faults.file.startswith("flows/") for faults in shelf.other_faults)
    for code, language in shelf.library.speech.items():
        faults = shelf.language_faults[code]
        speaks_to_desks = any(key.startswith(TO_THE_DESK) for key in language.prompts)
        for key in expected.keys() - language.prompts.keys():
            if key.startswith(TO_THE_DESK) and not speaks_to_desks:
                continue
            faults.add("prompts", f"there is no sentence {key!r}, which {expected[key]!r} says")
        for key, prompt in language.prompts.items():
            if all_flows_read and key not in expected:
                faults.add(f"prompts.{key}", "nothing says this sentence")
            _check_text(key, prompt.text, f"prompts.{key}", faults)
            if isinstance(prompt, Recorded):
                _check_recording(key, prompt, shelf.folder, f"prompts.{key}", faults)
            elif code in shelf.library.languages:
                _check_voice(language, key, prompt, f"prompts.{key}", faults)


def _check_voice(language: Language, key: str, prompt: Spoken, place: str, faults: FaultList) -> None:
    if can_be_recorded(key, prompt.text) and not (language.voice and language.say_language):
        faults.add(place, f"{language.name} has no synthetic voice here, so this sentence needs a recording")


def _check_text(key: str, text: str, place: str, faults: FaultList) -> None:
    if not text.strip():
        faults.add(place, "has no words")
    longest = LONGEST_READ if key.startswith(READ_NOT_HEARD) else LONGEST_HEARD
    if len(text) > longest:
        faults.add(place, f"has {len(text)} characters; {longest} is the most")
    for braces in _BRACES.findall(text):
        if braces not in PLACEHOLDERS:
            faults.add(place, f"{braces!r} is not a placeholder; there is only {EMERGENCY_NUMBER}")
    spoken = {str(int(sign)) for sign in text if sign.isdecimal()}
    expected = _digits_of(key)
    if spoken != expected:
        faults.add(place, f"names the keys {_listed(spoken)}, but {_listed(expected)} are listened for here")


def _digits_of(key: str) -> set[str]:
    """The digits a sentence must name: its own for "press n", the edge's for the edge's, none for all others."""
    if key.startswith(PRESS):
        return set(key.removeprefix(PRESS)) & set("0123456789")
    return set(EDGE_PROMPTS.get(key, ""))


def _listed(digits: set[str]) -> str:
    return ", ".join(sorted(digits)) or "none"


def _check_recording(key: str, prompt: Recorded, folder: Path, place: str, faults: FaultList) -> None:
    if not can_be_recorded(key, prompt.text):
        faults.add(place, "a recording can not carry this sentence")
    path = folder / RECORDINGS / prompt.file
    if not prompt.file.lower().endswith(PLAYED):
        faults.add(f"{place}.recording", f"must be a file of {' or '.join(PLAYED)}")
    if Path(prompt.file).name != prompt.file or not path.is_file():
        faults.add(f"{place}.recording", f"there is no file {prompt.file!r} in {RECORDINGS}")
    elif hashlib.sha256(path.read_bytes()).hexdigest() != prompt.sha256.lower():
        faults.add(f"{place}.sha256", "does not fit the recording; was the file changed without a new review?")
