"""The telephone company at its worst: callbacks lost, doubled, late and out of order, requests that fail half-way."""

from collections.abc import Iterator

import pytest
import requests

from tests.journeys.conftest import Helpline
from tests.journeys.people import Colleague, Leg, eventually

CHILD = "+97455123456"
CALLBACKS = ("conference", "call-status")
NEW_NUMBERS = (f"+9745500{number}" for number in range(2000, 3000))


@pytest.fixture
def helpline(helpline: Helpline) -> Iterator[Helpline]:
    """The weather clears up before everyone goes home."""
    yield helpline
    befall(helpline)


def befall(helpline: Helpline, callbacks: list[dict] | None = None, rest: list[dict] | None = None) -> None:
    """From now on these faults, and no others."""
    faults = {"callbacks": callbacks or [], "rest": rest or []}
    requests.put(f"{helpline.service.simulator_url}/sim/faults", json=faults, timeout=5).raise_for_status()


def child_waits(helpline: Helpline, key: str = "9") -> Leg:
    child = helpline.dial(CHILD)
    child.press(key)
    eventually(child.is_on_hold_queue)
    return child


def talk(helpline: Helpline, child: Leg, counsellor: Colleague, within_s: float = 20) -> str:
    """This counsellor takes the child, and both are in the room. Returns the contact's id."""
    contact_id = counsellor.accept(within_s)["contact_id"]
    counsellor.sees_state(contact_id, "connected", within_s)
    eventually(lambda: len(child.state["with"]) == 1, within_s)
    return contact_id


@pytest.fixture
def phone() -> str:
    """The number of a counsellor's phone that has never rung."""
    return next(NEW_NUMBERS)


def rings(helpline: Helpline, number: str) -> int:
    return len(helpline.phones.legs_at(number))


def test_callbacks_that_come_twice_late_and_in_disorder_change_nothing(helpline: Helpline, phone: str):
    counsellor = helpline.hire("one", phone)
    counsellor.be("available")
    disorder = [
        {"fault": fault, "kind": kind, "probability": 0.4, "delay_s": 20}
        for kind in CALLBACKS
        for fault in ("duplicate", "reorder", "delay")
    ]
    befall(helpline, disorder)

    child = child_waits(helpline)
    # The last of them may be held back for ever: then the room is looked into once the time to connect is up.
    contact_id = talk(helpline, child, counsellor, 45)
    befall(helpline)
    child.hang_up()

    counsellor.sees_state(contact_id, "wrap_up")
    assert rings(helpline, phone) == 1
    assert helpline.phones.dead_lines() == []


def test_requests_that_are_done_without_an_answer_are_done_once(helpline: Helpline, phone: str):
    counsellor = helpline.hire("one", phone)
    counsellor.be("available")
    half_way = [
        {"method": "POST", "path": path, "drop_reply": True, "next": 1} for path in ("/Participants", "/Members/")
    ]
    befall(helpline, rest=half_way)

    child = child_waits(helpline)
    talk(helpline, child, counsellor)

    assert rings(helpline, phone) == 1


@pytest.mark.parametrize("status, code", [(429, 20429), (500, 20500), (503, 20503)])
def test_requests_that_are_refused_for_now_are_made_again(helpline: Helpline, phone: str, status: int, code: int):
    counsellor = helpline.hire("one", phone)
    counsellor.be("available")
    befall(helpline, rest=[{"method": "POST", "status": status, "code": code, "next": 3}])

    child = child_waits(helpline)
    talk(helpline, child, counsellor)

    assert rings(helpline, phone) == 1


def test_a_counsellor_who_hangs_up_the_moment_she_is_in_does_not_leave_the_child_alone(helpline: Helpline, phone: str):
    first, second = helpline.hire("one", phone), helpline.hire("two", next(NEW_NUMBERS))
    first.be("available")
    child = child_waits(helpline)
    first.accept()
    leg = eventually(lambda: next(iter(helpline.phones.legs_at(phone)), None))
    eventually(leg.is_in_room)
    leg.hang_up()

    second.be("available")
    talk(helpline, child, second)


@pytest.mark.parametrize("behaviour", ["busy", "no_answer", "failed"])
def test_a_phone_that_nobody_picks_up_costs_the_child_nothing(helpline: Helpline, phone: str, behaviour: str):
    first, second = helpline.hire("one", phone), helpline.hire("two", next(NEW_NUMBERS))
    helpline.phones.set_behaviour(phone, behaviour)
    first.be("available")
    child = child_waits(helpline)
    first.accept()

    second.be("available")
    talk(helpline, child, second, 60)


@pytest.mark.parametrize("stage", ["menu", "hold", "offered", "connecting", "talking"])
def test_a_child_may_hang_up_at_any_stage_and_the_counsellor_is_free(helpline: Helpline, phone: str, stage: str):
    counsellor = helpline.hire("one", phone)
    child = helpline.dial(CHILD)
    if stage != "menu":
        child.press("9")
        eventually(child.is_on_hold_queue)
    if stage in ("offered", "connecting", "talking"):
        counsellor.be("available")
        contact_id = counsellor.offer()["contact_id"]
    if stage == "connecting":
        counsellor.accept()
    if stage == "talking":
        talk(helpline, child, counsellor)

    child.hang_up()

    if stage == "talking":
        counsellor.sees_state(contact_id, "wrap_up")
    else:
        eventually(lambda: counsellor.get("/me")["contact"] is counsellor.get("/me")["reservation"] is None)
    eventually(lambda: not [leg for leg in helpline.phones.legs_at(phone) if leg.status in ("ringing", "in-progress")])
    eventually(lambda: counsellor.get("/queue")["entries"] == [])
    assert helpline.phones.dead_lines() == []


def test_a_voicemail_that_takes_the_place_of_a_counsellor_is_left_and_the_child_goes_on(helpline: Helpline, phone: str):
    first, second = helpline.hire("one", phone), helpline.hire("two", next(NEW_NUMBERS))
    helpline.phones.set_behaviour(phone, "voicemail")
    first.be("available")
    child = child_waits(helpline)
    contact_id = first.accept()["contact_id"]
    first.sees_state(contact_id, "connected", 20)

    for leg in helpline.phones.legs_at(phone):  # the machine's time is up
        leg.hang_up()
    second.be("available")
    talk(helpline, child, second, 30)
