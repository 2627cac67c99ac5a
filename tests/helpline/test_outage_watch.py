"""The clock sees that nobody could be reached, says so to callers for a while, and never against a person's word."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline.contacts.calls import new_leg
from helpline.contacts.models import Call, Contact
from helpline.jobs.clock import Clock
from helpline.line import Line
from helpline.live_queue.models import QueueEntry
from helpline.outage_watch import watch_outage
from helpline.staff.accounts import create_staff
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from helpline.switches.models import LineSwitch
from helpline.switches.turning import list_on, turn_off, turn_on
from tests.helpline.phone_company import PhoneCompany


@pytest.fixture
def hire(session: Session, line: Line) -> Callable[..., Staff]:
    def hire_one(**facts: object) -> Staff:
        about = {"role": "counsellor", "languages": ["en"], "actor": "operator", "device_number": "+97455000101"}
        person = create_staff(session, line.keys, email="one@helpline.example", name="One", **about | facts)
        session.commit()
        return person

    return hire_one


def wait(session: Session, company: PhoneCompany, minutes: float) -> None:
    """A child waits for so long."""
    company.call().press("0")
    session.rollback()
    session.execute(update(QueueEntry).values(arrived_at=utc_now() - timedelta(minutes=minutes)))
    session.commit()


def ring_in_vain(session: Session, times: int, ago: timedelta = timedelta(minutes=1)) -> None:
    """Our phones were to be rung so often, and the telephone company made no call."""
    contact_id = session.scalars(select(Contact.id)).first()
    for _ring in range(times):
        new_leg(session, contact_id, "on_call").created_at = utc_now() - ago
    session.commit()


def look(session: Session, line: Line) -> str | None:
    """Why the outage is on after the clock has looked; None while it is off."""
    watch_outage(session, line)
    session.commit()
    outage = list_on(session).get("outage")
    return outage.reason if outage else None


def test_a_child_who_waits_while_nobody_is_there_is_told_so(app: Flask, phone_company: PhoneCompany, session: Session):
    wait(session, phone_company, 2)
    Clock(app).tick()

    outage = list_on(session)["outage"]
    assert (outage.reason, outage.on_by) == ("nobody_reachable", "clock")


def test_it_is_no_outage_while_somebody_is_at_work_or_on_call(
    phone_company: PhoneCompany, session: Session, line: Line, hire
):
    wait(session, phone_company, 2)
    person = hire(on_call=True)
    assert look(session, line) is None
    person.on_call = False
    set_activity(session, person, "available", "operator")
    assert look(session, line) is None


def test_an_empty_line_is_no_outage_and_neither_is_a_short_wait(
    phone_company: PhoneCompany, session: Session, line: Line
):
    assert look(session, line) is None
    wait(session, phone_company, 0.5)
    assert look(session, line) is None


def test_phones_that_are_never_rung_are_an_outage(phone_company: PhoneCompany, session: Session, line: Line, hire):
    hire(on_call=True)
    wait(session, phone_company, 0.5)
    ring_in_vain(session, 1)
    assert look(session, line) is None
    ring_in_vain(session, 1)
    assert look(session, line) == "phones_not_rung"


def test_one_phone_that_was_rung_shows_that_the_telephone_company_works(
    phone_company: PhoneCompany, session: Session, line: Line, hire
):
    hire(on_call=True)
    wait(session, phone_company, 0.5)
    ring_in_vain(session, 3)
    session.scalars(select(Call).where(Call.role == "on_call")).first().call_sid = "CA1"
    session.commit()
    assert look(session, line) is None


def test_it_goes_off_when_somebody_is_there_again(phone_company: PhoneCompany, session: Session, line: Line, hire):
    wait(session, phone_company, 2)
    assert look(session, line) == "nobody_reachable"
    hire(on_call=True)
    assert look(session, line) == "nobody_reachable"  # not at once: it would flicker
    session.execute(update(LineSwitch).values(on_at=utc_now() - timedelta(minutes=3)))
    session.commit()
    session.expire_all()
    assert look(session, line) is None


def test_what_a_person_turned_off_stays_off_for_a_while(phone_company: PhoneCompany, session: Session, line: Line):
    wait(session, phone_company, 2)
    look(session, line)
    turn_off(session, "outage", "staff:1")
    session.commit()
    assert look(session, line) is None


def test_what_a_person_turned_on_is_theirs(phone_company: PhoneCompany, session: Session, line: Line, hire):
    hire(on_call=True)
    turn_on(session, line, "outage", reason="power cut", actor="staff:1")
    session.execute(update(LineSwitch).values(on_at=utc_now() - timedelta(minutes=30)))
    session.commit()
    session.expire_all()
    assert look(session, line) == "power cut"
