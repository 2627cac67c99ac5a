"""The command line: every command explains itself, answers programs in JSON, and tells by its exit how it went."""

import json
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_security import verify_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from helpline.audit.models import AuditRow
from helpline.commands import COMMANDS
from helpline.contacts.models import Contact
from helpline.jobs.clock import Clock
from helpline.line import Line
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.staff.accounts import device_number, find_by_email
from helpline.staff.models import Staff
from helpline.staff.tokens import find_by_token
from helpline.store.types import utc_now
from tests.helpline.conftest import settings_for
from tests.helpline.phone_company import PhoneCompany


@pytest.fixture
def commands(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def commands_alone() -> FlaskCliRunner:
    """Commands on a machine where neither database nor Redis answers. Not beside `commands`: one service at a time."""
    return create_app(settings_for("postgresql://nobody@127.0.0.1:9/none", "redis://127.0.0.1:9")).test_cli_runner()


def told(result: Result) -> dict | list:
    """What a command has told a program."""
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def every_command() -> list[list[str]]:
    paths = []
    for command in COMMANDS:
        paths.append([command.name])
        if isinstance(command, click.Group):
            paths += [[command.name, name] for name in command.commands]
    return paths


def test_every_command_explains_itself(commands_alone: FlaskCliRunner):
    overview = commands_alone.invoke(args=["--help"])
    assert overview.exit_code == 0
    for path in every_command():
        explained = commands_alone.invoke(args=[*path, "--help"])
        assert explained.exit_code == 0, path
        words = explained.output.split("\n\n")[1]
        assert len(words.strip()) > 10, path
        assert path[0] in overview.output


def test_what_needs_no_servers_works_without_any(commands_alone: FlaskCliRunner):
    for path in (["config", "check"], ["flows", "check"], ["triage", "lint"], ["hours"]):
        assert commands_alone.invoke(args=path).exit_code == 0, path
        told(commands_alone.invoke(args=[*path, "--json"]))
    walked = told(commands_alone.invoke(args=["flows", "walk", "welcome", "9", "--json"]))
    assert "danger_key" in walked["signals"]
    assert ElementTree.fromstring(commands_alone.invoke(args=["flows", "graph", "welcome"]).output).tag.endswith("svg")


def test_the_static_fallback_leads_to_the_duty_phones_with_everything_down(
    commands_alone: FlaskCliRunner, tmp_path: Path
):
    printed = commands_alone.invoke(args=["fallback", "render"]).output
    assert commands_alone.invoke(args=["fallback", "render", "--out", str(tmp_path / "f.xml")]).exit_code == 0

    document = ElementTree.fromstring(printed)
    assert ElementTree.tostring(document) == ElementTree.tostring(ElementTree.parse(tmp_path / "f.xml").getroot())
    assert [number.text for number in document.iter("Number")] == ["+97455000901", "+97455000902"]
    assert document[-1].tag == "Redirect"
    assert list(document.iter("Hangup")) == []
    assert "9 9 9" in "".join(document.itertext())


def test_hours_tell_the_rule(commands_alone: FlaskCliRunner):
    facts = told(commands_alone.invoke(args=["hours", "--at", "2026-06-01T03:00", "--json"]))
    assert facts == {
        "at": "2026-06-01T03:00:00+03:00",
        "timezone": "Asia/Qatar",
        "open": True,
        "rule": "always open",
        "until": None,
    }
    desk = told(commands_alone.invoke(args=["hours", "--partner", "community_police_north", "--json"]))
    assert desk["open"] is True
    assert commands_alone.invoke(args=["hours", "--partner", "nobody"]).exit_code == 1
    assert commands_alone.invoke(args=["hours", "--at", "yesterday"]).exit_code == 2


def test_a_command_that_needs_the_database_says_no_without_it(commands_alone: FlaskCliRunner):
    for path in (["queue", "list"], ["outbox", "list"], ["audit", "verify"]):
        assert commands_alone.invoke(args=path).exit_code != 0, path


def test_a_new_account_prints_its_password_and_token_once_and_keeps_neither(
    commands: FlaskCliRunner, session: Session, line: Line
):
    about = ["--email", "Mariam@helpline.example", "--role", "counsellor", "--device", "phone:5500 0101", "--token"]
    facts = told(commands.invoke(args=["staff", "create", *about, "--json"]))

    person = find_by_email(session, "mariam@helpline.example")
    assert (person.role, person.languages, person.name) == ("counsellor", ["ar", "en"], "Mariam")
    assert device_number(line.keys, person) == "+97455000101"
    assert verify_password(facts["password"], person.password)
    assert find_by_token(session, facts["token"]).id == person.id
    kept = " ".join(str(getattr(person, column.name)) for column in Staff.__table__.columns)
    assert facts["password"] not in kept
    assert facts["authenticator_key"] not in kept
    assert "staff.created" in session.scalars(select(AuditRow.action)).all()


def test_an_account_that_can_not_be_is_refused_and_leaves_nothing_behind(commands: FlaskCliRunner, session: Session):
    email = ["staff", "create", "--email", "one@helpline.example"]
    assert commands.invoke(args=[*email, "--role", "counsellor"]).exit_code == 0
    for wrong in (
        [*email, "--role", "counsellor"],
        ["staff", "create", "--email", "two@helpline.example", "--role", "king"],
        ["staff", "create", "--email", "two@helpline.example", "--role", "counsellor", "--device", "5500 0101"],
        ["staff", "create", "--email", "two@helpline.example", "--role", "counsellor", "--device", "phone:12"],
        ["staff", "create", "--role", "counsellor"],
    ):
        refused = commands.invoke(args=wrong)
        assert refused.exit_code != 0, wrong
        assert "Traceback" not in refused.output
    assert session.scalars(select(Staff.email)).all() == ["one@helpline.example"]


def test_the_queue_a_contact_and_owed_work_can_be_read_by_programs(
    commands: FlaskCliRunner, phone_company: PhoneCompany, session: Session
):
    assert told(commands.invoke(args=["queue", "list", "--json"]))["entries"] == []
    phone_company.call().press("9")
    work = owe(session, "end_room", "room")
    session.commit()

    [entry] = told(commands.invoke(args=["queue", "list", "--json"]))["entries"]
    assert entry["risk"]["level"] == "critical"
    facts = told(commands.invoke(args=["contacts", "show", entry["contact_id"], "--json"]))
    assert (facts["state"], facts["events"][0]["kind"]) == ("waiting", "contact.opened")
    assert [one["id"] for one in told(commands.invoke(args=["outbox", "list", "--json"]))] == [work.id]
    partners = told(commands.invoke(args=["partners", "list", "--json"]))
    assert {"police_desk", "shelter", "prosecution"} <= {partner["kind"] for partner in partners}
    session.rollback()
    assert "contact.read" in session.scalars(select(AuditRow.action)).all()
    for path in (
        ["queue", "list"],
        ["contacts", "show", entry["contact_id"]],
        ["outbox", "list"],
        ["partners", "list"],
    ):
        assert commands.invoke(args=path).exit_code == 0


def test_what_is_not_there_is_said_so(commands: FlaskCliRunner):
    nobody = "00000000-0000-0000-0000-000000000000"
    for path in (
        ["contacts", "show", nobody],
        ["contacts", "show", "not an id"],
        ["handoffs", "show", "H-NONE"],
        ["outbox", "replay", "7"],
        ["partners", "set-pin", "nobody", "--pin", "4711"],
        ["flows", "walk", "nowhere"],
    ):
        refused = commands.invoke(args=path)
        assert refused.exit_code in (1, 2), path
        assert "Error: " in refused.output, path


def test_parked_work_is_opened_again_and_that_is_on_record(commands: FlaskCliRunner, session: Session):
    work = owe(session, "end_room", "room")
    work.parked_at = utc_now()
    session.commit()

    assert commands.invoke(args=["outbox", "replay", str(work.id)]).exit_code == 0

    assert session.get_one(OwedWork, work.id, populate_existing=True).parked_at is None
    assert session.scalars(select(AuditRow.action)).all() == ["work.replayed"]


def test_the_doctor_finds_that_no_clock_runs(commands: FlaskCliRunner, app: Flask):
    no_clock = commands.invoke(args=["doctor", "--json"])
    assert no_clock.exit_code == 1
    assert [name for name, fault in json.loads(no_clock.output).items() if fault] == ["clock"]

    Clock(app).tick()
    assert all(fault is None for fault in told(commands.invoke(args=["doctor", "--json"])).values())


def test_the_doctor_finds_that_neither_database_nor_redis_answers(commands_alone: FlaskCliRunner):
    alone = commands_alone.invoke(args=["doctor", "--json"])
    assert alone.exit_code == 1
    assert [name for name, fault in json.loads(alone.output).items() if fault] == ["database", "redis", "clock"]


def test_no_command_prints_a_number_of_a_child(commands: FlaskCliRunner, phone_company: PhoneCompany, session: Session):
    phone_company.call("+97455987654").press("9")
    phone_company.text("canary", number="+97455987654")
    for contact_id in session.scalars(select(Contact.id)).all():
        assert "987654" not in commands.invoke(args=["contacts", "show", str(contact_id), "--json"]).output
    for path in (["queue", "list", "--json"], ["outbox", "list", "--json"], ["queue", "list"]):
        output = commands.invoke(args=path).output
        assert "987654" not in output
        assert "canary" not in output
