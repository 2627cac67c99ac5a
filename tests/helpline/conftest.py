"""The service on a database of its own, and the telephone company's side of its webhooks."""

import base64
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from app import create_app
from config.settings import Settings, load_settings
from helpline.line import Line
from helpline.store.db import db
from tests.helpline.phone_company import ACCOUNT_SID, AUTH_TOKEN, PhoneCompany
from tests.servers import TestPostgres

# Spelling out the packs of words takes every process seconds; beside the bytecode it is done once.
SPELLED_OUT = Path(sys.prefix) / "spelled-out"
PUBLIC = "https://help.example.org"


def settings_for(database_url: str, redis_url: str, **others: str) -> Settings:
    """Settings as an operator would give them, for a test's own servers."""
    return load_settings(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PUBLIC_BASE_URL": PUBLIC,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
            "SECRET_KEY": "a secret that only tests know 0123456789",
            "FIELD_KEYS": base64.b64encode(b"k" * 32).decode(),
            "SPELLED_OUT_DIR": str(SPELLED_OUT),
        }
        | others
    )


def migrate(database_url: str, redis_url: str) -> str:
    """Apply every migration to a database, as an operator does. Returns its URL again."""
    app = create_app(settings_for(database_url, redis_url))
    app.test_cli_runner().invoke(args=["db", "upgrade"], catch_exceptions=False)
    with app.app_context():
        db.engine.dispose()
    return database_url


@pytest.fixture(scope="session")
def migrated_database(postgres: TestPostgres, redis_url: str) -> str:
    """The name of a database with every migration applied; tests copy it."""
    return make_url(migrate(postgres.create_database(), redis_url)).database


@pytest.fixture
def settings(postgres: TestPostgres, migrated_database: str, redis_url: str) -> Iterator[Settings]:
    settings = settings_for(postgres.create_database(copy_of=migrated_database), redis_url)
    yield settings
    postgres.drop_database(settings.database_url)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The service on a fresh database, inside its application context."""
    app = create_app(settings)
    app.testing = False  # errors are handled as they are in life
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture
def line(app: Flask) -> Line:
    return app.extensions["helpline"]


@pytest.fixture
def phone_company(app: Flask) -> PhoneCompany:
    """Posts signed webhooks, as the telephone company does."""
    return PhoneCompany(app, PUBLIC)
