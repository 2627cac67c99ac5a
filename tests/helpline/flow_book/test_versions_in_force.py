"""Which version a child hears: the newest sound one; the one a call began with; and never none."""

import json
import time

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import create_app
from helpline.audit.models import AuditRow
from helpline.flow_book.models import FlowVersion
from helpline.flow_book.publishing import VersionUnknown, go_back
from helpline.flow_book.versions import list_versions
from helpline.line import Line
from helpline.store.db import db
from helpline.store.lookout import LOOK_EVERY_S
from helpline.store.types import utc_now
from tests.helpline.conftest import PUBLIC, settings_for
from tests.helpline.flow_book.conftest import APPROVER, AUTHOR, NEW_HELLO, OLD_HELLO, with_new_hello
from tests.helpline.phone_company import PhoneCompany
from tests.journeys.people import eventually


def insert_version(session: Session, version: int, source: str, flow: str = "welcome") -> None:
    """A row as an older program, or a hand at the database, may have left it."""
    row = {"flow": flow, "version": version, "source": source, "change": "x", "published_by": "operator"}
    session.add(FlowVersion(published_at=utc_now(), **row))
    session.commit()


def with_callers_swapped(source: str) -> str:
    """In the first question another child is 1 and the caller is 2; the walks name choices and go on holding."""
    own, other = ('name = "{}"\ndigit = "{}"'.format(*pair) for pair in (("about_self", 1), ("about_other_child", 2)))
    assert own in source and other in source
    return source.replace(own, own.replace('"1"', '"2"')).replace(other, other.replace('"2"', '"1"'))


def test_a_call_that_begins_after_publishing_hears_the_new_words(
    publish, shipped_welcome: str, line: Line, session: Session, phone_company: PhoneCompany
):
    assert OLD_HELLO in phone_company.call().heard.text
    publish("welcome", with_new_hello(shipped_welcome))
    line.book.take_up(session)

    heard = phone_company.call().heard.text
    assert NEW_HELLO in heard
    assert OLD_HELLO not in heard


def test_a_call_in_the_middle_of_a_version_goes_on_by_that_version(
    publish, shipped_welcome: str, line: Line, session: Session, phone_company: PhoneCompany
):
    old_call = phone_company.call()
    publish("welcome", with_callers_swapped(shipped_welcome))
    line.book.take_up(session)
    new_call = phone_company.call()

    for call in (old_call, new_call):
        assert "Who is this call for?" in call.press("2").text
    assert "Someone is hurting me" in old_call.press("1").text
    assert "Someone is hurting the child" in new_call.press("1").text


def test_even_a_process_that_begins_after_publishing_keeps_the_version_of_a_call(
    publish, shipped_welcome: str, line: Line, session: Session, phone_company: PhoneCompany, second_process: Flask
):
    first = publish("welcome", with_new_hello(shipped_welcome)).version
    line.book.take_up(session)
    call = phone_company.call()
    publish("welcome", with_new_hello(shipped_welcome, words="Other words."))

    elsewhere = PhoneCompany(second_process, PUBLIC)
    assert "Other words." in elsewhere.call().heard.text
    said_again = elsewhere.go_on(call).press("5").text
    assert "Other words." not in said_again
    assert NEW_HELLO not in said_again  # a wrong key is answered in the words of its menu
    book = second_process.extensions["helpline"].book
    assert {version for name, version in book.library.flows if name == "welcome"} == {first - 1, first, first + 1}


def test_another_process_takes_a_new_version_up_by_itself_within_seconds(
    publish, shipped_welcome: str, second_process: Flask
):
    elsewhere = PhoneCompany(second_process, PUBLIC)
    assert OLD_HELLO in elsewhere.call().heard.text
    publish("welcome", with_new_hello(shipped_welcome))

    eventually(lambda: NEW_HELLO in elsewhere.call().heard.text, within_s=LOOK_EVERY_S + 2, every_s=0.2)


def test_the_first_call_of_a_new_process_hears_what_was_published(publish, shipped_welcome: str, second_process: Flask):
    publish("welcome", with_new_hello(shipped_welcome))
    assert NEW_HELLO in PhoneCompany(second_process, PUBLIC).call().heard.text


def test_a_database_that_is_away_leaves_the_flows_in_force_and_holds_nobody_up(
    publish, shipped_welcome: str, shipped_version: int, line: Line, session: Session, redis_url: str
):
    publish("welcome", with_new_hello(shipped_welcome))
    line.book.take_up(session)
    away = create_app(settings_for("postgresql://nobody@127.0.0.1:1/none", redis_url))
    with away.app_context():
        assert not line.book.look(db.engine)
    assert line.flows.current["welcome"].version == shipped_version + 1

    began = time.monotonic()
    PhoneCompany(away, PUBLIC).call()
    assert time.monotonic() - began < 3
    assert away.extensions["helpline"].flows.current["welcome"].version == shipped_version


BROKEN = {
    "not TOML": "[[",
    "no flow": 'schema = 1\nflow = "welcome"\n',
    "a way to nowhere": None,
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_published_row_leaves_the_last_good_version_in_force_and_says_so(
    kind: str, publish, shipped_welcome: str, app: Flask, line: Line, session: Session, phone_company: PhoneCompany
):
    broken = publish("welcome", with_new_hello(shipped_welcome)).version + 1
    insert_version(session, broken, BROKEN[kind] or shipped_welcome.replace('go = "silent_way"', 'go = "nowhere"', 1))
    line.book.take_up(session)

    assert NEW_HELLO in phone_company.call().heard.text
    assert {fault.file for fault in line.book.edition.faults} == {"flows/welcome.toml"}
    assert f"version {broken}" in line.book.edition.faults[-1].text
    assert app.test_client().get("/readyz").json["checks"]["flows"] == "older"
    doctor = app.test_cli_runner().invoke(args=["doctor", "--json"])
    assert "flows/welcome.toml" in doctor.output


def test_when_every_published_version_is_broken_the_shipped_file_is_in_force(
    line: Line, session: Session, phone_company: PhoneCompany, shipped_version: int
):
    for version in range(shipped_version + 1, shipped_version + 10):
        insert_version(session, version, "[[")
    line.book.take_up(session)
    assert OLD_HELLO in phone_company.call().heard.text


def test_going_back_is_one_act_and_a_new_version(
    publish,
    shipped_welcome: str,
    shipped_version: int,
    app: Flask,
    line: Line,
    session: Session,
    phone_company: PhoneCompany,
):
    first, second, third = (shipped_version + n for n in range(3))
    publish("welcome", with_new_hello(shipped_welcome))
    commands = app.test_cli_runner()
    done = commands.invoke(args=["flows", "rollback", "welcome", str(first), "--reason", "Hard to hear.", "--json"])
    assert json.loads(done.output)["version"] == third
    session.rollback()
    line.book.take_up(session)

    assert OLD_HELLO in phone_company.call().heard.text
    newest = list_versions(session, "welcome")[0]
    assert (newest.version, newest.restores) == (third, first)
    assert newest.change == f"Back to version {first}: Hard to hear."
    listed = json.loads(commands.invoke(args=["flows", "versions", "welcome", "--json"]).output)
    assert [(one["version"], one["in_force"]) for one in listed] == [(third, True), (second, False), (first, False)]
    acts = session.scalars(select(AuditRow).where(AuditRow.action == "flow.published").order_by(AuditRow.id)).all()
    told = [(act.actor, act.detail["version"]) for act in acts]
    assert told == [("program", first), (APPROVER, second), ("operator", third)]


def test_nobody_goes_back_to_a_version_that_never_was_or_is_in_force(
    publish, shipped_welcome: str, line: Line, session: Session, app: Flask
):
    present = publish("welcome", with_new_hello(shipped_welcome)).version
    for version in (present, present + 1, 0):
        with pytest.raises(VersionUnknown):
            go_back(session, line.book, "welcome", version, "why not", actor=AUTHOR)
    refused = app.test_cli_runner().invoke(args=["flows", "rollback", "nowhere", "1", "--reason", "x"])
    assert refused.exit_code == 1 and "no earlier version" in refused.output


def test_what_was_published_is_never_changed(publish, shipped_welcome: str, session: Session):
    publish("welcome", with_new_hello(shipped_welcome))
    for statement in ("UPDATE flow_versions SET source = ''", "DELETE FROM flow_drafts"):
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
        session.rollback()
