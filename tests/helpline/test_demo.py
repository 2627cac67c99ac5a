"""The demonstration helpline: loaded once, for its own machine only, and never into a real one."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_security import verify_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from helpline.staff.accounts import find_by_email
from helpline.staff.models import Staff
from tests.helpline.conftest import settings_for
from tests.servers import TestPostgres


@pytest.fixture
def phonebook(tmp_path: Path) -> Path:
    """Where the sign-ins are written for the simulator."""
    return tmp_path / "phonebook.json"


@pytest.fixture
def settings(postgres: TestPostgres, migrated_database: str, redis_url: str, phonebook: Path) -> Settings:
    database = postgres.create_database(copy_of=migrated_database)
    return settings_for(database, redis_url, SIMULATOR_PHONEBOOK=str(phonebook))


@pytest.fixture
def commands(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def test_the_demonstration_is_loaded_once(commands: FlaskCliRunner, phonebook: Path, session: Session):
    assert commands.invoke(args=["demo", "load"]).exit_code == 0
    written = phonebook.read_bytes()
    people = session.scalars(select(Staff.email).order_by(Staff.id)).all()

    assert commands.invoke(args=["demo", "load"]).exit_code == 0

    assert phonebook.read_bytes() == written
    session.rollback()
    assert session.scalars(select(Staff.email).order_by(Staff.id)).all() == people
    assert phonebook.stat().st_mode & 0o077 == 0


def test_sign_ins_that_were_lost_are_made_anew_for_the_same_people(
    commands: FlaskCliRunner, phonebook: Path, session: Session
):
    commands.invoke(args=["demo", "load"])
    people = len(session.scalars(select(Staff.id)).all())
    phonebook.unlink()

    assert commands.invoke(args=["demo", "load"]).exit_code == 0

    session.rollback()
    session.expire_all()
    assert len(session.scalars(select(Staff.id)).all()) == people
    for person in json.loads(phonebook.read_bytes())["staff"]:
        assert verify_password(person["password"], find_by_email(session, person["email"]).password)


def test_the_demonstration_stays_out_of_a_real_helplines_database(
    commands: FlaskCliRunner, phonebook: Path, session: Session
):
    commands.invoke(args=["staff", "create", "--email", "someone@ngo.example.org", "--role", "administrator"])

    refused = commands.invoke(args=["demo", "load"])

    assert refused.exit_code == 1
    assert not phonebook.exists()
    assert session.scalars(select(Staff.email)).all() == ["someone@ngo.example.org"]
