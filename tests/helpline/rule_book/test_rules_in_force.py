"""Which rules are in force: those that two people promoted, in every process; and always sound ones."""

import json
import time

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app import create_app
from helpline.audit.models import AuditRow
from helpline.contacts.models import Contact
from helpline.line import Line
from helpline.rule_book.candidates import NothingOnTrial, stop_trial
from helpline.rule_book.models import RulePublication
from helpline.rule_book.promoting import (
    AskedAlready,
    NobodyAsked,
    NoWayBack,
    SameHand,
    approve,
    ask_to_promote,
    roll_back,
)
from helpline.store.db import db
from helpline.store.lookout import LOOK_EVERY_S
from helpline.store.types import utc_now
from tests.helpline.conftest import PUBLIC, settings_for
from tests.helpline.phone_company import PhoneCompany
from tests.helpline.rule_book.conftest import APPROVER, AUTHOR, HARMLESS_WEAPON, HOMEWORK, with_floor
from tests.journeys.people import eventually

NUMBERS = [f"+9745550004{n}" for n in range(10)]


def newest_contact(session: Session) -> Contact:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Contact).order_by(Contact.opened_at.desc()).limit(1)).one()


def insert_publication(session: Session, files: dict | None, **others: object) -> None:
    """A row as an older program, or a hand at the database, may have left it."""
    people = {"asked_by": AUTHOR, "approved_by": APPROVER}
    about = {"version": "x", "change": "x", "shipped_version": "x", "published_at": utc_now()}
    session.add(RulePublication(files=files, **(about | people | others)))
    session.commit()


def test_promoted_rules_order_the_next_child_and_stand_in_their_assessment(
    promote, graver_school, line: Line, session: Session, phone_company: PhoneCompany
):
    phone_company.text(HOMEWORK, number=NUMBERS[0])
    assert newest_contact(session).level == "routine"
    row = promote(graver_school)
    line.rule_book.take_up(session)

    phone_company.text(HOMEWORK, number=NUMBERS[1])
    contact = newest_contact(session)
    assert (contact.level, contact.rules_version) == ("high", row.version)
    told = session.execute(
        select(AuditRow.actor, AuditRow.action).where(AuditRow.action.startswith("rules")).order_by(AuditRow.id)
    )
    assert [tuple(act) for act in told] == [
        (AUTHOR, "rules.trial_started"),
        (AUTHOR, "rules.promotion_asked"),
        (APPROVER, "rules.promoted"),
    ]


def test_nobody_promotes_alone(try_out, graver_school, line: Line, session: Session):
    candidate = try_out(graver_school)
    with pytest.raises(NobodyAsked):
        approve(session, line.rule_book, seen=candidate, actor=APPROVER)
    ask_to_promote(session, line.rule_book, "x", seen=candidate, actor=AUTHOR)
    with pytest.raises(AskedAlready):
        ask_to_promote(session, line.rule_book, "x", seen=candidate, actor=APPROVER)
    with pytest.raises(SameHand):
        approve(session, line.rule_book, seen=candidate, actor=AUTHOR)
    with pytest.raises(NothingOnTrial):
        approve(session, line.rule_book, seen=candidate + 1, actor=APPROVER)
    stop_trial(session, "no", seen=candidate, actor=APPROVER)
    with pytest.raises(NothingOnTrial):
        approve(session, line.rule_book, seen=candidate, actor=APPROVER)
    assert session.scalars(select(RulePublication)).all() == []


@pytest.mark.parametrize("approved_by", [AUTHOR, None])
def test_the_database_itself_refuses_rules_of_one_person(approved_by: str | None, session: Session):
    with pytest.raises(IntegrityError, match="two_people"):
        insert_publication(session, {}, approved_by=approved_by)
    session.rollback()


def test_a_contact_under_way_keeps_its_level_when_the_rules_get_milder(
    promote, shipped, line: Line, session: Session, phone_company: PhoneCompany
):
    phone_company.text("my dad has a knife", number=NUMBERS[0])
    promote(with_floor(shipped, *HARMLESS_WEAPON, "elevated"))
    line.rule_book.take_up(session)
    phone_company.text("he is in the kitchen", number=NUMBERS[0])
    assert newest_contact(session).level == "critical"


def test_another_process_takes_promoted_rules_up_by_itself_within_seconds(
    promote, graver_school, session: Session, second_process: Flask
):
    elsewhere = PhoneCompany(second_process, PUBLIC)
    elsewhere.text(HOMEWORK, number=NUMBERS[0])
    assert newest_contact(session).level == "routine"
    version = promote(graver_school).version
    rules_there = second_process.extensions["helpline"]
    eventually(lambda: rules_there.rules.version == version, within_s=LOOK_EVERY_S + 2, every_s=0.1)
    elsewhere.text(HOMEWORK, number=NUMBERS[1])
    assert newest_contact(session).level == "high"


def test_a_database_that_is_away_leaves_the_rules_in_force_and_holds_nobody_up(
    promote, graver_school, line: Line, session: Session, redis_url: str
):
    version = promote(graver_school).version
    line.rule_book.take_up(session)
    away = create_app(settings_for("postgresql://nobody@127.0.0.1:1/none", redis_url))
    with away.app_context():
        assert not line.rule_book.look(db.engine)
    assert line.rules.version == version

    began = time.monotonic()
    PhoneCompany(away, PUBLIC).call()
    assert time.monotonic() - began < 4


BROKEN = {
    "not TOML": {"age.toml": "[["},
    "nothing at all": {},
    "not even text": {"age.toml": 7},
    "a way out of the folder": {"../x.toml": ""},
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_promoted_rules_leave_the_last_good_ones_in_force_and_say_so(
    kind: str, promote, graver_school, app: Flask, line: Line, session: Session
):
    version = promote(graver_school).version
    insert_publication(session, BROKEN[kind])
    line.rule_book.take_up(session)

    assert line.rules.version == version
    assert line.rule_book.edition.faults
    ready = app.test_client().get("/readyz").json
    assert (ready["checks"]["rules"], ready["status"] != "not ready") == ("older", True)
    assert "rules in force: rules 2:" in app.test_cli_runner().invoke(args=["doctor"]).output


def test_when_every_publication_is_broken_the_shipped_files_are_in_force(line: Line, session: Session):
    for _ in range(7):
        insert_publication(session, {"age.toml": "[["})
    line.rule_book.take_up(session)
    assert line.rules is line.rule_book.shipped


def versions(app: Flask) -> list[tuple[int, bool]]:
    told = json.loads(app.test_cli_runner().invoke(args=["triage", "versions", "--json"]).output)
    return [(one["number"], one["in_force"]) for one in told]


def test_going_back_is_one_command_and_leads_step_by_step_to_the_shipped_files(
    promote, shipped, graver_school, app: Flask, line: Line, session: Session, phone_company: PhoneCompany
):
    promote(with_floor(shipped, *HARMLESS_WEAPON, "elevated"))
    promote(graver_school)
    assert versions(app) == [(2, True), (1, False), (0, False)]
    back = ["triage", "rollback", "--reason", "too many false alarms", "--json"]
    done = json.loads(app.test_cli_runner().invoke(args=back).output)
    assert (done["restores"], done["asked_by"]) == (1, "operator")
    assert versions(app) == [(3, False), (2, False), (1, True), (0, False)]
    assert app.test_cli_runner().invoke(args=back).exit_code == 0
    assert versions(app)[-1] == (0, True)
    assert app.test_cli_runner().invoke(args=back).exit_code == 1

    forth = app.test_cli_runner().invoke(args=[*back, "--to", "2"])
    assert json.loads(forth.output)["restores"] == 2
    session.rollback()
    line.rule_book.take_up(session)
    phone_company.text(HOMEWORK, number=NUMBERS[0])
    assert newest_contact(session).level == "high"


def test_there_is_no_way_back_to_what_never_was(promote, graver_school, line: Line, session: Session):
    with pytest.raises(NoWayBack):
        roll_back(session, line.rule_book, "x", actor=AUTHOR)
    present = promote(graver_school).id
    for number in (present, present + 1, -1):
        with pytest.raises(NoWayBack):
            roll_back(session, line.rule_book, "x", to=number, actor=AUTHOR)


def test_what_was_put_in_force_is_never_changed(promote, graver_school, session: Session):
    promote(graver_school)
    for statement in ("UPDATE rule_publications SET files = NULL", "DELETE FROM rule_proposals"):
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
        session.rollback()
