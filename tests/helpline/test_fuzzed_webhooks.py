"""Whatever stands in the fields of a signed webhook: no fault of ours, a well-formed answer, nobody strange is rung."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from sqlalchemy import select
from twilio.request_validator import RequestValidator
from werkzeug.test import EnvironBuilder, TestResponse
from werkzeug.wrappers import Request

from app import create_app
from helpline.contacts.calls import new_leg
from helpline.contacts.models import Call
from helpline.line import Line
from helpline.staff.accounts import create_staff
from helpline.store.db import db
from tests.helpline.conftest import PUBLIC, settings_for
from tests.helpline.phone_company import ACCOUNT_SID, AUTH_TOKEN, CHILD, HELPLINE, PhoneCompany
from tests.servers import TestPostgres

KNOWN_CALL = "CA" + "1" * 32
VERBS = {"Response", "Say", "Play", "Pause", "Gather", "Redirect", "Enqueue", "Dial", "Number", "Conference", "Hangup"}
TEXT_VERBS = {"Response", "Message"}

odd_text = st.one_of(
    st.text(st.characters(), max_size=40),
    st.text(st.sampled_from("0123456789*#+wW٣۹\x00\u202e\ud800\ufffe\r\n <&>\"'"), max_size=12),
    st.sampled_from(
        ["", "\x00", "\ud83d", "\u202eabc\u2066", "😱" * 20, "a" * 5000, "<Dial>+1900</Dial>", "%00", "null"]
    ),
)
digits = st.one_of(st.sampled_from(["0", "1", "2", "3", "9", "*", "#", "99", "", "9\x00"]), odd_text)
call_sid = st.one_of(st.just(KNOWN_CALL), st.from_regex(r"CA[0-9a-f]{32}", fullmatch=True), odd_text)
numbers = st.one_of(st.sampled_from([CHILD, "anonymous", "+266696687", "+1", "+" + "9" * 15, "sip:x@y.z"]), odd_text)
call_status = st.one_of(
    st.sampled_from(["queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"]),
    odd_text,
)
leg = st.one_of(st.sampled_from(["0" * 32, "the counsellor's leg", "the child's leg"]), odd_text)
whole = st.one_of(st.integers().map(str), st.sampled_from(["-1", "9" * 5000, "1e9", "٣"]), odd_text)
ABOUT_CALL = {
    "CallSid": call_sid,
    "From": numbers,
    "To": st.just(HELPLINE),
    "CallStatus": call_status,
    "Extra": odd_text,
}
MENU = {"Digits": digits, "SpeechResult": odd_text, "FinishedOnKey": odd_text}
ROUTES: dict[str, tuple[dict, dict]] = {
    "/voice/incoming": ({"chance": whole, "since": whole, "danger": digits}, ABOUT_CALL | MENU),
    "/voice/step": ({"n": whole}, ABOUT_CALL | MENU),
    "/voice/waiting": ({"n": whole}, ABOUT_CALL | MENU | {"QueueSid": odd_text, "QueueTime": whole}),
    "/voice/hold-ended": ({"n": whole}, ABOUT_CALL | {"QueueResult": odd_text}),
    "/voice/page-answer": (
        {"leg": leg.filter(lambda leg: leg != "the child's leg"), "asked": whole},
        ABOUT_CALL | MENU,
    ),
    "/voice/status": ({"leg": leg}, ABOUT_CALL | {"SequenceNumber": whole, "CallDuration": whole}),
    "/voice/room-events": (
        {},
        {
            "StatusCallbackEvent": st.one_of(st.sampled_from(["participant-join", "participant-leave"]), odd_text),
            "ConferenceSid": odd_text,
            "ParticipantLabel": leg,
            "CallSid": call_sid,
            "ParticipantCallStatus": call_status,
            "ReasonParticipantLeft": odd_text,
        },
    ),
    "/sms/incoming": (
        {},
        {
            "MessageSid": odd_text,
            "From": numbers,
            "To": st.just(HELPLINE),
            "Body": odd_text,
            "NumMedia": whole,
            "OptOutType": odd_text,
        },
    ),
    "/sms/status": (
        {"message": leg},
        {"MessageSid": odd_text, "MessageStatus": odd_text, "ErrorCode": whole},
    ),
}


class Stranger:
    """Posts anything, signed as it arrives."""

    def __init__(self, app: Flask, legs: dict[str, str]):
        self._client = app.test_client()
        self._validator = RequestValidator(AUTH_TOKEN)
        self._legs = legs

    def post(self, path: str, query: dict[str, str], form: dict[str, str]) -> TestResponse:
        target = f"{path}?{self._encode(query)}" if query else path
        body = self._encode({"AccountSid": ACCOUNT_SID} | form).encode()
        about = {"method": "POST", "data": body, "content_type": "application/x-www-form-urlencoded"}
        received = Request(EnvironBuilder(target, **about).get_environ()).form
        signature = self._validator.compute_signature(PUBLIC + target, received)
        return self._client.open(target, headers={"X-Twilio-Signature": signature}, **about)

    def _encode(self, fields: dict[str, str]) -> str:
        named = {name: self._legs.get(value, value) for name, value in fields.items()}
        return urlencode(named, errors="surrogatepass", quote_via=quote)


@pytest.fixture(scope="module")
def app(postgres: TestPostgres, migrated_database: str, redis_url: str) -> Iterator[Flask]:
    app = create_app(settings_for(postgres.create_database(copy_of=migrated_database), redis_url))
    app.testing = False
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def stranger(app: Flask) -> Stranger:
    """There is a waiting child, and a leg to a counsellor that rings for them."""
    company = PhoneCompany(app, PUBLIC)
    about = {"CallSid": KNOWN_CALL, "From": CHILD, "To": HELPLINE, "CallStatus": "in-progress"}
    company.post("/voice/incoming", **about)
    company.post("/voice/step?n=1", Digits="9", **about)
    with app.app_context():
        child = db.session.scalars(select(Call)).one()
        about = {"name": "One", "role": "counsellor", "languages": ["ar"], "device_number": None, "actor": "operator"}
        keys = app.extensions["helpline"].keys
        counsellor = create_staff(db.session(), keys, email="one@helpline.example", **about)
        ours = new_leg(db.session(), child.contact_id, "counsellor", staff_id=counsellor.id)
        legs = {"the child's leg": child.id.hex, "the counsellor's leg": ours.id.hex}
        db.session.commit()
    return Stranger(app, legs)


def check_answer(line: Line, path: str, answer: TestResponse) -> None:
    assert answer.status_code in (200, 204, 403)
    if answer.status_code != 200:
        return
    root = ElementTree.fromstring(answer.data)
    assert {element.tag for element in root.iter()} <= (TEXT_VERBS if path.startswith("/sms") else VERBS)
    assert {element.text for element in root.iter("Number")} <= set(line.helpline.numbers.duty_phones)
    assert all(room.text.startswith("contact-") for room in root.iter("Conference"))
    assert all(queue.text == "hold" for queue in root.iter("Enqueue"))
    for element in root.iter():
        addresses = [element.get(name) for name in ("action", "waitUrl", "statusCallback") if element.get(name)]
        addresses += [element.text] if element.tag == "Redirect" else []
        assert all(address.startswith(PUBLIC + "/") for address in addresses)


def count_failed() -> float:
    """How often a webhook could not be answered as it should, of all routes."""
    [failed] = [metric for metric in REGISTRY.collect() if metric.name == "helpline_webhooks_failed"]
    return sum(sample.value for sample in failed.samples if sample.name.endswith("_total"))


@pytest.mark.parametrize("path", ROUTES)
def test_anything_in_any_field_gets_a_decent_answer(app: Flask, stranger: Stranger, path: str):
    query, form = ROUTES[path]
    line: Line = app.extensions["helpline"]

    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.fixed_dictionaries({}, optional=query), st.fixed_dictionaries(form))
    def anything(asked: dict[str, str], told: dict[str, str]) -> None:
        check_answer(line, path, stranger.post(path, asked, told))

    failed_before = count_failed()
    anything()
    assert count_failed() == failed_before  # the answer that follows a fault of ours is decent too, but not this
