"""What a shift lead sees and does."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.line import Line
from helpline.live_queue.models import Reservation
from helpline.store.types import utc_now
from tests.helpline.console.visitor import Account, Visitor
from tests.helpline.phone_company import PhoneCompany


def the_contact(session: Session) -> Contact:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Contact)).one()


def test_the_board_shows_who_waits_why_and_since_when(visitor: Visitor, lead: Account, phone_company: PhoneCompany):
    phone_company.call().press("9")
    visitor.sign_in(lead)
    told = " ".join(visitor.find("#queue").text_content().split())

    assert "Critical" in told and "I am in danger now" in told and "Waiting" in told
    assert visitor.find("#queue").xpath(".//*[@data-since] | .//*[@data-until]")


def test_a_level_is_never_told_by_colour_alone(visitor: Visitor, lead: Account, phone_company: PhoneCompany):
    phone_company.call().press("9")
    visitor.sign_in(lead)
    badge = visitor.find("#queue").xpath('.//*[contains(@class, "level-critical")]')[0]

    assert badge.xpath(".//svg/path") and badge.text_content().strip() == "Critical"


def test_the_board_is_the_same_for_all_and_holds_nobodys_token(visitor: Visitor, lead: Account, texting_child):
    visitor.sign_in(lead)

    assert "csrf" not in visitor.open("/floor/board").text


def test_nobody_on_shift_is_said_in_words(visitor: Visitor, lead: Account):
    visitor.sign_in(lead)

    assert "Nobody is available" in visitor.find("#alerts").text_content()


def test_she_offers_a_waiting_child_to_somebody_by_name(
    app, visitor: Visitor, lead: Account, counsellor: Account, texting_child, session: Session
):
    Visitor(app).sign_in(counsellor).act("/console/activity", activity="available")
    visitor.sign_in(lead)
    visitor.open(f"/contacts/{the_contact(session).id}")
    visitor.act(
        f"/floor/contacts/{the_contact(session).id}/offer",
        counsellor=str(counsellor.id),
        back_to_contact=str(the_contact(session).id),
    )

    assert "Offered." in visitor.said
    assert session.scalars(select(Reservation)).one().counsellor_id == counsellor.id


def test_somebody_who_is_not_free_can_not_be_offered_a_child(
    visitor: Visitor, lead: Account, counsellor: Account, texting_child, session: Session
):
    visitor.sign_in(lead)
    visitor.act(f"/floor/contacts/{the_contact(session).id}/offer", counsellor=str(counsellor.id))

    assert "not possible any more" in visitor.said
    assert the_contact(session).state == "waiting"


def test_she_raises_a_level_and_the_queue_follows(visitor: Visitor, lead: Account, texting_child, session: Session):
    visitor.sign_in(lead)
    visitor.act(f"/floor/contacts/{the_contact(session).id}/level", level="critical", reason="The text says so.")

    assert "row-critical" in visitor.open("/floor/board").text


def test_the_way_back_leads_nowhere_else(visitor: Visitor, lead: Account, texting_child, session: Session):
    visitor.sign_in(lead)
    path = f"/floor/contacts/{the_contact(session).id}/level"
    answer = visitor.post(path, level="high", reason="x", back_to_contact="//evil.example/")

    assert answer.status_code == 404 or answer.location.startswith("/contacts/")
    assert visitor.post("/language", language="en", back="//evil.example/").location == "/"


def test_a_record_that_takes_long_is_seen(
    visitor: Visitor, lead: Account, talking: Visitor, session: Session, line: Line
):
    talking.act(f"/console/contacts/{the_contact(session).id}/end")
    visitor.sign_in(lead)
    assert visitor.find("#people").xpath('.//*[@class="late"]') == []

    long_ago = utc_now() - timedelta(seconds=line.helpline.wrap_up.expected_s + 5)
    session.execute(update(Contact).values(talk_ended_at=long_ago))
    session.commit()
    visitor.open("/floor")
    assert len(visitor.find("#people").xpath('.//*[@class="late"]')) == 1
