"""What code promises by name must exist: duties, alarms, prompts, guards, data files."""

import re
from pathlib import Path

from flask import Flask
from rq.utils import import_attribute

from helpline.commands.checks import find_config_faults
from helpline.jobs.duties import ALARMS, DUTIES
from helpline.line import Line
from helpline.outbox.bell import PERFORM
from ivr_flows.events import Prompt

PROJECT = Path(__file__).resolve().parents[2]
OPEN_TO_ALL = {"static"}


def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "helpline").rglob("*.py"))


def test_every_work_owed_in_the_code_has_a_duty_and_every_duty_is_owed():
    owed = set(re.findall(r'\bowe\(\s*session,\s*"(\w+)"', sources()))
    assert owed == set(DUTIES)


def test_every_timer_set_in_the_code_has_an_alarm():
    kinds = set(re.findall(r'_TIMER = "(\w+)"', sources()))
    kinds |= set(re.findall(r'set_timer\(\s*session,\s*"(\w+)"', sources()))
    assert kinds <= set(ALARMS)


def test_the_job_that_workers_are_rung_for_exists():
    assert callable(import_attribute(PERFORM))


def test_every_route_declares_its_guard(app: Flask):
    unguarded = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OPEN_TO_ALL and not hasattr(app.view_functions[rule.endpoint], "guard")
    ]
    assert unguarded == []


def test_every_prompt_that_the_code_speaks_exists_in_every_language(line: Line):
    said = " ".join(re.findall(r"\.say\(([^)]*)\)", sources()))
    keys = set(re.findall(r'"(\w+\.\w+)"', said)) | set(re.findall(r'Prompt\("(\w+\.\w+)"', sources()))
    assert {"fault.stay", "connect.back_in_line", "page.greeting"} <= keys
    for language in line.flows.languages:
        for key in keys:
            assert line.flows.spoken(Prompt(key, language), line.speaker.values)


def test_every_shipped_data_file_is_in_order():
    assert find_config_faults(PROJECT / "config") == []
