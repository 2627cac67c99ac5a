"""Scripts of callers play against the line, and fail so that one sees why."""

from pathlib import Path

import pytest

from helpline.simulator.script import A_STEP_FAILED, NOT_PLAYED, PLAYED, play
from helpline.simulator.script_file import ScriptUnreadable, read_script
from tests.helpline.simulator.fake_service import FakeService
from tests.helpline.simulator.ports import free_port
from tests.helpline.simulator.telephone import Telephone

SCRIPTS = sorted((Path(__file__).parents[3] / "helpline/simulator/scripts").glob("*.toml"))

TWO_CALLERS = """
title = "Two callers"
[[callers]]
name = "First"
number = "+97455500011"
steps = [
  { do = "dial" }, { do = "wait_for", text = "Hello" }, { do = "press", keys = "9" },
  { do = "expect_queue", within_s = 5 }, { do = "silence", seconds = 5 }, { do = "hang_up" },
]
[[callers]]
name = "Second"
number = "+97455500012"
starts_after_s = 3
steps = [{ do = "text", body = "hi" }, { do = "wait_for_text", pattern = "^we are", within_s = 5 }]
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "script.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def helpful(service: FakeService) -> None:
    service.answers("/voice/incoming", '<Gather numDigits="1" action="/queue"><Say>Hello there</Say></Gather>')
    service.answers("/queue", '<Enqueue waitUrl="/wait">children</Enqueue>')
    service.answers("/wait", "<Pause length='600'/>")
    service.answers("/sms/incoming", "<Message>we are here</Message>")


def test_a_script_of_two_callers_is_played(phone: Telephone, helpful, tmp_path: Path):
    lines: list[str] = []
    assert play(write(tmp_path, TWO_CALLERS), phone.url, lines.append) == PLAYED
    assert lines[0] == "Two callers"
    assert {"First: press 9", "First: done", "Second: done"} <= set(lines)


def test_a_step_that_fails_names_itself_and_what_was_heard(phone: Telephone, helpful, tmp_path: Path):
    script = TWO_CALLERS.replace('text = "Hello"', 'text = "Goodbye", within_s = 0.2')
    lines: list[str] = []
    assert play(write(tmp_path, script), phone.url, lines.append) == A_STEP_FAILED
    (failure,) = [line for line in lines if "FAILED" in line]
    assert failure.startswith("First: FAILED at step 2") and "Hello there" in failure


def test_without_a_line_nothing_is_played(tmp_path: Path):
    lines: list[str] = []
    assert play(write(tmp_path, TWO_CALLERS), f"http://127.0.0.1:{free_port()}", lines.append) == NOT_PLAYED
    assert "no phone line answers" in lines[0]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ('{ do = "shout" }', "step 1"),
        ('{ do = "press" }', "press needs"),
        ('{ do = "wait_for", pattern = "(" }', "pattern"),
    ],
)
def test_a_script_that_is_not_understood_names_the_place(tmp_path: Path, wrong: str, named: str):
    script = f'[[callers]]\nname = "A"\nnumber = "+974"\nsteps = [{wrong}]'
    with pytest.raises(ScriptUnreadable, match=named):
        read_script(write(tmp_path, script))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_examples_can_be_read(path: Path):
    assert read_script(path).callers
