"""The line is closed, nobody is at work, and a child is in danger: those on call are rung, at every hour."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import Helpline, running_helpline
from tests.journeys.people import eventually

SHIPPED = Path(__file__).resolve().parents[2] / "config"
CHILD, ON_CALL, ALSO_ON_CALL = "+97455123456", "+97455000901", "+97455000902"
ALL_CLOSED = "weekly = { workday = [], weekend = [] }\nramadan = {}\nholidays = []\nholiday = {}\n"


@pytest.fixture(scope="module")
def house(new_database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpline]:
    """A running helpline that is closed for ordinary talk, whatever the clock says."""
    config = tmp_path_factory.mktemp("closed") / "config"
    shutil.copytree(SHIPPED, config, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    file = config / "helpline.toml"
    before, hours = file.read_text(encoding="utf-8").split("[hours]\n")
    _, after = hours.split("# Single days that differ", 1)
    closed = f'[hours]\nalways_open = false\ncalendar = "qatar"\n{ALL_CLOSED}# Single days that differ'
    file.write_text(before + closed + after, encoding="utf-8")

    logs = tmp_path_factory.mktemp("logs")
    with running_helpline(new_database(), logs, HELPLINE_CONFIG_DIR=str(config)) as running:
        yield running


def test_the_line_says_that_it_is_closed_and_until_when_nobody_knows(helpline: Helpline):
    told = helpline.app.test_cli_runner().invoke(args=["hours"])
    assert told.output.startswith("closed at ") and "with no end in sight" in told.output


def test_nine_in_closed_hours_reaches_the_one_on_call(helpline: Helpline):
    on_call = helpline.hire("night", ON_CALL, "shift_lead", on_call=True)
    child = helpline.dial(CHILD)
    child.press("2")
    child.hears("The line is closed now. But if you are in danger, we are here.")
    child.press("9")
    eventually(child.is_on_hold_queue)

    phone = eventually(lambda: next(iter(helpline.phones.legs_at(ON_CALL)), None), 40)
    phone.hears("A child in danger is waiting and nobody is free", 20)
    phone.press("1")

    eventually(child.is_in_room, 20)
    eventually(phone.is_in_room, 20)
    contact = helpline.contact_of(child.sid)
    assert (contact["state"], contact["risk"]["level"]) == ("connected", "critical")
    assert on_call.contact(contact["id"])["id"] == contact["id"]
    assert helpline.phones.dead_lines() == []


def test_nine_before_a_word_about_hours_was_heard_reaches_them_too(helpline: Helpline):
    helpline.hire("night", ALSO_ON_CALL, "shift_lead", on_call=True)
    child = helpline.dial(CHILD)
    child.press("9")

    phone = eventually(lambda: next(iter(helpline.phones.legs_at(ALSO_ON_CALL)), None), 40)
    phone.hears("press 1", 20)
    phone.press("1")
    eventually(child.is_in_room, 20)
    assert "closed" not in child.heard


def test_who_says_that_it_can_wait_is_kept_on_the_line_and_recorded(helpline: Helpline):
    child = helpline.dial(CHILD)
    child.press("1")
    child.hears("الخط مغلق الآن")
    child.press("2")
    eventually(child.is_on_hold_queue)

    contact = helpline.contact_of(child.sid)
    assert contact["state"] == "waiting"
    assert any(event["kind"] == "flow.answered" for event in contact["events"])
    assert child.status == "in-progress"
