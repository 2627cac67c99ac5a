"""Faults on demand: the service must live with all of them."""

import pytest
import requests

from tests.helpline.simulator.fake_service import FakeService, eventually
from tests.helpline.simulator.telephone import CHILD, HELPLINE, Telephone

STATUSES = ["queued", "sent", "delivered"]


def set_faults(phone: Telephone, **faults) -> None:
    phone.sim("PUT", "/faults", faults)


def send(service: FakeService, phone: Telephone) -> None:
    form = {"To": CHILD, "From": HELPLINE, "Body": "hello", "StatusCallback": f"{service.url}/report"}
    phone.rest("POST", "/Messages.json", form, 201)


def reports(service: FakeService) -> list[str]:
    return service.events("/report", "MessageStatus")


def test_a_callback_can_be_dropped(service: FakeService, phone: Telephone):
    set_faults(phone, callbacks=[{"fault": "drop", "kind": "message-status", "event": "sent", "next": 1}])
    send(service, phone)
    eventually(lambda: reports(service) == ["queued", "delivered"])


def test_a_callback_can_come_twice_with_one_token(service: FakeService, phone: Telephone):
    set_faults(phone, callbacks=[{"fault": "duplicate", "event": "sent"}])
    send(service, phone)
    eventually(lambda: reports(service) == ["queued", "sent", "sent", "delivered"])
    tokens = [received.token for received in service.received if received.params["MessageStatus"] == "sent"]
    assert len(set(tokens)) == 1


def test_a_callback_can_be_overtaken(service: FakeService, phone: Telephone):
    set_faults(phone, callbacks=[{"fault": "reorder", "event": "queued", "next": 1}])
    send(service, phone)
    eventually(lambda: reports(service) == ["sent", "queued", "delivered"])


def test_a_callback_can_be_late(service: FakeService, phone: Telephone):
    set_faults(phone, callbacks=[{"fault": "delay", "event": "queued", "next": 1, "delay_s": 20}])
    send(service, phone)
    eventually(lambda: reports(service) == ["sent", "delivered", "queued"])


def test_a_callback_held_back_with_nothing_to_overtake_it_still_arrives(service: FakeService, phone: Telephone):
    set_faults(phone, callbacks=[{"fault": "reorder", "event": "delivered"}])
    send(service, phone)
    eventually(lambda: reports(service) == STATUSES)


def test_a_voice_request_can_come_twice(service: FakeService, phone: Telephone):
    set_faults(phone, callbacks=[{"fault": "duplicate", "kind": "voice", "next": 1}])
    service.answers("/voice/incoming", "<Say>hello</Say>")
    sid = phone.dial()
    phone.wait_for_status(sid, "completed")
    first, second = [received for received in service.received if received.path == "/voice/incoming"]
    assert first.token == second.token
    assert phone.heard(sid) == ["hello"]


def test_rest_calls_can_fail_a_number_of_times(phone: Telephone):
    set_faults(phone, rest=[{"path": "/Messages", "status": 429, "code": 20429, "next": 2}])
    form = {"To": CHILD, "From": HELPLINE, "Body": "hello"}
    for _ in range(2):
        assert phone.rest("POST", "/Messages.json", form, status=429).json()["code"] == 20429
    phone.rest("POST", "/Messages.json", form, 201)


def test_a_rest_call_can_be_done_without_its_answer_arriving(phone: Telephone):
    set_faults(phone, rest=[{"method": "POST", "path": "/Messages", "drop_reply": True, "next": 1}])
    with pytest.raises(requests.ConnectionError):
        phone.rest("POST", "/Messages.json", {"To": CHILD, "From": HELPLINE, "Body": "hello"})
    (text,) = phone.rest("GET", "/Messages.json").json()["messages"]
    assert text["body"] == "hello"


def test_an_unknown_fault_is_refused(phone: Telephone):
    reply = requests.put(f"{phone.url}/sim/faults", json={"callbacks": [{"fault": "explode"}]}, timeout=5)
    assert reply.status_code == 400
