"""For programs: a question by key, a text once more, what a stop meant, an alert seen to, a handing over."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from helpline.api.shapes import Contact as ContactShape
from helpline.api.shapes import ContactState
from helpline.api.shapes import Message as MessageShape
from helpline.contacts.messages import hear_of_message
from helpline.contacts.models import Message
from tests.helpline.api.conftest import Client
from tests.helpline.phone_company import PhoneCompany


def alerts(client: Client, contact: UUID) -> list[tuple[str, str]]:
    """Alerts in the order in which they were raised and settled."""
    events = client.get(f"/contacts/{contact}").json["events"]
    return [(event["kind"], event["detail"]["alert"]) for event in events if event["kind"].startswith("alert.")]


def test_a_question_is_put_once_at_a_time_and_only_a_known_one(mariam: Client, yusuf: Client, call_of_mariam: UUID):
    ask = f"/contacts/{call_of_mariam}/ask"
    assert mariam.post(ask, {"question": "what_is_your_name"}).status_code == 422
    asked = mariam.post(ask, {"question": "safe_now"})
    ContactShape.model_validate_json(asked.data)
    assert [e["detail"]["question"] for e in asked.json["events"] if e["kind"] == "question.asked"] == ["safe_now"]
    assert mariam.post(ask, {"question": "hurt"}).status_code == 409
    assert yusuf.post(ask, {"question": "hurt"}).status_code == 404


def test_a_failed_text_is_sent_again_once(mariam: Client, text_of_mariam: UUID, session: Session):
    texts = f"/contacts/{text_of_mariam}/messages"
    first = mariam.post(texts, {"body": "I am here"}).json["id"]
    assert mariam.post(f"{texts}/{first}/again").status_code == 409
    hear_of_message(session, session.get_one(Message, UUID(first)), "failed", "30003")
    session.commit()

    again = mariam.post(f"{texts}/{first}/again")
    MessageShape.model_validate_json(again.data)
    assert (again.status_code, again.json["body"], again.json["status"]) == (201, "I am here", "owed")
    assert mariam.post(f"{texts}/{first}/again").status_code == 409
    assert mariam.post(f"{texts}/{uuid4()}/again").status_code == 409


def test_what_a_stop_meant_is_decided_and_undone(mariam: Client, text_of_mariam: UUID):
    wanted, texts = f"/contacts/{text_of_mariam}/texts-wanted", f"/contacts/{text_of_mariam}/messages"
    ContactShape.model_validate_json(mariam.put(wanted, {"wanted": False}).data)
    assert mariam.post(texts, {"body": "hello"}).status_code == 409
    assert mariam.put(wanted, {"wanted": True}).status_code == 200
    assert mariam.post(texts, {"body": "hello"}).status_code == 201


def test_an_alert_is_seen_to_once(mariam: Client, text_of_mariam: UUID, phone_company: PhoneCompany):
    mariam.put(f"/contacts/{text_of_mariam}/risk", {"level": "critical", "reason": "he is at home"})
    phone_company.text("stop")
    assert ("alert.raised", "stop_asked") in alerts(mariam, text_of_mariam)
    seen_to = f"/contacts/{text_of_mariam}/alerts/seen-to"
    assert mariam.post(seen_to, {"alert": "stop_asked"}).status_code == 200
    assert alerts(mariam, text_of_mariam)[-1] == ("alert.settled", "stop_asked")
    assert mariam.post(seen_to, {"alert": "stop_asked"}).status_code == 409
    assert mariam.post(seen_to, {"alert": "nothing"}).status_code == 422


@pytest.mark.parametrize("to_yusuf", [False, True])
def test_a_conversation_is_handed_over(mariam: Client, yusuf: Client, text_of_mariam: UUID, to_yusuf: bool):
    yusuf.be("available")
    body = {"counsellor_id": yusuf.staff.id} if to_yusuf else None
    given = mariam.post(f"/contacts/{text_of_mariam}/hand-over", body)
    ContactState.model_validate_json(given.data)
    assert given.json["state"] == ("offered" if to_yusuf else "waiting")
    offered = yusuf.get("/me").json["reservation"]
    assert (offered is not None) == to_yusuf
    assert mariam.post(f"/contacts/{text_of_mariam}/hand-over").status_code in (404, 409)
