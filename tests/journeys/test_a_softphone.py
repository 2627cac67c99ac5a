"""A counsellor whose telephone is her browser: she is rung there, and talks with the child."""

from collections.abc import Iterator

import pytest

from helpline.staff.models import Staff
from helpline.store.db import db
from helpline.telephony.softphone import client_address
from tests.helpline.test_softphone import KEYS
from tests.journeys.conftest import Helpline, running_helpline
from tests.journeys.people import Colleague, eventually


@pytest.fixture(scope="module")
def house(new_database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpline]:
    """A running helpline that has the keys for browsers."""
    with running_helpline(new_database(), tmp_path_factory.mktemp("logs"), **KEYS) as running:
        yield running


@pytest.fixture
def counsellor(helpline: Helpline) -> Colleague:
    """She has a telephone too, but has chosen her browser."""
    return helpline.hire("one", "+97455000101")


@pytest.fixture
def browser(helpline: Helpline, counsellor: Colleague) -> str:
    """The name by which the phone line knows her browser, which nobody has picked up yet."""
    person_id = counsellor.get("/me")["id"]
    with helpline.app.app_context():
        db.session().get_one(Staff, person_id).device = "browser"
        db.session().commit()
    return client_address(person_id)


def test_she_is_rung_in_her_browser_and_the_two_are_connected(helpline: Helpline, counsellor: Colleague, browser: str):
    counsellor.be("available")
    child = helpline.dial("+97455123456")
    child.press("9")
    reservation = counsellor.accept()
    rung = helpline.phones.ringing_at(browser)
    assert not child.is_in_room()
    rung.answer()

    counsellor.sees_state(reservation["contact_id"], "connected")
    child.say("ساعدوني")
    rung.hears("ساعدوني")
    assert child.is_in_room() and rung.is_in_room()
    assert helpline.phones.legs_at("+97455000101") == []


def test_a_browser_that_can_not_be_rung_costs_the_child_no_place(
    helpline: Helpline, counsellor: Colleague, browser: str
):
    helpline.phones.set_behaviour(browser, "busy")
    counsellor.be("available")
    child = helpline.dial("+97455123456")
    child.press("9")
    first = counsellor.accept()

    another = helpline.hire("two", "+97455000102")
    another.be("available")
    assert another.accept()["contact_id"] == first["contact_id"]
    eventually(child.is_in_room)
