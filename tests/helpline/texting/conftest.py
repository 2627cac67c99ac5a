"""A telephone company that says what a story tells it to, and a counsellor in a conversation by text."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from config.settings import Settings
from helpline.contacts.models import Contact
from helpline.line import Line
from helpline.staff.models import Staff
from tests.helpline.conftest import settings_for
from tests.helpline.phone_company import PhoneCompany
from tests.helpline.telephone_rest import TelephoneRest, run_telephone_rest
from tests.helpline.texting.story import (
    hire,
    take,
)
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
def counsellor(session: Session, line: Line) -> Staff:
    return hire(session, line, "one")


@pytest.fixture
def conversation(phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff) -> Contact:
    """A child who has written, and the counsellor who has taken it."""
    phone_company.text("are you there?")
    return take(session, line, counsellor)
