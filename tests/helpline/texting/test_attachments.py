"""Pictures and files: counted, sealed away, never fetched, released by a shift lead alone."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import answering, conversing
from helpline.audit.models import AuditRow
from helpline.contacts.alerts import list_open_alerts
from helpline.contacts.media import list_media
from helpline.contacts.models import Contact, Message
from helpline.contacts.stages import Invalid
from helpline.conversing import NotAllowedHere
from helpline.line import Line
from helpline.staff.models import Staff
from tests.helpline.phone_company import CHILD, HELPLINE, PhoneCompany
from tests.helpline.telephone_rest import TelephoneRest
from tests.helpline.texting.story import (
    FIRST_SID,
    SECOND_SID,
    contacts,
    hire,
)


def test_pictures_are_counted_and_never_fetched(phone_company: PhoneCompany, session: Session, rest: TelephoneRest):
    media = {"NumMedia": "2", "MediaUrl0": f"{rest.url}/a", "MediaContentType0": "image/png", "MediaUrl1": rest.url}
    about = {"MessageSid": FIRST_SID, "From": CHILD, "To": HELPLINE, "Body": ""}

    assert phone_company.post("/sms/incoming", **about | media).status_code == 200

    assert session.scalars(select(Message.media_count).where(Message.direction == "in")).all() == [2]
    assert rest.asked == []


def test_a_count_of_pictures_that_is_none_loses_no_text(phone_company: PhoneCompany, session: Session):
    for number, count in enumerate(["-1", "many", "", "9" * 30, "٣x"]):
        about = {"MessageSid": f"SM{number:032}", "From": CHILD, "To": HELPLINE, "Body": "hello", "NumMedia": count}
        assert phone_company.post("/sms/incoming", **about).status_code == 200

    assert session.scalars(select(Message.media_count).where(Message.direction == "in")).all() == [0] * 5


def picture(phone_company: PhoneCompany, body: str = "") -> None:
    media = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/canary-media", "MediaContentType0": "image/jpeg"}
    phone_company.post("/sms/incoming", MessageSid=SECOND_SID, From=CHILD, To=HELPLINE, Body=body, **media)


def test_a_picture_alone_waits_as_elevated_is_flagged_and_its_address_is_sealed(
    phone_company: PhoneCompany, session: Session
):
    picture(phone_company)

    [contact] = contacts(session)
    [media] = list_media(session, contact.id)
    assert contact.level == "elevated"
    assert [alert.kind for alert, _contact in list_open_alerts(session)] == ["media"]
    assert media.kind == "image/jpeg" and b"canary" not in media.url_sealed


def test_a_shift_lead_gets_the_address_for_a_report_and_it_is_on_record(
    phone_company: PhoneCompany, session: Session, line: Line
):
    picture(phone_company)
    [contact] = contacts(session)
    [media] = list_media(session, contact.id)
    lead = hire(session, line, "lead", role="shift_lead")

    _media, address = conversing.release_attachment(session, line, lead, contact.id, media.id, "report 12")
    session.commit()

    assert address == "https://api.twilio.com/canary-media"
    acts = session.scalars(select(AuditRow.action).where(AuditRow.actor == f"staff:{lead.id}")).all()
    assert "media.released" in acts
    assert "report 12" in answering.read_notes(line, contact)


def test_nobody_else_gets_it_and_nobody_without_a_reason(
    phone_company: PhoneCompany, session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    picture(phone_company)
    [media] = list_media(session, conversation.id)
    lead = hire(session, line, "lead", role="shift_lead")

    with pytest.raises(NotAllowedHere):
        conversing.release_attachment(session, line, counsellor, conversation.id, media.id, "curious")
    with pytest.raises(Invalid):
        conversing.release_attachment(session, line, lead, conversation.id, media.id, " ")
