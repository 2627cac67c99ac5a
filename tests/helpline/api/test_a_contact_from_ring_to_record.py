"""A whole contact through the API; every answer has the shape that the OpenAPI document promises."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from helpline.api import shapes
from helpline.contacts.models import Call, Contact
from helpline.outbox.models import OwedWork
from tests.helpline.api.conftest import Client
from tests.helpline.phone_company import PhoneCompany


def told(answer: TestResponse, shape: type[shapes.Shape], status: int = 200) -> dict:
    assert answer.status_code == status, answer.text
    shape.model_validate_json(answer.data, strict=False)
    return answer.json


def owed_kinds(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(OwedWork.kind).order_by(OwedWork.id)))


def test_a_call_is_seen_waiting_offered_and_accepted_once(
    phone_company: PhoneCompany, mariam: Client, lead: Client, session: Session, dispatch: Callable
):
    call = phone_company.call()
    assert told(lead.get("/floor"), shapes.Floor)["menus"]["count"] == 1
    call.press("9")
    [waiting] = told(mariam.get("/queue"), shapes.Queue)["entries"]
    assert (waiting["state"], waiting["risk"]["level"], waiting["channel"]) == ("waiting", "critical", "voice")
    assert waiting["risk"]["reasons"][0]["rule"] == "danger_key"
    assert set(waiting["risk"]["reasons"][0]["text"]) == {"ar", "en"}

    mariam.be("available")
    dispatch()
    me = told(mariam.get("/me"), shapes.Me)
    assert me["reservation"]["contact_id"] == waiting["contact_id"]
    assert told(mariam.get("/queue"), shapes.Queue)["entries"][0]["offered_to"]["name"] == "mariam"

    after = told(mariam.post(f"/reservations/{me['reservation']['id']}/accept"), shapes.Me)
    assert (after["reservation"], after["contact"]["state"]) == (None, "connecting")
    assert mariam.post(f"/reservations/{me['reservation']['id']}/accept").status_code == 409
    assert owed_kinds(session) == ["ring_counsellor"]
    assert told(lead.get(f"/contacts?call_sid={call.call_sid}"), shapes.Contact)["counsellor"]["name"] == "mariam"


def test_an_offer_declined_leaves_the_child_at_their_place(
    phone_company: PhoneCompany, mariam: Client, dispatch: Callable
):
    mariam.be("available")
    phone_company.call().press("9")
    dispatch()
    offered = mariam.get("/me").json["reservation"]

    assert told(mariam.post(f"/reservations/{offered['id']}/decline"), shapes.Me)["reservation"] is None

    [waiting] = mariam.get("/queue").json["entries"]
    assert (waiting["state"], waiting["offered_to"]) == ("waiting", None)


def test_a_live_call_is_held_taken_back_and_ended(call_of_mariam: UUID, mariam: Client, session: Session):
    path = f"/contacts/{call_of_mariam}"
    held = told(mariam.post(f"{path}/call/hold"), shapes.Contact)
    assert [leg["on_hold"] for leg in held["legs"] if leg["role"] == "caller"] == [True]
    back = told(mariam.post(f"{path}/call/unhold"), shapes.Contact)
    assert [leg["on_hold"] for leg in back["legs"] if leg["role"] == "caller"] == [False]

    assert told(mariam.post(f"{path}/call/end"), shapes.Contact)["state"] == "wrap_up"

    assert owed_kinds(session)[-3:] == ["set_hold", "set_hold", "end_room"]
    assert told(mariam.get("/me"), shapes.Me)["contact"]["state"] == "wrap_up"


def test_the_record_is_written_in_parts_and_the_contact_finished(
    text_of_mariam: UUID, mariam: Client, session: Session
):
    path = f"/contacts/{text_of_mariam}"
    told(mariam.put(f"{path}/record", {"notes": "Wants to\ntalk again", "age_group": "10-12"}), shapes.Contact)
    told(mariam.put(f"{path}/record", {"category": "violence", "returning": True, "age": 11}), shapes.Contact)
    judged = told(mariam.put(f"{path}/record", {"closing_level": "high"}), shapes.Contact)
    assert (judged["risk"]["at_closing"], judged["risk"]["level"]) == ("high", "elevated")
    assert mariam.put(f"{path}/record", {"closing_level": "awful"}).status_code == 422
    told(mariam.post(f"{path}/call/end"), shapes.Contact)

    finished = told(mariam.post(f"{path}/wrap-up", {"outcome": "referred"}), shapes.Contact)

    assert (finished["state"], finished["outcome"]) == ("closed", "referred")
    assert finished["record"] == {"category": "violence", "age_group": "10-12", "returning": True, "age": 11}
    assert finished["notes"] == "Wants to\ntalk again"
    assert [event["kind"] for event in finished["events"]][-1] == "contact.closed"
    assert told(mariam.get("/me"), shapes.Me)["contact"] is None
    assert b"talk again" not in session.get_one(Contact, text_of_mariam).notes_sealed


def test_wrapping_up_with_a_category_ends_the_talk_and_finishes_in_one_go(text_of_mariam: UUID, mariam: Client):
    finished = told(mariam.post(f"/contacts/{text_of_mariam}/wrap-up", {"category": "violence"}), shapes.Contact)
    assert (finished["state"], finished["outcome"]) == ("closed", "completed")


def test_a_program_may_finish_without_a_category(text_of_mariam: UUID, mariam: Client):
    finished = told(mariam.post(f"/contacts/{text_of_mariam}/wrap-up"), shapes.Contact)
    assert (finished["state"], finished["record"].get("category")) == ("closed", None)


def test_a_conversation_is_read_and_written(text_of_mariam: UUID, mariam: Client, session: Session):
    path = f"/contacts/{text_of_mariam}/messages"

    sent = told(mariam.post(path, {"body": "I am here.\nأنا معك"}), shapes.Message, 201)

    messages = told(mariam.get(path), shapes.Conversation)["messages"]
    assert messages[0]["body"] == "please help"
    assert messages[-1] == sent
    assert (sent["direction"], sent["status"], sent["body"]) == ("out", "owed", "I am here.\nأنا معك")
    assert owed_kinds(session)[-1] == "send_text"


def test_a_persons_judgement_stands_first_among_the_reasons_and_reorders_the_queue(
    phone_company: PhoneCompany, lead: Client
):
    phone_company.call(number="+97455000001").press("9")
    phone_company.text("hello", number="+97455000002")
    second = lead.get("/queue").json["entries"][1]["contact_id"]

    judged = told(lead.put(f"/contacts/{second}/risk", {"level": "critical", "reason": "known to us"}), shapes.Contact)

    assert (judged["risk"]["level"], judged["risk"]["by_person"]) == ("critical", "critical")
    assert judged["risk"]["reasons"][0]["rule"] == "person"
    assert [entry["risk"]["level"] for entry in lead.get("/queue").json["entries"]] == ["critical", "critical"]


def test_a_shift_lead_offers_a_waiting_contact_to_a_free_counsellor_by_name(
    phone_company: PhoneCompany, mariam: Client, lead: Client
):
    phone_company.call().press("9")
    waiting = lead.get("/queue").json["entries"][0]["contact_id"]
    mariam.be("available")

    offered = told(lead.post(f"/contacts/{waiting}/offer", {"counsellor_id": mariam.staff.id}), shapes.Contact)

    assert offered["state"] == "offered"
    assert mariam.get("/me").json["reservation"]["contact_id"] == waiting
    assert lead.post(f"/contacts/{waiting}/offer", {"counsellor_id": mariam.staff.id}).status_code == 409


def test_the_floor_shows_who_talks_with_whom_and_what_is_wrong(call_of_mariam: UUID, lead: Client, session: Session):
    floor = told(lead.get("/floor"), shapes.Floor)

    [mariam] = [person for person in floor["counsellors"] if person["name"] == "mariam"]
    assert (mariam["contact"]["id"], mariam["contact"]["state"]) == (str(call_of_mariam), "connected")
    [call] = floor["calls"]
    assert {leg["role"] for leg in call["legs"] if leg["joined"]} == {"caller", "counsellor"}
    assert [alert["kind"] for alert in floor["alerts"]] == ["clock_silent"]


def test_the_floor_shows_a_hand_off_until_it_is_over(call_of_mariam: UUID, mariam: Client, lead: Client):
    asked = told(
        mariam.post(f"/contacts/{call_of_mariam}/handoffs", {"workflow": "police_emergency"}), shapes.Handoff, 201
    )
    assert [one["ref"] for one in told(lead.get("/floor"), shapes.Floor)["handoffs"]] == [asked["ref"]]


def test_neither_call_sids_nor_numbers_are_told(call_of_mariam: UUID, lead: Client, session: Session):
    everything = lead.get(f"/contacts/{call_of_mariam}").text + lead.get("/floor").text
    for leg in session.scalars(select(Call)):
        assert leg.call_sid not in everything
    assert "+97455123456" not in everything


def test_the_document_describes_every_route_and_needs_no_token(app: Flask):
    document = app.test_client().get("/api/v1/openapi.json").json
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert document["openapi"].startswith("3.1")
    assert all(operation["summary"] and operation["responses"] for operation in operations)
    bodies = [operation["requestBody"]["content"] for operation in operations if "requestBody" in operation]
    for content in bodies:
        name = content["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        assert document["components"]["schemas"][name]["type"] == "object"
