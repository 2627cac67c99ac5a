"""Calls that the service makes: a desk that must press keys, a phone that nobody answers."""

from tests.helpline.simulator.fake_service import FakeService, eventually
from tests.helpline.simulator.telephone import DESK, HELPLINE, Telephone

ALL_EVENTS = ["initiated", "ringing", "answered", "completed"]


def place(service: FakeService, phone: Telephone, **more) -> str:
    form = {
        "To": DESK,
        "From": HELPLINE,
        "Url": f"{service.url}/desk",
        "StatusCallback": f"{service.url}/progress",
        "StatusCallbackEvent": ALL_EVENTS,
    } | more
    return phone.rest("POST", "/Calls.json", form, 201).json()["sid"]


def test_a_desk_answers_by_hand_and_types_its_pin(service: FakeService, phone: Telephone):
    service.answers("/desk", '<Gather action="/pin" numDigits="4" timeout="60"><Say>Your PIN, please</Say></Gather>')
    service.answers("/pin", "<Say>Thank you</Say>")
    sid = place(service, phone)
    phone.wait_for_status(sid, "ringing")
    phone.sim("POST", f"/calls/{sid}/answer")
    phone.wait_until_heard(sid, "Your PIN, please")
    phone.press(sid, "4711")
    phone.wait_for_status(sid, "completed")
    assert service.requests_to("/pin")[0]["Digits"] == "4711"
    eventually(lambda: len(service.requests_to("/progress")) == 4)
    told = service.requests_to("/progress")
    assert [params["CallStatus"] for params in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [params["SequenceNumber"] for params in told] == ["0", "1", "2", "3"]
    assert {params["Direction"] for params in told} == {"outbound-api"}


def test_a_phone_that_nobody_answers_rings_out(service: FakeService, phone: Telephone):
    sid = place(service, phone, Timeout="10")
    phone.wait_for_status(sid, "no-answer")
    eventually(lambda: service.events("/progress", "CallStatus") == ["initiated", "ringing", "no-answer"])
    assert service.requests_to("/desk") == []


def test_a_declined_call_is_busy(service: FakeService, phone: Telephone):
    sid = place(service, phone)
    phone.wait_for_status(sid, "ringing")
    phone.sim("POST", f"/calls/{sid}/reject")
    phone.wait_for_status(sid, "busy")


def test_a_ringing_call_can_be_taken_back(service: FakeService, phone: Telephone):
    sid = place(service, phone)
    phone.wait_for_status(sid, "ringing")
    phone.rest("POST", f"/Calls/{sid}.json", {"Status": "canceled"})
    phone.wait_for_status(sid, "canceled")


def test_instructions_may_come_with_the_call(service: FakeService, phone: Telephone):
    phone.set_phone(DESK, "answer")
    form = {"To": DESK, "From": HELPLINE, "Twiml": "<Response><Say>a child needs you</Say></Response>"}
    sid = phone.rest("POST", "/Calls.json", form, 201).json()["sid"]
    phone.wait_for_status(sid, "completed")
    assert phone.heard(sid) == ["a child needs you"]


def test_a_machine_that_answers_is_told_apart(service: FakeService, phone: Telephone):
    service.answers("/desk", "<Pause length='600'/>")
    phone.set_phone(DESK, "voicemail")
    place(service, phone, MachineDetection="Enable")
    (asked,) = eventually(lambda: service.requests_to("/desk"))
    assert asked["AnsweredBy"] == "machine_start"
