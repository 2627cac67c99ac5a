"""Someone else's contact and one that never was cannot be told apart."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow
from helpline.contacts.models import Call, Contact
from helpline.live_queue.models import Reservation
from tests.helpline.api.conftest import Client

ABOUT_A_CONTACT = [
    ("GET", "/contacts/{id}", None),
    ("GET", "/contacts/{id}/messages", None),
    ("POST", "/contacts/{id}/messages", {"body": "hello"}),
    ("PUT", "/contacts/{id}/risk", {"level": "high", "reason": "why"}),
    ("POST", "/contacts/{id}/call/hold", None),
    ("POST", "/contacts/{id}/call/unhold", None),
    ("POST", "/contacts/{id}/call/end", None),
    ("PUT", "/contacts/{id}/record", {"category": "violence", "notes": "mine now"}),
    ("POST", "/contacts/{id}/wrap-up", {"category": "violence"}),
]


def state_of(session: Session, contact_id: UUID) -> tuple:
    session.expire_all()
    contact = session.get_one(Contact, contact_id)
    return contact.state, contact.level, contact.record, contact.notes_sealed, contact.counsellor_id


@pytest.mark.parametrize(("method", "path", "body"), ABOUT_A_CONTACT)
def test_a_counsellor_cannot_tell_another_counsellors_contact_from_none_and_changes_nothing(
    text_of_mariam: UUID, yusuf: Client, session: Session, method: str, path: str, body: dict | None
):
    before = state_of(session, text_of_mariam)

    hers = yusuf.ask(method, path.format(id=text_of_mariam), json=body)
    nobodys = yusuf.ask(method, path.format(id=uuid4()), json=body)

    assert hers.status_code == nobodys.status_code == 404
    assert hers.data == nobodys.data
    assert dict(hers.headers) == dict(nobodys.headers)
    assert state_of(session, text_of_mariam) == before


def test_a_counsellor_cannot_find_a_call_that_is_not_theirs(call_of_mariam: UUID, yusuf: Client, session: Session):
    call_sid = session.scalars(select(Call.call_sid).where(Call.role == "caller")).one()

    theirs = yusuf.get(f"/contacts?call_sid={call_sid}")
    nobodys = yusuf.get("/contacts?call_sid=CA0000")

    assert (theirs.status_code, theirs.data) == (404, nobodys.data)


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_an_offer_to_someone_else_does_not_exist(
    phone_company, mariam: Client, yusuf: Client, session: Session, dispatch, act: str
):
    mariam.be("available")
    phone_company.call().press("9")
    dispatch()
    reservation = session.scalars(select(Reservation)).one()

    hers = yusuf.post(f"/reservations/{reservation.id}/{act}")
    nobodys = yusuf.post(f"/reservations/{uuid4()}/{act}")

    assert (hers.status_code, hers.data) == (404, nobodys.data)
    session.refresh(reservation)
    assert reservation.state == "pending"


def test_the_queue_tells_nothing_of_who_they_are(phone_company, yusuf: Client):
    phone_company.text("my name is Salem", number="+97455443322")
    phone_company.call(number="+97455443311").press("9")

    told = yusuf.get("/queue").text

    assert "Salem" not in told
    assert "5544" not in told


def test_an_auditor_reads_that_a_contact_was_but_neither_number_nor_notes(
    text_of_mariam: UUID, mariam: Client, everyone: dict[str, Client]
):
    mariam.put(f"/contacts/{text_of_mariam}/record", {"notes": "lives near the school"})

    to_mariam = mariam.get(f"/contacts/{text_of_mariam}").json
    to_auditor = everyone["auditor"].get(f"/contacts/{text_of_mariam}").json

    assert (to_mariam["number"], to_mariam["notes"]) == ("+974••••••56", "lives near the school")
    assert to_auditor["number"] == ""
    assert "notes" not in to_auditor
    assert everyone["shift_lead"].get(f"/contacts/{text_of_mariam}").json["notes"] == "lives near the school"


def test_every_reading_of_a_contact_and_of_its_messages_is_on_record(
    text_of_mariam: UUID, mariam: Client, lead: Client, session: Session
):
    mariam.get(f"/contacts/{text_of_mariam}/messages")
    lead.get(f"/contacts/{text_of_mariam}")

    read = session.execute(
        select(AuditRow.actor, AuditRow.action, AuditRow.subject).where(AuditRow.action.like("%read"))
    )
    subject = f"contact:{text_of_mariam}"
    assert list(read) == [
        (f"staff:{mariam.staff.id}", "messages.read", subject),
        (f"staff:{lead.staff.id}", "contact.read", subject),
    ]


def test_fields_that_a_request_does_not_offer_cannot_be_set(text_of_mariam: UUID, mariam: Client, session: Session):
    before = state_of(session, text_of_mariam)
    for column in [column.name for column in Contact.__table__.columns]:
        given = mariam.put(f"/contacts/{text_of_mariam}/risk", {"level": "high", "reason": "why", column: "x"})
        finished = mariam.post(f"/contacts/{text_of_mariam}/wrap-up", {column: "x"})
        if column not in ("level", "reason"):
            assert given.status_code == 422, column
        if column not in ("outcome", "category"):
            assert finished.status_code == 422, column
    assert state_of(session, text_of_mariam) == before
    mariam.put(f"/contacts/{text_of_mariam}/record", {"state": "closed", "counsellor_id": 99, "level": "benign"})
    assert state_of(session, text_of_mariam)[1] == before[1]
    assert state_of(session, text_of_mariam)[4] == before[4]
