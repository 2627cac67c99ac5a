"""What a child hears when the service answers badly, late or not at all."""

import threading
import time

import pytest
from flask import Response
from twilio.request_validator import RequestValidator

from tests.helpline.simulator.conftest import TOKEN
from tests.helpline.simulator.fake_service import FakeService, eventually, twiml
from tests.helpline.simulator.ports import free_port
from tests.helpline.simulator.telephone import CHILD, HELPLINE, Telephone


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response("boom", 500), "11200"),
        (Response("<Response><Say>hello</Response>", content_type="text/xml"), "12100"),
        (Response("<Response/>", content_type="text/html"), "12300"),
        (Response("<Response>" + "<Pause/>" * 9000 + "</Response>", content_type="text/xml"), "11750"),
    ],
)
def test_a_bad_answer_leads_to_the_fallback(service: FakeService, phone: Telephone, answer, code: str):
    service.answers("/voice/incoming", answer)
    service.answers("/voice/fallback", "<Say>we are still here</Say>")
    sid = phone.dial()
    phone.wait_for_status(sid, "completed")
    fallback = service.requests_to("/voice/fallback")[0]
    assert (fallback["ErrorCode"], fallback["ErrorUrl"]) == (code, f"{service.url}/voice/incoming")
    assert phone.heard(sid) == ["we are still here"]
    assert phone.dead_lines() == []


def test_when_the_fallback_fails_too_the_line_is_dead(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", twiml("", 500))
    service.answers("/voice/fallback", twiml("", 500))
    sid = phone.dial()
    eventually(phone.dead_lines)
    (dead,) = phone.dead_lines()
    assert (dead["sid"], dead["from_number"], dead["code"]) == (sid, CHILD, 11200)
    assert phone.call(sid)["heard"][-1]["kind"] == "error"


def test_documents_that_lead_to_each_other_for_ever_are_stopped(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", "<Redirect>/voice/incoming</Redirect>")
    service.answers("/voice/fallback", "<Say>sorry, here is a person</Say>")
    sid = phone.dial()
    phone.wait_for_status(sid, "completed")
    assert "sorry, here is a person" in phone.heard(sid)
    assert len(service.requests_to("/voice/incoming")) < 50


def test_a_fallback_that_leads_back_to_the_failure_is_stopped(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", twiml("", 500))
    service.answers("/voice/fallback", "<Redirect>/voice/incoming</Redirect>")
    phone.dial()
    eventually(phone.dead_lines)
    assert len(service.requests_to("/voice/incoming")) < 20


def test_inline_instructions_cannot_name_a_relative_address(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", "<Pause length='600'/>")
    service.answers("/voice/fallback", "<Say>still here</Say>")
    sid = phone.dial()
    phone.wait_for_status(sid, "in-progress")
    inline = "<Response><Redirect>/somewhere</Redirect></Response>"
    phone.rest("POST", f"/Calls/{sid}.json", {"Twiml": inline})
    phone.wait_for_status(sid, "completed")
    assert phone.heard(sid) == ["still here"]


def test_every_request_carries_the_signature_that_the_service_expects(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", '<Gather action="/menu?step=%D8%A3&amp;again=1" actionOnEmptyResult="true"/>')
    service.answers("/menu", '<Redirect method="GET">/last?x=1</Redirect>')
    sid = phone.dial(from_number="anonymous")
    phone.wait_for_status(sid, "completed")
    eventually(lambda: service.requests_to("/voice/status"))
    sent = {record["url"]: record for record in phone.sim("GET", "/webhooks")}
    validator = RequestValidator(TOKEN)
    for received in service.received:
        posted = received.path != "/last"
        url = next(url for url in sent if url.startswith(service.url + received.path)) if posted else received.url
        assert validator.validate(url, received.params if posted else {}, received.signature), received.path
    assert {received.path for received in service.received} >= {"/voice/incoming", "/menu", "/last"}


def test_a_retry_carries_the_same_idempotency_token(service: FakeService, phone: Telephone):
    slow_once = iter([True])

    def answer(params: dict[str, str]):
        if next(slow_once, False):
            time.sleep(0.6)
        return "<Say>here</Say>"

    service.answers("/voice/incoming", "<Redirect>/slow#rt=200&amp;rp=rt</Redirect>")
    service.answers("/slow", answer)
    sid = phone.dial()
    phone.wait_for_status(sid, "completed")
    first, again = [received for received in service.received if received.path == "/slow"]
    assert first.token and first.token == again.token
    assert "#" not in first.url
    assert phone.heard(sid) == ["here"]


def test_an_address_nobody_listens_on_is_tried_twice(service: FakeService, phone: Telephone):
    gone = f"http://127.0.0.1:{free_port()}/gone"
    service.answers("/voice/incoming", f"<Redirect>{gone}</Redirect>")
    service.answers("/voice/fallback", "<Hangup/>")
    phone.wait_for_status(phone.dial(), "completed")
    (record,) = [record for record in phone.sim("GET", "/webhooks") if record["url"] == gone]
    assert (record["attempts"], record["status"]) == (2, None)
    assert service.requests_to("/voice/fallback")[0]["ErrorCode"] == "11205"


def test_a_child_who_hangs_up_meanwhile_leaves_no_dead_line(service: FakeService, phone: Telephone):
    asked, may_answer = threading.Event(), threading.Event()

    def answer(params: dict[str, str]):
        asked.set()
        may_answer.wait(5)
        return twiml("", 500)

    service.answers("/voice/incoming", answer)
    sid = phone.dial()
    asked.wait(5)
    phone.sim("POST", f"/calls/{sid}/hangup")
    may_answer.set()
    phone.wait_for_status(sid, "canceled")
    assert phone.dead_lines() == []
    assert service.requests_to("/voice/fallback") == []


def test_a_text_that_nobody_takes_is_a_dead_line(service: FakeService, phone: Telephone):
    service.answers("/sms/incoming", twiml("", 500))
    phone.sim("POST", "/messages", {"from": CHILD, "to": HELPLINE, "body": "hello"})
    (dead,) = eventually(phone.dead_lines)
    assert (dead["direction"], dead["from_number"]) == ("inbound-text", CHILD)
