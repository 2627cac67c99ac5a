"""What a failed request to the telephone company may mean for a child: four faults, and nothing tried again blindly."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from helpline.telephony.rest import (
    TIMEOUT_SECONDS,
    CallGone,
    PhoneLine,
    PhoneLineBusy,
    PhoneLineRefused,
    PhoneLineUnsure,
)
from tests.helpline.conftest import settings_for
from tests.helpline.telephone_rest import TelephoneRest, run_telephone_rest

SID, NUMBER, OURS = "CA" + "1" * 32, "+97455000101", "+97444000919"
NOON = datetime(2026, 6, 1, 9, tzinfo=UTC)

VERBS: dict[str, Callable[[PhoneLine], object]] = {
    "ring_into_room": lambda phone: phone.ring_into_room("room", NUMBER, "leg", 15),
    "find_in_room": lambda phone: phone.find_in_room("room", "leg"),
    "ring": lambda phone: phone.ring(NUMBER, "leg", "/voice/page", 15),
    "take_from_hold": lambda phone: phone.take_from_hold("QU" + "1" * 32, SID, "/voice/room", n=1),
    "send_to": lambda phone: phone.send_to(SID, "/voice/room", n=1),
    "end_call": lambda phone: phone.end_call(SID),
    "end_room": lambda phone: phone.end_room("CF" + "1" * 32),
    "announce": lambda phone: phone.announce("CF" + "1" * 32, "/voice/joining"),
    "set_hold": lambda phone: phone.set_hold("CF" + "1" * 32, SID, True),
    "call_status": lambda phone: phone.call_status(SID),
    "list_live_calls": lambda phone: phone.list_live_calls(NUMBER, NOON),
    "send_text": lambda phone: phone.send_text(NUMBER, OURS, "hello", "message"),
    "find_texts": lambda phone: phone.find_texts(NUMBER, OURS, "hello", NOON),
    "text_state": lambda phone: phone.text_state("SM" + "1" * 32),
    "list_received": lambda phone: phone.list_received(OURS, NOON),
}
# To be rid of a leg that is gone already is to have what was asked for.
GLAD_WHEN_GONE = ("end_call", "end_room")


@pytest.fixture
def rest() -> Iterator[TelephoneRest]:
    with run_telephone_rest() as rest:
        yield rest


@pytest.fixture
def phone(rest: TelephoneRest) -> PhoneLine:
    settings = settings_for("postgresql://nobody@127.0.0.1:9/none", "redis://127.0.0.1:9", TWILIO_API_BASE_URL=rest.url)
    return PhoneLine(settings, OURS)


@pytest.mark.parametrize("verb", VERBS)
def test_too_many_requests_is_a_fault_after_which_nothing_has_happened(
    phone: PhoneLine, rest: TelephoneRest, verb: str
):
    rest.fails_with(429, 20429)
    with pytest.raises(PhoneLineBusy):
        VERBS[verb](phone)
    assert len(rest.asked) == 1


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_error_on_their_side_leaves_us_unsure(phone: PhoneLine, rest: TelephoneRest, verb: str, status: int):
    rest.fails_with(status, 20500)
    with pytest.raises(PhoneLineUnsure):
        VERBS[verb](phone)
    assert len(rest.asked) == 1


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("status", "code"), [(404, 20404), (400, 21220), (404, 0)])
def test_a_call_that_is_not_there_any_more_is_gone(
    phone: PhoneLine, rest: TelephoneRest, verb: str, status: int, code: int
):
    rest.fails_with(status, code)
    if verb in GLAD_WHEN_GONE:
        VERBS[verb](phone)
    else:
        with pytest.raises(CallGone):
            VERBS[verb](phone)
    assert len(rest.asked) == 1


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("status", "code"), [(400, 21211), (400, 21610), (401, 20003), (403, 20403), (409, 20409)])
def test_any_other_refusal_is_for_good_and_tells_its_code(
    phone: PhoneLine, rest: TelephoneRest, verb: str, status: int, code: int
):
    rest.fails_with(status, code)
    with pytest.raises(PhoneLineRefused) as refused:
        VERBS[verb](phone)
    assert refused.value.code == code
    assert len(rest.asked) == 1


@pytest.mark.parametrize("status", [429, 503, 400])
@pytest.mark.parametrize("body", ["", "<html>sorry</html>", "[]", "null", "{}"])
def test_an_error_without_the_words_we_know_is_one_of_the_four_all_the_same(
    phone: PhoneLine, rest: TelephoneRest, status: int, body: str
):
    rest.always(status, body)
    with pytest.raises({429: PhoneLineBusy, 503: PhoneLineUnsure, 400: PhoneLineRefused}[status]):
        phone.ring(NUMBER, "leg", "/voice/page", 15)


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [
        (429, 20429, PhoneLineBusy),
        (503, 20500, PhoneLineUnsure),
        (404, 20404, CallGone),
        (400, 21211, PhoneLineRefused),
    ],
)
def test_a_problem_document_is_read_as_well_as_their_older_errors(
    phone: PhoneLine, rest: TelephoneRest, status: int, code: int, fault: type[Exception]
):
    rest.always(status, {"type": "https://example.org/e", "title": "no", "status": status, "code": code})
    with pytest.raises(fault):
        phone.ring(NUMBER, "leg", "/voice/page", 15)


@pytest.mark.parametrize("verb", ["ring_into_room", "ring", "send_text", "call_status", "find_texts"])
@pytest.mark.parametrize("body", ["", "<html>sorry</html>", '{"sid": "CA'])
def test_a_broken_answer_leaves_us_unsure(phone: PhoneLine, rest: TelephoneRest, verb: str, body: str):
    rest.always(200, body)
    with pytest.raises(PhoneLineUnsure):
        VERBS[verb](phone)
    assert len(rest.asked) == 1


def test_nobody_listening_leaves_us_unsure():
    settings = settings_for("postgresql://nobody@127.0.0.1:9/none", "redis://127.0.0.1:9")
    with pytest.raises(PhoneLineUnsure):
        PhoneLine(settings, OURS).ring(NUMBER, "leg", "/voice/page", 15)


def test_an_answer_that_does_not_come_is_given_up_in_time_and_not_asked_for_again(
    phone: PhoneLine, rest: TelephoneRest
):
    def think_for_too_long(_asked: object) -> tuple[int, dict]:
        time.sleep(TIMEOUT_SECONDS + 1)
        return 200, {}

    rest.reply = think_for_too_long
    asked_at = time.monotonic()
    with pytest.raises(PhoneLineUnsure):
        phone.send_to(SID, "/voice/room", n=1)
    assert time.monotonic() - asked_at == pytest.approx(TIMEOUT_SECONDS, abs=0.7)
    assert len(rest.asked) == 1


def test_only_live_calls_that_began_late_enough_are_listed(phone: PhoneLine, rest: TelephoneRest):
    def call(sid: str, status: str, begun: datetime | None) -> dict:
        start = begun and begun.strftime("%a, %d %b %Y %H:%M:%S +0000")
        return {"sid": sid, "status": status, "start_time": start, "date_created": start}

    hour = timedelta(hours=1)
    calls = [
        call("ringing", "ringing", NOON),
        call("being made", "queued", None),
        call("over", "completed", NOON),
        call("earlier", "in-progress", NOON - hour),
    ]
    rest.always(200, {"calls": calls, "page": 0, "page_size": 20, "next_page_uri": None, "uri": "/"})
    assert phone.list_live_calls(NUMBER, NOON) == ["ringing", "being made"]
