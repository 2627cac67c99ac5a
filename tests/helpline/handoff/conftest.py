"""A service whose telephone company is a small double, a counsellor and a shift lead, and a child on the line."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from helpline.line import Line
from helpline.partners.pins import set_pin
from helpline.staff.accounts import create_staff
from helpline.staff.activity import set_activity
from tests.helpline.conftest import settings_for
from tests.helpline.handoff.rest_double import RestDouble, run_rest_double
from tests.helpline.handoff.scene import KEYS, PINS, Scene
from tests.helpline.phone_company import PhoneCompany
from tests.servers import TestPostgres

COUNSELLORS_PHONE, LEADS_PHONE = "+97455000101", "+97455000901"


@pytest.fixture
def rest() -> Iterator[RestDouble]:
    with run_rest_double() as double:
        yield double


@pytest.fixture
def settings(postgres: TestPostgres, migrated_database: str, redis_url: str, rest: RestDouble) -> Settings:
    database = postgres.create_database(copy_of=migrated_database)
    return settings_for(database, redis_url, TWILIO_API_BASE_URL=rest.url)


@pytest.fixture
def scene(app: Flask, session: Session, line: Line, phone_company: PhoneCompany, rest: RestDouble) -> Scene:
    """Mariam talks with a child who pressed 9; three desks have their PINs; a shift lead has a phone."""
    people = {}
    for role, name, number in (("counsellor", "mariam", COUNSELLORS_PHONE), ("shift_lead", "lead", LEADS_PHONE)):
        people[name] = create_staff(
            session,
            line.keys,
            email=f"{name}@helpline.example",
            name=name,
            role=role,
            languages=["ar", "en"],
            device_number=number,
            actor="operator",
        )
    for number, pin in PINS.items():
        set_pin(session, KEYS[number], pin, "operator")
    set_activity(session, people["mariam"], "available", "operator")
    session.commit()
    return Scene(app, session, line, phone_company, rest, **people, child=phone_company.call()).talk()
