"""A shift lead names a counsellor at the moment in which the clock offers her another child."""

import threading
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.models import Contact
from helpline.contacts.stages import NotPossibleNow
from helpline.line import Line
from helpline.live_queue.dispatch import offer_all
from helpline.staff.accounts import create_staff
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.store.db import db
from tests.helpline.phone_company import PhoneCompany


@pytest.fixture
def people(session: Session, line: Line) -> tuple[Staff, Staff]:
    """A counsellor who is available, and a shift lead."""
    made = [
        create_staff(
            session,
            line.keys,
            email=f"{name}@helpline.example",
            name=name,
            role=role,
            languages=["ar", "en"],
            device_number=number,
            actor="operator",
        )
        for role, name, number in (
            ("counsellor", "mariam", "+97455000101"),
            ("shift_lead", "lead", "+97455000901"),
        )
    ]
    set_activity(session, made[0], "available", "operator")
    session.commit()
    return made[0], made[1]


def test_the_lead_hears_that_she_is_not_free_and_the_child_keeps_waiting(
    app: Flask, session: Session, line: Line, phone_company: PhoneCompany, people: tuple[Staff, Staff]
):
    counsellor_id, lead_id = (person.id for person in people)
    for _child in range(2):
        phone_company.call().press("9")
    first, second = session.scalars(select(Contact.id).order_by(Contact.opened_at)).all()
    session.rollback()
    offer_all(session, line.policy, line.helpline.queue.offer_s)  # the clock, which has not committed yet
    session.flush()

    heard: list[str] = []
    leading = threading.Thread(target=lambda: heard.append(offer_by_name(app, line, lead_id, second, counsellor_id)))
    leading.start()
    leading.join(0.5)
    assert leading.is_alive()  # she waits for the clock, whose offer she can not see yet
    session.commit()
    leading.join(5)

    assert heard == ["this counsellor is not free"]
    session.expire_all()
    assert session.get_one(Contact, first).state == "offered"
    assert session.get_one(Contact, second).state == "waiting"


def offer_by_name(app: Flask, line: Line, lead_id: int, contact_id: UUID, counsellor_id: int) -> str:
    with app.app_context():
        session = db.session()
        try:
            answering.offer_to_named(session, line, session.get_one(Staff, lead_id), contact_id, counsellor_id)
            session.commit()
            return "offered"
        except NotPossibleNow as why:
            return str(why)
        finally:
            db.session.remove()
