"""Each kind of fault is refused, with the file and the place: one change to the shipped files at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr_flows.check import check

WELCOME, SILENT, WAITING = "flows/welcome.toml", "flows/silent_caller.toml", "flows/waiting.toml"
TEXT, AR, EN = "flows/text_welcome.toml", "prompts/ar.toml", "prompts/en.toml"

# file, what stands there, what stands there instead, place named, words of the fault
FAULTS = {
    "a word it does not know": (WELCOME, "pause_s = 1", "pauses = 1", "nodes.first_second.pauses", "not a word"),
    "a word it does not know in a choice": (
        WELCOME,
        'say = "who.adult"',
        'say = "who.adult"\npriority = 3',
        "nodes.who.choices[3].priority",
        "not a word",
    ),
    "a key twice": (WELCOME, "pause_s = 1", "pause_s = 1\npause_s = 2", "the file", "not TOML"),
    "no TOML": (WELCOME, "schema = 1", "schema = ", "the file", "not TOML"),
    "another schema": (WELCOME, "schema = 1", "schema = 2", "schema", "must be 1"),
    "a number for a text": (WELCOME, 'start = "first_second"', "start = 7", "start", "must be text"),
    "true for a number": (
        SILENT,
        "timeout_s = 8",
        "timeout_s = true",
        "nodes.can_you_press.timeout_s",
        "whole number",
    ),
    "a timeout too short": (
        SILENT,
        "timeout_s = 8",
        "timeout_s = 1",
        "nodes.can_you_press.timeout_s",
        "from 2 to 30",
    ),
    "an unknown kind of node": (WELCOME, 'kind = "choose"', 'kind = "script"', "nodes.hours.kind", "must be one of"),
    "no change line": (SILENT, 'change = "First version."', 'change = " "', "change", "what is new"),
    "a name unlike the file's": (WELCOME, 'flow = "welcome"', 'flow = "hello"', "flow", "does not fit"),
    "the same digit twice": (
        WELCOME,
        'name = "adult"\ndigit = "3"',
        'name = "adult"\ndigit = "2"',
        "nodes.who.choices[3].digit",
        "twice",
    ),
    "the same name twice": (WELCOME, 'name = "adult"', 'name = "about_self"', "nodes.who.choices[1].name", "twice"),
    "9 redefined": (WELCOME, 'digit = "4"', 'digit = "9"', "nodes.who.choices[4].digit", "universal"),
    "0 redefined": (WELCOME, 'digit = "4"', 'digit = "0"', "nodes.who.choices[4].digit", "universal"),
    "star redefined": (WELCOME, 'digit = "4"', 'digit = "*"', "nodes.who.choices[4].digit", "universal"),
    "a letter for a digit": (WELCOME, 'digit = "4"', 'digit = "x"', "nodes.who.choices[4].digit", "one digit"),
    "a missing target": (WELCOME, 'go = "about_me"', 'go = "about_mee"', "nodes.who.choices[1].go", "no node"),
    "a missing start": (WELCOME, 'start = "first_second"', 'start = "first"', "start", "no node"),
    "a missing flow": (
        WELCOME,
        'flow = "silent_caller"',
        'flow = "silence"',
        "nodes.silent_way.flow",
        "no flow",
    ),
    "an unreachable node": (
        WELCOME,
        'cases = [{ if = "flag:about_self", go = "age" }]',
        'cases = [{ if = "flag:about_self", go = "thanks" }]',
        "nodes.age",
        "no way leads",
    ),
    "a circle without listening": (
        WELCOME,
        'say = ["welcome.thanks"]\ngo = "person"',
        'say = ["welcome.thanks"]\ngo = "age_or_not"',
        "nodes.thanks",
        "circle",
    ),
    "a circle of menus": (
        WELCOME,
        'signals = ["age_up_to_9"]\ngo = "thanks"',
        'signals = ["age_up_to_9"]\ngo = "who"',
        "nodes.age",
        "never comes to a person",
    ),
    "too many keys to a person": (WELCOME, "keys_to_person = 6", "keys_to_person = 5", "nodes.language", "6 keys away"),
    "too many seconds to a person": (
        SILENT,
        "seconds_to_person = 45",
        "seconds_to_person = 20",
        "nodes.can_you_press",
        "s away, 20 allowed",
    ),
    "no limits": (
        SILENT,
        "[limits]\nkeys_to_person = 1\nseconds_to_person = 45\n",
        "",
        "limits",
        "how far away",
    ),
    "silence without a way on": (
        WELCOME,
        'silence = [{ go = "silent_way" }]',
        'silence = [{ say = ["again.no_hurry"] }]',
        "nodes.language.silence",
        "lead on to a person",
    ),
    "silence that never escalates": (
        WELCOME,
        'silence = [{ say = ["again.no_hurry"] }, {',
        'silence = [{ say = ["again.no_hurry"] }, { say = ["again.no_hurry"] }, {',
        "nodes.who.silence[1].say",
        "say it differently",
    ),
    "speech without a way on": (WELCOME, 'speech = { go = "thanks" }', "", "nodes.who.speech", "lead on"),
    "speech that leads to a menu": (
        WELCOME,
        'speech = { go = "thanks" }',
        'speech = { go = "silent_way" }',
        "nodes.who.speech",
        "without another menu",
    ),
    "an unknown signal": (
        WELCOME,
        '["caller_adult"]',
        '["caller_grown_up"]',
        "nodes.who.choices[3].signals",
        "triage",
    ),
    "an unknown condition": (
        WELCOME,
        '"flag:about_self"',
        '"age < 10"',
        "nodes.age_or_not.cases[1].if",
        "must be open",
    ),
    "an unknown outcome": (
        WELCOME,
        'outcome = "queue"',
        'outcome = "hangup"',
        "nodes.person.outcome",
        "must be one of",
    ),
    "an unknown language": (
        WELCOME,
        'say = "who.adult"',
        'say = "who.adult"\nlanguage = "fr"',
        "nodes.who.choices[3].language",
        "not loaded",
    ),
    "a key named in a sentence": (
        WELCOME,
        'say = ["age.ask"]',
        'say = ["age.ask", "press.4"]',
        "nodes.age.say",
        "said by a choice",
    ),
    "a menu in a text flow": (
        TEXT,
        'kind = "end"\noutcome = "queue"',
        'kind = "enter"\nflow = "welcome"',
        "nodes.person.kind",
        "can not have",
    ),
    "an end to waiting": (
        WAITING,
        "[nodes.hands]\n",
        '[nodes.out]\nkind = "end"\noutcome = "queue"\n\n[nodes.hands]\n',
        "nodes.out.kind",
        "can not have",
    ),
    "a wish that nobody can grant": (
        WAITING,
        'name = "wants_man"',
        'name = "wants_police"',
        "answers.wishes[2].name",
        "must be one of",
    ),
    "the same wish twice": (WAITING, 'name = "wants_man"', 'name = "wants_woman"', "answers.wishes[1].name", "twice"),
    "two wishes on one digit": (WAITING, 'digit = "2"', 'digit = "1"', "answers.wishes[2].digit", "twice"),
    "a wish on the danger key": (WAITING, 'digit = "2"', 'digit = "9"', "answers.wishes[2].digit", "universal"),
    "a wish on any key": (WAITING, 'digit = "2"', 'digit = "any"', "answers.wishes[2].digit", "from 1 to 8"),
    "a wish that can not be taken back": (
        WAITING,
        '[[answers.wishes]]\nname = "wants_anyone"\ndigit = "3"\ntell = "wish.anyone"\nsay = ["wish.anyone_heard"]\n',
        "",
        "answers.wishes",
        "take it back",
    ),
    "a wish without an answer": (
        WAITING,
        'say = ["wish.man_heard"]',
        "say = []",
        "answers.wishes[2].say",
        "not be empty",
    ),
    "a wish without its sentence": (AR, '"wish.man" =', '"wish.men" =', "prompts", "'wish.man'"),
    "a spoken prompt in a text": (TEXT, '"text.welcome"', '"welcome.thanks"', "nodes.reply.say", "begin with 'text.'"),
    "a walk that does not hold": (WAITING, "queue_depth = 12", "queue_depth = 2", "walks[2]", "ended at"),
    "a sentence missing in one language": (EN, '"age.ask" = "How old are you?"\n', "", "prompts", "'age.ask'"),
    "a sentence of the edge missing": (AR, '"hold.moment" =', '"hold.minute" =', "prompts", "'hold.moment'"),
    "a sentence nobody says": (EN, '"age.ask" =', '"age.why" = "Why?"\n"age.ask" =', "prompts.age.why", "nothing says"),
    "a sentence twice": (EN, '"age.ask" =', '"age.ask" = "Age?"\n"age.ask" =', "the file", "not TOML"),
    "an empty sentence": (EN, '"How old are you?"', '" "', "prompts.age.ask", "no words"),
    "a sentence too long": (EN, '"How old are you?"', f'"{"word " * 60}"', "prompts.age.ask", "is the most"),
    "the wrong digit": (EN, '"press 3."', '"press 4."', "prompts.press.3", "names the keys 4"),
    "the wrong digit in Arabic signs": (AR, '"اضغط 3."', '"اضغط ٤."', "prompts.press.3", "names the keys 4"),
    "a digit in a sentence": (EN, '"Younger than ten,"', '"Up to 9,"', "prompts.age.up_to_9", "names the keys 9"),
    "a digit the edge does not hear": (EN, "To decline, press 2.", "To decline, press 5.", "prompts.desk.choices", "5"),
    "an unknown placeholder": (EN, '"How old are you?"', '"Hello {name}"', "prompts.age.ask", "'{name}'"),
    "a recording that is not there": (
        EN,
        '"How old are you?"',
        '{ recording = "age.mp3", sha256 = "00", text = "How old are you?" }',
        "prompts.age.ask",
        "no file",
    ),
    "an unknown direction": (AR, 'direction = "rtl"', 'direction = "up"', "direction", "must be one of"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_refused_with_its_file_and_place(folder, name: str) -> None:
    file, old, new, place, words = FAULTS[name]
    folder.change(file, old, new)
    found = [fault for fault in check(folder.path) if fault.file == file]
    assert any(place in fault.place and words in fault.text for fault in found), list(map(str, found))


def test_the_shipped_files_have_no_fault() -> None:
    assert check() == []


def test_every_language_can_name_every_digit_so_that_anything_may_be_renumbered(folder) -> None:
    folder.change(EN, '"press.8" = "press 8."\n', "")
    [fault] = check(folder.path)
    assert fault.file == EN
    assert "'press.8'" in fault.text


def test_a_line_can_not_tell_wishes_that_are_not_there(folder) -> None:
    path = folder.path / WAITING
    head, rest = path.read_text(encoding="utf-8").split("[[answers.wishes]]", 1)
    path.write_text(head + rest[rest.index("[nodes.") :], encoding="utf-8")
    found = [fault for fault in check(folder.path) if fault.file == WAITING]
    assert any("nodes.who_to_talk_with.tells" in fault.place for fault in found)


def test_a_language_of_calls_needs_a_voice_or_recordings(folder) -> None:
    folder.change(AR, 'voice = "Polly.Zeina"', 'voice = ""')
    found = [fault for fault in check(folder.path, ["ar", "en"]) if fault.file == AR]
    assert any("welcome.hello" in fault.place and "needs a recording" in fault.text for fault in found)
    # One that is only written needs neither.
    assert check(folder.path, ["en"], in_texts=["ar"]) == []


def test_a_fault_names_the_line(folder) -> None:
    folder.change(WELCOME, 'signals = ["caller_adult"]\ngo = "about_child"', 'go = "about_mee"')
    lines = (folder.path / WELCOME).read_text(encoding="utf-8").splitlines()
    line = lines.index('go = "about_mee"') + 1
    [fault] = [fault for fault in check(folder.path) if "about_mee" in fault.text]
    assert fault.place == f"line {line}, nodes.who.choices[3].go"


def test_a_broken_file_names_the_line_too(folder) -> None:
    folder.change(EN, '"age.ask" =', '"age.ask" = "Age?"\n"age.ask" =')
    [fault] = [fault for fault in check(folder.path) if fault.file == EN]
    assert "line" in fault.text


def test_a_recording_that_was_changed_is_refused(folder) -> None:
    sound = folder.path / "prompts" / "recordings" / "age.mp3"
    sound.parent.mkdir()
    sound.write_bytes(b"another take")
    folder.change(
        EN, '"How old are you?"', f'{{ recording = "age.mp3", sha256 = "{"0" * 64}", text = "How old are you?" }}'
    )
    [fault] = check(folder.path)
    assert "does not fit the recording" in fault.text


@pytest.mark.parametrize("name", ["welcome", "waiting", "text_welcome"])
def test_a_flow_the_service_starts_must_be_there(folder, name: str) -> None:
    (folder.path / "flows" / f"{name}.toml").unlink()
    assert any(fault.file == f"flows/{name}.toml" and "must be there" in fault.text for fault in check(folder.path))


def test_a_language_asked_for_must_be_there(folder) -> None:
    assert "prompts/ur.toml" in {fault.file for fault in check(folder.path, ["ar", "en", "ur"])}


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert {fault.file for fault in check(tmp_path)} >= {"prompts", "flows/welcome.toml"}


def test_one_version_in_two_files_is_refused(folder, library) -> None:
    source = (folder.path / WELCOME).read_text(encoding="utf-8")
    (folder.path / "flows" / f"welcome.{library.current['welcome'].version}.toml").write_text(source, encoding="utf-8")
    assert any("in another file already" in fault.text for fault in check(folder.path))
