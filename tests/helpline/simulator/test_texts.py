"""Texts in both directions, with their delivery reports."""

import pytest

from helpline.simulator.exchange.messages import count_segments
from tests.helpline.simulator.fake_service import FakeService, eventually
from tests.helpline.simulator.telephone import CHILD, HELPLINE, Telephone


def test_a_childs_text_reaches_the_service_and_the_answer_the_child(service: FakeService, phone: Telephone):
    service.answers("/sms/incoming", "<Message>نحن معك</Message>")
    sent = phone.sim("POST", "/messages", {"from": CHILD, "to": HELPLINE, "body": "مرحبا"})
    eventually(lambda: len(phone.sim("GET", "/messages?number=%2B97455500001")) == 2)
    received = service.requests_to("/sms/incoming")[0]
    assert (received["MessageSid"], received["Body"], received["From"]) == (sent["sid"], "مرحبا", CHILD)
    assert (received["SmsStatus"], received["NumMedia"], received["NumSegments"]) == ("received", "0", "1")
    answer = phone.sim("GET", "/messages?number=%2B97455500001")[-1]
    assert (answer["to"], answer["body"]) == (CHILD, "نحن معك")


def send(service: FakeService, phone: Telephone, status: int = 201, **more):
    form = {"To": CHILD, "From": HELPLINE, "Body": "hello", "StatusCallback": f"{service.url}/report"} | more
    return phone.rest("POST", "/Messages.json", form, status).json()


def test_a_text_is_queued_sent_and_delivered(service: FakeService, phone: Telephone):
    sent = send(service, phone)
    assert sent["status"] == "queued"
    eventually(lambda: service.events("/report", "MessageStatus") == ["queued", "sent", "delivered"])
    assert phone.rest("GET", f"/Messages/{sent['sid']}.json").json()["status"] == "delivered"


def test_a_phone_that_cannot_be_reached_is_reported(service: FakeService, phone: Telephone):
    phone.set_phone(CHILD, "failed")
    send(service, phone)
    eventually(lambda: service.events("/report", "MessageStatus")[-1:] == ["undelivered"])
    assert service.requests_to("/report")[-1]["ErrorCode"] == "30003"


def test_a_child_who_texts_stop_cannot_be_texted_until_start(service: FakeService, phone: Telephone):
    phone.sim("POST", "/messages", {"from": CHILD, "to": HELPLINE, "body": "Stop"})
    assert send(service, phone, status=400)["code"] == 21610
    phone.sim("POST", "/messages", {"from": CHILD, "to": HELPLINE, "body": "START"})
    send(service, phone)


def test_a_text_can_be_taken_out_of_the_records(service: FakeService, phone: Telephone):
    sid = send(service, phone)["sid"]
    assert phone.rest("POST", f"/Messages/{sid}.json", {"Body": ""}).json()["body"] == ""
    phone.rest("DELETE", f"/Messages/{sid}.json", status=204)
    phone.rest("GET", f"/Messages/{sid}.json", status=404)


@pytest.mark.parametrize(("body", "segments"), [("a" * 160, 1), ("a" * 161, 2), ("م" * 70, 1), ("م" * 71, 2)])
def test_arabic_letters_make_shorter_parts(body: str, segments: int):
    assert count_segments(body) == segments


def test_a_phone_gets_no_texts_for_the_reason_it_was_given(service: FakeService, phone: Telephone):
    phone.sim("PUT", f"/phones/{CHILD}/text-fault", {"code": 21614})
    assert send(service, phone, status=400)["code"] == 21614

    phone.sim("PUT", f"/phones/{CHILD}/text-fault", {"code": 30007})
    send(service, phone)
    eventually(lambda: service.events("/report", "MessageStatus")[-1:] == ["undelivered"])
    assert service.requests_to("/report")[-1]["ErrorCode"] == "30007"

    phone.sim("PUT", f"/phones/{CHILD}/text-fault", {"code": 0})
    send(service, phone)
    eventually(lambda: service.events("/report", "MessageStatus")[-1:] == ["delivered"])


def test_a_picture_travels_as_an_address_and_a_kind_and_whatsapp_as_a_prefix(service: FakeService, phone: Telephone):
    about = {"from": CHILD, "to": HELPLINE, "media": ["image/jpeg"], "whatsapp": True}
    sent = phone.sim("POST", "/messages", about)

    eventually(lambda: service.requests_to("/sms/incoming"))
    [received] = service.requests_to("/sms/incoming")
    assert (received["From"], received["To"]) == (f"whatsapp:{CHILD}", f"whatsapp:{HELPLINE}")
    assert (received["NumMedia"], received["MediaContentType0"]) == ("1", "image/jpeg")
    assert received["MediaUrl0"].startswith("https://api.twilio.com/") and sent["sid"] in received["MediaUrl0"]
    assert [text["sid"] for text in phone.sim("GET", "/messages?number=%2B97455500001")] == [sent["sid"]]


def test_a_text_can_be_overtaken_by_the_next(service: FakeService, phone: Telephone):
    phone.sim("PUT", "/faults", {"callbacks": [{"fault": "reorder", "kind": "sms", "next": 1}]})
    for body in ("one", "two"):
        phone.sim("POST", "/messages", {"from": CHILD, "to": HELPLINE, "body": body})

    eventually(lambda: [text["Body"] for text in service.requests_to("/sms/incoming")] == ["two", "one"])
