"""The pages of those we did not get to talk with: taken, planned, called back, settled."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.calendar_file import WEEKDAYS
from helpline.contacts.missed import MissedContact
from helpline.contacts.models import Contact
from helpline.contacts.safe_plans import SafePlan
from helpline.outbox.models import OwedWork
from helpline.store.types import utc_now
from tests.helpline.console.visitor import Account, Visitor
from tests.helpline.phone_company import CHILD, PhoneCompany

PLAN = {"channel": "voice", "start": "00:00", "end": "23:59", "words": "about the book", "lasts_days": "7"}


@pytest.fixture
def row(phone_company: PhoneCompany, session: Session) -> str:
    """The address of the row of a child who pressed 9 and hung up."""
    child = phone_company.call()
    child.press("9")
    child.hang_up()
    session.rollback()
    return f"/missed/{session.scalars(select(MissedContact.id)).one()}"


def the_row(session: Session) -> MissedContact:
    session.rollback()
    session.expire_all()
    return session.scalars(select(MissedContact)).one()


def take(visitor: Visitor, row: str) -> None:
    visitor.open("/missed")
    visitor.act(f"{row}/take", back_to_missed=row.rpartition("/")[2])


def record_plan(visitor: Visitor, row: str, **facts: str) -> None:
    form = PLAN | facts | {"back_to_missed": row.rpartition("/")[2]}
    visitor.act(f"{row}/plan", **form, days=list(WEEKDAYS))


def test_the_list_shows_why_and_no_number(visitor: Visitor, counsellor: Account, row: str):
    visitor.sign_in(counsellor)
    page = visitor.open("/missed").text
    assert "Pressed 9 and hung up" in page and "nobody yet" in page
    assert CHILD not in page and CHILD[-7:] not in page


def test_who_has_not_taken_it_may_not_open_it(visitor: Visitor, counsellor: Account, row: str):
    visitor.sign_in(counsellor)
    assert visitor.open(row).status_code == 404


def test_without_a_plan_there_is_no_way_to_call(visitor: Visitor, counsellor: Account, row: str, session: Session):
    visitor.sign_in(counsellor)
    take(visitor, row)
    assert "Call back now" not in visitor.open(row).text
    visitor.act(f"{row}/call-back")
    assert "Nothing is recorded as safe" in visitor.said
    assert session.scalars(select(Contact).where(Contact.calls_back.is_not(None))).all() == []


def test_a_counsellor_records_what_is_safe_and_calls_back(
    visitor: Visitor, counsellor: Account, row: str, session: Session
):
    visitor.sign_in(counsellor)
    take(visitor, row)
    record_plan(visitor, row)
    assert "about the book" in visitor.open(row).text
    visitor.act(f"{row}/call-back")
    stage = visitor.open("/console").text
    assert "You are calling back" in stage and "about the book" in stage
    session.rollback()
    assert list(session.scalars(select(OwedWork.kind))) == ["ring_counsellor"]
    calling = session.scalars(select(Contact).where(Contact.calls_back.is_not(None))).one()
    visitor.act(f"/console/contacts/{calling.id}/call-off")
    assert "called off" in visitor.open(row).text


def test_outside_the_hours_a_counsellor_sees_no_button_and_a_shift_lead_must_say_why(
    app: Flask, visitor: Visitor, counsellor: Account, lead: Account, row: str, session: Session, line
):
    visitor.sign_in(counsellor)
    take(visitor, row)
    tomorrow = WEEKDAYS[(utc_now().astimezone(line.helpline.zone) + timedelta(days=2)).weekday()]
    visitor.act(f"{row}/plan", **PLAN, days=[tomorrow], back_to_missed=row.rpartition("/")[2])
    page = visitor.open(row).text
    assert "outside the safe hours" in page and "Call back now" not in page
    boss = Visitor(app).sign_in(lead)
    assert boss.open(row).status_code == 200 and boss.find("#why-past-hours") is not None
    boss.act(f"{row}/call-back")
    assert "outside the safe hours" in boss.said
    boss.open(row)
    boss.act(f"{row}/call-back", why_past_hours="she is in danger")
    assert the_row(session).notes_sealed


def test_it_is_settled_with_a_reason_and_leaves_the_list(
    visitor: Visitor, counsellor: Account, row: str, session: Session
):
    visitor.sign_in(counsellor)
    take(visitor, row)
    visitor.open(row)
    visitor.act(f"{row}/close", ending="not_safe")
    assert the_row(session).ending == "not_safe"
    assert "Nobody is missed." in visitor.open("/missed").text


def test_what_is_not_safe_any_more_is_withdrawn_at_once(
    visitor: Visitor, counsellor: Account, row: str, session: Session
):
    visitor.sign_in(counsellor)
    take(visitor, row)
    record_plan(visitor, row)
    visitor.open(row)
    visitor.act(f"{row}/plan/withdraw", channel="voice", back_to_missed=row.rpartition("/")[2])
    assert "Nothing is recorded as safe" in visitor.open(row).text
    assert session.scalars(select(SafePlan)).one().withdrawn_by == f"staff:{counsellor.id}"


def test_a_counsellor_writes_down_that_the_child_wants_to_be_called(talking: Visitor, session: Session):
    session.rollback()
    contact = session.scalars(select(Contact)).one()
    talking.open("/console")
    talking.act(f"/console/contacts/{contact.id}/wanted-back", channel="voice", said_safe="no")
    row = the_row(session)
    assert (row.reason, row.wanted_channel, row.said_safe) == ("asked_for_callback", "voice", False)
    assert "Asked to be called back" in talking.open("/missed").text


def test_a_stranger_sees_nothing(visitor: Visitor, row: str):
    assert visitor.open("/missed").status_code == 303
    assert visitor.open(row).status_code == 303
