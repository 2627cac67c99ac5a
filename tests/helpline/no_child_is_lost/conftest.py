"""A service whose telephone company does and tells what a story says, and a counsellor who is available."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from helpline.line import Line
from helpline.staff.models import Staff
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
def story(app: Flask, session: Session, line: Line, phone_company: PhoneCompany, rest: TelephoneRest) -> CallStory:
    return CallStory(app, session, line, phone_company, rest)


@pytest.fixture
def mariam(story: CallStory) -> Staff:
    return story.hire("mariam")
