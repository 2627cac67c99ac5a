"""A night in closed hours with nobody on shift: danger wakes those on call, and what can wait does not."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from helpline.contacts.missed import MissedContact
from helpline.line import Line
from helpline.live_queue.models import QueueEntry
from helpline.staff.accounts import create_staff
from tests.helpline.conftest import settings_for
from tests.helpline.no_child_is_lost.call_story import CallStory
from tests.helpline.phone_company import ChildsCall, PhoneCompany
from tests.helpline.telephone_rest import TelephoneRest, run_telephone_rest
from tests.servers import TestPostgres

SHIPPED = Path(__file__).resolve().parents[2] / "config"
ON_CALL_PHONE = "+97455000901"
QUARTER_MINUTE = 16


@pytest.fixture
def rest():
    with run_telephone_rest() as rest:
        yield rest


@pytest.fixture
def settings(
    postgres: TestPostgres, migrated_database: str, redis_url: str, rest: TelephoneRest, tmp_path: Path
) -> Settings:
    """A helpline that is closed at every hour."""
    folder = tmp_path / "config"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    file = folder / "helpline.toml"
    text = file.read_text(encoding="utf-8").replace("always_open = true", "always_open = false")
    never = {"weekly": "{}", "ramadan": "{}", "holidays": "[]", "holiday": "{}"}
    lines = [
        f"{name} = {never[name]}" if (name := line.split(" = ")[0]) in never else line for line in text.split("\n")
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    database = postgres.create_database(copy_of=migrated_database)
    return settings_for(database, redis_url, TWILIO_API_BASE_URL=rest.url, HELPLINE_CONFIG_DIR=str(folder))


@pytest.fixture
def night(app: Flask, session: Session, line: Line, phone_company: PhoneCompany, rest: TelephoneRest) -> CallStory:
    """Nobody on shift, one person on call."""
    about = {"email": "night@helpline.example", "name": "Night", "device_number": ON_CALL_PHONE, "on_call": True}
    create_staff(session, line.keys, role="shift_lead", languages=["ar", "en"], actor="operator", **about)
    session.commit()
    return CallStory(app, session, line, phone_company, rest)


def call_at_night(night: CallStory, key: str) -> ChildsCall:
    """A child chooses English, hears that the line is closed, answers with this key and waits."""
    child = night.company.call()
    child.press("2")
    assert "The line is closed now" in child.heard.text
    child.press(key)
    child.wait_on_hold()
    return child


def rung_after_a_while(night: CallStory) -> list[str]:
    night.session.rollback()
    entry = night.session.query(QueueEntry).one()
    entry.arrived_at -= timedelta(minutes=1)
    night.session.commit()
    night.tick(QUARTER_MINUTE, "ring_on_call")
    night.do_owed()
    return [ring.form["To"] for ring in night.rings()]


def test_what_can_wait_wakes_nobody_and_stays_in_the_queue(night: CallStory):
    child = call_at_night(night, "2")
    assert rung_after_a_while(night) == []
    assert night.contact(child).state == "waiting"


def test_who_waits_and_hangs_up_is_listed_for_people_to_look_after(night: CallStory):
    child = call_at_night(night, "2")
    child.hang_up()
    night.look_anew()
    assert night.session.query(MissedContact).one().contact_id == night.contact(child).id


@pytest.mark.parametrize("key", ["9", "1", "0"], ids=["danger", "a person now", "0"])
def test_danger_and_who_needs_a_person_now_ring_those_on_call(night: CallStory, key: str):
    call_at_night(night, key)
    assert rung_after_a_while(night) == [ON_CALL_PHONE]


def test_a_child_who_stays_silent_rings_those_on_call(night: CallStory):
    child = night.company.call()
    for _menu in range(12):
        if child.heard.find("Enqueue") is not None:
            break
        child.stay_silent()
    child.wait_on_hold()
    assert rung_after_a_while(night) == [ON_CALL_PHONE]


def test_who_could_wait_and_then_is_in_danger_rings_those_on_call(night: CallStory):
    child = call_at_night(night, "2")
    assert rung_after_a_while(night) == []
    child.press("9")
    night.tick(QUARTER_MINUTE, "ring_on_call")
    night.do_owed()
    assert [ring.form["To"] for ring in night.rings()] == [ON_CALL_PHONE]
