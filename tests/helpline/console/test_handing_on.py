"""Handing a child on from the page: three steps from the talk, a board with what is overdue on top, a page for each."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.handoff.models import Handoff, HandoffMember
from helpline.handoff.paging import start_paging
from helpline.line import Line
from helpline.outbox.bell import commit
from tests.helpline.console.visitor import Account, Visitor


@pytest.fixture
def contact_id(session: Session, talking: Visitor) -> UUID:
    return session.scalars(select(Contact.id)).one()


def the_handoff(session: Session) -> Handoff:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Handoff)).one()


def hand_on(desk: Visitor, contact_id: UUID, workflow: str, **more: str) -> None:
    desk.open(f"/contacts/{contact_id}/hand-on")
    desk.act(f"/contacts/{contact_id}/hand-on", workflow=workflow, **more)


def test_three_steps_from_the_talk_to_a_partner_that_is_asked(talking: Visitor, session: Session, contact_id: UUID):
    talking.open("/console")
    assert f"/contacts/{contact_id}/hand-on" in talking.page.text  # one: the way is on her page
    talking.open(f"/contacts/{contact_id}/hand-on")
    way = " ".join(talking.find("#way-family_counselling").text_content().split())
    assert "Family counselling centre, city" in way and "nothing that says who" in way  # two: she reads and chooses
    talking.act(f"/contacts/{contact_id}/hand-on", workflow="family_counselling", basis="consent", age="9")
    handoff = the_handoff(session)  # three: she asks
    assert handoff.ref in talking.said
    assert (handoff.state, session.scalars(select(HandoffMember.age)).one()) == ("offering", 9)


def test_what_they_say_by_telephone_is_written_down_on_its_page(talking: Visitor, session: Session, contact_id: UUID):
    hand_on(talking, contact_id, "family_counselling")
    ref = the_handoff(session).ref
    talking.open(f"/handoffs/{ref}")
    talking.act(f"/handoffs/{ref}/accept", name="Huda", partner="family_centre_city")
    assert "They answer for the child" in talking.page.text
    talking.act(f"/handoffs/{ref}/advance", phase="booked")
    talking.act(f"/handoffs/{ref}/confirm", outcome="finished", by="Huda")
    talking.act(f"/handoffs/{ref}/close", follow_up="called", feedback="helped")
    assert the_handoff(session).state == "closed"
    assert "Nothing is left to do." in " ".join(talking.page.text.split())


def test_a_shelter_answers_each_service_and_the_journey_has_a_code_word(
    talking: Visitor, session: Session, contact_id: UUID
):
    hand_on(talking, contact_id, "shelter_placement", age="9", sex="female")
    ref = the_handoff(session).ref
    services = {f"service.{name}": "yes" for name in ("psychological", "medical", "legal", "schooling")}
    talking.open(f"/handoffs/{ref}")
    talking.act(f"/handoffs/{ref}/accept", name="Amal", partner="shelter_city", **services)
    journey = {"mode": "car", "escort": "our_staff", "same_sex": "yes", "pickup": "the corner", "eta_minutes": "20"}
    talking.act(f"/handoffs/{ref}/transport", **journey)
    assert "the corner" in talking.find("#journey").text_content()


def test_a_step_that_does_not_fit_is_refused_and_said_so(talking: Visitor, session: Session, contact_id: UUID):
    hand_on(talking, contact_id, "family_counselling")
    ref = the_handoff(session).ref
    talking.open(f"/handoffs/{ref}")
    talking.act(f"/handoffs/{ref}/close", follow_up="called")
    assert "missing or too long" in talking.said or "moved on" in talking.said
    talking.act(f"/handoffs/{ref}/vanish")
    assert the_handoff(session).state == "offering"


def test_a_report_waits_for_somebody_else(
    app: Flask, talking: Visitor, lead: Account, session: Session, contact_id: UUID
):
    hand_on(talking, contact_id, "statutory_report")
    ref = the_handoff(session).ref
    talking.open(f"/handoffs/{ref}")
    talking.act(f"/handoffs/{ref}/approve")
    assert the_handoff(session).state == "awaiting_approval"
    other = Visitor(app).sign_in(lead)
    other.open(f"/handoffs/{ref}")
    other.act(f"/handoffs/{ref}/approve")
    assert the_handoff(session).state == "offering"


def test_what_is_overdue_stands_on_top_and_others_see_only_their_own(
    app: Flask, talking: Visitor, hire, lead: Account, session: Session, line: Line, contact_id: UUID
):
    hand_on(talking, contact_id, "family_counselling")
    hand_on(talking, contact_id, "reintegration")
    session.rollback()
    later = session.scalars(select(Handoff).where(Handoff.workflow == "reintegration")).one()
    start_paging(session, later, "clock_ran_out")
    commit(session, line.bell)
    watching = Visitor(app).sign_in(lead)
    watching.open("/handoffs")
    rows = [row.get("id") for row in watching.find_all(".row-critical")]
    assert rows == [f"handoff-{later.ref}"]
    stranger = Visitor(app).sign_in(hire("counsellor"))
    stranger.open("/handoffs")
    assert later.ref not in stranger.page.text
    assert stranger.open(f"/handoffs/{later.ref}").status_code == 404


def test_in_arabic_every_word_is_arabic(talking: Visitor, session: Session, contact_id: UUID):
    hand_on(talking, contact_id, "shelter_placement", age="9", sex="female")
    ref = the_handoff(session).ref
    talking.open("/console")
    talking.post("/language", language="ar", back="/")
    for path in (f"/handoffs/{ref}", "/handoffs", f"/contacts/{contact_id}/hand-on"):
        page = talking.open(path)
        assert 'dir="rtl"' in page.text
        assert "Shelter" not in page.text and "offering" not in talking.find("#main").text_content()
