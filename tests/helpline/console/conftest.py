"""People with accounts, and the pages they open."""

from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from helpline.line import Line
from helpline.live_queue.dispatch import offer_all
from helpline.staff.accounts import create_staff
from helpline.staff.credentials import new_credentials
from tests.helpline.console.visitor import Account, Visitor
from tests.helpline.phone_company import PhoneCompany
from tests.journeys.conftest import helpline, house, new_database

__all__ = ["helpline", "house", "new_database"]  # the running service, for the stories in a browser

DEVICE = "+97455000101"


def make_account(session: Session, line: Line, number: object, role: str) -> Account:
    """Somebody who works here, ready to sign in. Needs the application's context."""
    credentials = new_credentials()
    person = create_staff(
        session,
        line.keys,
        email=f"{role}.{number}@helpline.example",
        name=f"{role} {number}",
        role=role,
        languages=["ar", "en"],
        device_number=DEVICE,
        password_hash=credentials.password_hash,
        totp_secret=credentials.totp_sealed,
        actor="operator",
    )
    session.commit()
    return Account(person.id, person.email, credentials.password, credentials.totp_key)


@pytest.fixture
def hire(session: Session, line: Line) -> Callable[[str], Account]:
    """Make an account with this role."""
    numbers = count(1)
    return lambda role: make_account(session, line, next(numbers), role)


@pytest.fixture
def counsellor(hire) -> Account:
    return hire("counsellor")


@pytest.fixture
def lead(hire) -> Account:
    return hire("shift_lead")


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """A browser nobody has signed in with."""
    return Visitor(app)


@pytest.fixture
def offer_now(session: Session, line: Line) -> Callable[[], int]:
    """What the clock does: offer waiting contacts to whoever is free."""

    def offer() -> int:
        made = offer_all(session, line.policy, line.helpline.queue.offer_s)
        session.commit()
        return made

    return offer


@pytest.fixture
def texting_child(phone_company: PhoneCompany) -> PhoneCompany:
    """A child has written something that no rule understands, and waits."""
    phone_company.text("it is about yesterday")
    return phone_company


@pytest.fixture
def talking(app: Flask, counsellor: Account, texting_child: PhoneCompany, offer_now) -> Visitor:
    """A counsellor who is in a conversation by text with that child."""
    desk = Visitor(app).sign_in(counsellor)
    desk.act("/console/activity", activity="available")
    assert offer_now() == 1
    desk.open("/console")
    desk.act(desk.find(".offer").xpath(".//form")[0].get("action"))
    return desk
