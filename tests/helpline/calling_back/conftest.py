"""A service whose telephone company does what a story says, a counsellor and a shift lead, and a child who hung up."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from helpline.line import Line
from tests.helpline.calling_back.scene import CallingBack
from tests.helpline.conftest import settings_for
from tests.helpline.no_child_is_lost.call_story import CallStory
from tests.helpline.phone_company import PhoneCompany
from tests.helpline.telephone_rest import TelephoneRest, run_telephone_rest
from tests.servers import TestPostgres


@pytest.fixture
def rest() -> Iterator[TelephoneRest]:
    with run_telephone_rest() as rest:
        yield rest


@pytest.fixture
def settings(postgres: TestPostgres, migrated_database: str, redis_url: str, rest: TelephoneRest) -> Settings:
    database = postgres.create_database(copy_of=migrated_database)
    return settings_for(database, redis_url, TWILIO_API_BASE_URL=rest.url)


@pytest.fixture
def scene(app: Flask, session: Session, line: Line, phone_company: PhoneCompany, rest: TelephoneRest) -> CallingBack:
    story = CallStory(app, session, line, phone_company, rest)
    return CallingBack(story, story.hire("mariam"), story.hire("lead", "+97455000901", "shift_lead"))
