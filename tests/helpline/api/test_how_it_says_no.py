"""Every refusal is a problem document with a stable type, names what is wrong, and repeats nothing that was sent."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from helpline.api.problems import KINDS
from helpline.api.shapes import ProblemDocument
from helpline.contacts.models import Contact
from tests.helpline.api.conftest import Client
from tests.helpline.conftest import settings_for
from tests.helpline.phone_company import PhoneCompany

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "api.md"


def problem(answer: TestResponse, status: int, kind: str) -> dict:
    assert answer.content_type == "application/problem+json"
    document = ProblemDocument.model_validate(answer.json)
    assert (answer.status_code, document.status, document.type) == (status, status, f"/problems/{kind}")
    return answer.json


@pytest.mark.parametrize("sent", [b"{", b"", b"\xff", b"[" * 5000, b'{"activity":"\\ud800"}'])
def test_what_is_no_json_is_400(mariam: Client, sent: bytes):
    answer = mariam.ask("PUT", "/me/activity", data=sent, content_type="application/json")
    problem(answer, 400, "unreadable")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"activity"}),
        ({"activity": "asleep"}, {"activity"}),
        ({"activity": 1}, {"activity"}),
        ({"activity": "available", "role": "administrator"}, {"role"}),
        ([], {"body"}),
    ],
)
def test_what_is_invalid_is_422_and_names_the_fields(mariam: Client, body: object, fields: set):
    answer = mariam.ask("PUT", "/me/activity", json=body)
    assert {error["field"] for error in problem(answer, 422, "invalid")["errors"]} == fields


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", None])
def test_another_content_type_is_415(mariam: Client, content_type: str | None):
    answer = mariam.ask("PUT", "/me/activity", data=b'{"activity":"available"}', content_type=content_type)
    problem(answer, 415, "not-json")


def test_a_body_beyond_the_limit_is_413(mariam: Client):
    answer = mariam.ask("PUT", "/me/activity", data=b" " * 200_000, content_type="application/json")
    problem(answer, 413, "too-large")


def test_unknown_addresses_and_methods_are_problems_too(mariam: Client):
    problem(mariam.get("/nothing-here"), 404, "not-found")
    problem(mariam.get("/contacts/not-an-id"), 404, "not-found")
    problem(mariam.ask("DELETE", "/queue"), 405, "wrong-method")


def test_what_was_sent_is_never_repeated(text_of_mariam: UUID, mariam: Client):
    secret = "Salem lives in house 7"
    for path, body in (("record", {"summary": secret}), ("risk", {"level": secret, "reason": "x"})):
        answer = mariam.put(f"/contacts/{text_of_mariam}/{path}", body)
        problem(answer, 422, "invalid")
        assert "Salem" not in answer.text


@pytest.mark.parametrize("reason", ["", "   ", "a\0b", "x" * 1001])
def test_a_judgement_needs_a_reason_in_words(text_of_mariam: UUID, mariam: Client, reason: str):
    problem(mariam.put(f"/contacts/{text_of_mariam}/risk", {"level": "high", "reason": reason}), 422, "invalid")


@pytest.mark.parametrize(
    "fields",
    [
        {"notes": "a\0b"},
        {"Category": "x"},
        {"age; drop": "x"},
        {"age": 1.5},
        {"age": {"a": 1}},
        {"category": "a\0"},
        {f"field_{number}": True for number in range(61)},
        {"notes": "x" * 20_001},
    ],
)
def test_a_record_takes_codes_and_numbers_and_keeps_sentences_for_the_notes(
    text_of_mariam: UUID, mariam: Client, session: Session, fields: dict
):
    problem(mariam.put(f"/contacts/{text_of_mariam}/record", fields), 422, "invalid")
    session.expire_all()
    assert session.get_one(Contact, text_of_mariam).record == {}


def test_an_offer_that_is_over_is_409_with_why_and_changes_nothing(
    phone_company: PhoneCompany, mariam: Client, session: Session, dispatch: Callable
):
    mariam.be("available")
    call = phone_company.call()
    call.press("9")
    dispatch()
    offered = mariam.get("/me").json["reservation"]["id"]
    assert mariam.post(f"/reservations/{offered}/decline").status_code == 200

    document = problem(mariam.post(f"/reservations/{offered}/accept"), 409, "reservation-over")

    assert "rejected" in document["detail"]
    assert session.query(Contact).one().state == "waiting"


def test_what_cannot_be_done_now_is_409_with_why(text_of_mariam: UUID, mariam: Client, lead: Client):
    problem(mariam.post(f"/contacts/{text_of_mariam}/call/hold"), 409, "not-possible-now")
    problem(lead.post(f"/contacts/{text_of_mariam}/messages", {"body": "hello"}), 409, "not-possible-now")
    mariam.post(f"/contacts/{text_of_mariam}/call/end")
    problem(mariam.post(f"/contacts/{text_of_mariam}/call/end"), 409, "not-possible-now")
    problem(lead.post(f"/contacts/{text_of_mariam}/offer", {"counsellor_id": 1}), 409, "not-possible-now")


def test_a_finished_record_can_not_be_finished_again(text_of_mariam: UUID, mariam: Client):
    mariam.post(f"/contacts/{text_of_mariam}/wrap-up")
    problem(mariam.post(f"/contacts/{text_of_mariam}/wrap-up"), 409, "not-possible-now")


def test_when_the_database_is_away_the_api_says_so_and_when_to_ask_again(redis_url: str):
    app = create_app(settings_for("postgresql://nobody@127.0.0.1:1/none", redis_url))
    answer = app.test_client().get("/api/v1/queue", headers={"Authorization": "Bearer some"})
    problem(answer, 503, "away")
    assert answer.headers["Retry-After"]


def test_no_answer_is_kept_by_a_cache(mariam: Client):
    assert mariam.get("/me").headers["Cache-Control"] == "no-store"
    assert mariam.get("/nothing").headers["Cache-Control"] == "no-store"


def test_every_kind_of_problem_is_in_the_document_that_clients_read():
    told = DOCUMENT.read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"`/problems/{kind}`" not in told] == []
