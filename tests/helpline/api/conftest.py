"""People who work at the helpline, each with a token, and children who wait for them."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from helpline.contacts.models import Call, Contact
from helpline.legs import leg_entered_room
from helpline.line import Line
from helpline.live_queue.dispatch import offer_all
from helpline.outbox.bell import commit
from helpline.staff.accounts import create_staff
from helpline.staff.models import ROLES, Staff
from helpline.staff.tokens import issue_token
from tests.helpline.phone_company import PhoneCompany

API = "/api/v1"


@dataclass(frozen=True)
class Client:
    """One person's use of the API."""

    app: Flask
    staff: Staff
    token: str

    def ask(self, method: str, path: str, **options: object) -> TestResponse:
        """A request with this person's token. `json` and other options are the test client's own."""
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        return self.app.test_client().open(API + path, method=method, headers=headers, **options)

    def get(self, path: str) -> TestResponse:
        return self.ask("GET", path)

    def put(self, path: str, body: object) -> TestResponse:
        return self.ask("PUT", path, json=body)

    def post(self, path: str, body: object = None) -> TestResponse:
        return self.ask("POST", path) if body is None else self.ask("POST", path, json=body)

    def be(self, activity: str) -> None:
        assert self.put("/me/activity", {"activity": activity}).status_code == 200


@pytest.fixture
def employ(app: Flask, session: Session, line: Line) -> Callable[..., Client]:
    """`employ(role, name)` gives that person's client."""

    def employ_one(role: str, name: str) -> Client:
        staff = create_staff(
            session,
            line.keys,
            email=f"{name}@example.org",
            name=name,
            role=role,
            languages=["ar", "en"],
            device_number="+97455000111",
            actor="operator",
        )
        token = issue_token(session, staff, "operator")
        session.commit()
        return Client(app, staff, token)

    return employ_one


@pytest.fixture
def mariam(employ: Callable[..., Client]) -> Client:
    return employ("counsellor", "mariam")


@pytest.fixture
def yusuf(employ: Callable[..., Client]) -> Client:
    return employ("counsellor", "yusuf")


@pytest.fixture
def lead(employ: Callable[..., Client]) -> Client:
    return employ("shift_lead", "lead")


@pytest.fixture
def everyone(employ: Callable[..., Client]) -> dict[str, Client]:
    """One person of every role."""
    return {role: employ(role, f"a_{role}") for role in ROLES}


@pytest.fixture
def dispatch(session: Session, line: Line) -> Callable[[], None]:
    """What the clock does at once when it is rung: offer whom it can to whom is free."""

    def offer() -> None:
        offer_all(session, line.policy, line.helpline.queue.offer_s)
        commit(session, line.bell)

    return offer


@pytest.fixture
def text_of_mariam(phone_company: PhoneCompany, session: Session, mariam: Client, dispatch: Callable) -> UUID:
    """A text conversation that Mariam has accepted: connected."""
    mariam.be("available")
    phone_company.text("please help")
    dispatch()
    accept_offer(mariam)
    return session.scalars(select(Contact.id)).one()


@pytest.fixture
def call_of_mariam(
    phone_company: PhoneCompany, session: Session, line: Line, mariam: Client, dispatch: Callable
) -> UUID:
    """A call that Mariam has accepted and in which both have joined: connected."""
    mariam.be("available")
    phone_company.call().press("9")
    dispatch()
    accept_offer(mariam)
    for role in ("counsellor", "caller"):
        leg = session.scalars(select(Call).where(Call.role == role)).one()
        sid = leg.call_sid or "CA" + "c" * 32
        leg_entered_room(session, line, leg_id=leg.id, call_sid=sid, conference_sid="CF" + "d" * 32)
    commit(session, line.bell)
    return session.scalars(select(Contact.id)).one()


def accept_offer(client: Client) -> None:
    """Take what is offered to this person."""
    offered = client.get("/me").json["reservation"]
    assert client.post(f"/reservations/{offered['id']}/accept").status_code == 200
