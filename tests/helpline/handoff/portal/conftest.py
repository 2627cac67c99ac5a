"""The scene of a hand-off, with a mail server that takes letters and desks that have their PINs."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from helpline.partners.pins import set_pin
from helpline.simulator.mailbox import Mailbox, MailServer
from tests.helpline.conftest import settings_for
from tests.helpline.handoff.portal.desk import CITY, PIN, SHELTERS, SOUTH, Desk
from tests.helpline.handoff.rest_double import RestDouble
from tests.helpline.handoff.scene import Scene
from tests.servers import TestPostgres


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    server = MailServer(box, 0)
    server.start()
    box.port = server.port
    yield box
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings(
    postgres: TestPostgres,
    migrated_database: str,
    redis_url: str,
    rest: RestDouble,
    mailbox: Mailbox,
) -> Settings:
    database = postgres.create_database(copy_of=migrated_database)
    mail = {"SMTP_URL": f"smtp+plain://127.0.0.1:{mailbox.port}", "MAIL_SENDER": "line@help.example.org"}
    return settings_for(database, redis_url, TWILIO_API_BASE_URL=rest.url, **mail)


@pytest.fixture
def desk(app: Flask, session: Session, scene: Scene, mailbox: Mailbox) -> Desk:
    """Somebody at a partner's with a browser, who reads the partner's mail."""
    for partner in (CITY, SOUTH, *SHELTERS):
        set_pin(session, partner, PIN, "operator")
    session.commit()
    return Desk(app, mailbox, scene)
