"""What the pages offer around a conversation by text, act by act."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.media import MessageMedia
from helpline.contacts.models import Contact
from helpline.contacts.text_stops import list_stops
from helpline.line import Line
from helpline.staff.models import Staff
from tests.helpline.console.visitor import Account, Visitor
from tests.helpline.phone_company import CHILD, HELPLINE, PhoneCompany


@pytest.fixture
def contact_id(talking: Visitor, session: Session) -> UUID:
    """The conversation in which the counsellor at `talking` is."""
    return session.scalars(select(Contact.id)).one()


@pytest.fixture
def lead_desk(app: Flask, lead: Account) -> Visitor:
    return Visitor(app).sign_in(lead)


def send_picture(phone_company: PhoneCompany) -> None:
    media = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/canary-media", "MediaContentType0": "image/jpeg"}
    phone_company.post("/sms/incoming", MessageSid="SM" + "7" * 32, From=CHILD, To=HELPLINE, Body="", **media)


def test_a_lead_is_given_the_address_of_an_attachment_for_a_report_and_a_counsellor_is_not(
    phone_company: PhoneCompany, talking: Visitor, lead_desk: Visitor, contact_id: UUID, session: Session
):
    send_picture(phone_company)
    media_id = session.scalars(select(MessageMedia.id)).one()
    path = f"/console/contacts/{contact_id}/attachments/{media_id}"

    talking.open(f"/contacts/{contact_id}")
    assert "canary-media" not in talking.page.text and talking.find_all(".attachment")
    assert talking.post(path, reason="curious").status_code == 403
    lead_desk.open(f"/contacts/{contact_id}")
    assert "canary-media" not in lead_desk.page.text
    released = lead_desk.post(path, reason="the law asks for a report")

    assert released.text.count("https://api.twilio.com/canary-media") == 1
    assert 'src="https://' not in released.text and 'href="https://' not in released.text


def test_a_word_like_stop_from_a_child_in_danger_asks_the_counsellor_what_was_meant(
    phone_company: PhoneCompany, talking: Visitor, contact_id: UUID, counsellor: Account, session: Session, line: Line
):
    answering.set_level(session, line, session.get_one(Staff, counsellor.id), contact_id, "critical", "he is at home")
    session.commit()
    phone_company.text("توقف")

    talking.open("/console")
    assert talking.find_all("#alert-stop_asked")
    talking.act(f"/console/contacts/{contact_id}/texts-wanted", texts="stop")

    assert not talking.find_all("#alert-stop_asked") and talking.find_all("#texts-stopped")
    session.rollback()
    assert [stop.said_by for stop in list_stops(session, line.keys, session.get_one(Contact, contact_id))] == ["child"]
    talking.act(f"/console/contacts/{contact_id}/texts", body="hello")
    assert "Offer a call instead" in talking.said
    talking.act(f"/console/contacts/{contact_id}/texts-wanted", texts="go_on")
    assert not talking.find_all("#texts-stopped")


def test_a_link_is_refused_until_a_lead_lets_it_through(talking: Visitor, lead_desk: Visitor, contact_id: UUID):
    talking.act(f"/console/contacts/{contact_id}/texts", body="look at example.org/help")
    assert "not on the list" in talking.said

    lead_desk.open(f"/contacts/{contact_id}")
    lead_desk.act(f"/console/contacts/{contact_id}/allowed", pointer="https://example.org", reason="her school")
    talking.act(f"/console/contacts/{contact_id}/texts", body="look at example.org/help")

    assert "example.org/help" in talking.find("#conversation").text_content()


def test_a_call_can_be_asked_for_where_texts_do_not_arrive(
    phone_company: PhoneCompany, talking: Visitor, contact_id: UUID
):
    about = {"MessageSid": "SM" + "8" * 32, "From": CHILD, "To": HELPLINE, "Body": "stop", "OptOutType": "STOP"}
    phone_company.post("/sms/incoming", **about)

    talking.open("/console")
    assert talking.find_all("#alert-texts_blocked")
    talking.act(f"/console/contacts/{contact_id}/call-asked")

    assert talking.find_all("#call-asked")


def test_an_alert_that_does_not_exist_is_refused_in_words(talking: Visitor, contact_id: UUID):
    talking.act(f"/console/contacts/{contact_id}/seen-to", alert="made_up")
    assert "could not be saved" in talking.said
    talking.act(f"/console/contacts/{contact_id}/seen-to", alert="idle")
    assert "things have moved on" in talking.said
