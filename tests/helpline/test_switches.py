"""Surge and outage: on for a while, off by themselves, on record, and heard by who calls."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow
from helpline.conditions import read_conditions
from helpline.jobs.clock import Clock
from helpline.line import Line
from helpline.outbox.models import Timer
from helpline.store.types import utc_now
from helpline.switches.models import LineSwitch
from helpline.switches.turning import SwitchRefused, list_on, turn_off, turn_on
from tests.helpline.phone_company import PhoneCompany

OUTAGE_WORDS, SURGE_WORDS = "hard for us to reach a person", "Many people are calling now"


def test_a_switch_is_on_until_its_time_and_flows_are_told(session: Session, line: Line):
    assert read_conditions(session, line, None).surge is False
    turn_on(session, line, "surge", reason="storm", actor="staff:1", for_s=600)
    session.commit()

    told = read_conditions(session, line, None)
    assert (told.surge, told.outage) == (True, False)


def test_it_reverts_by_itself_when_the_clock_comes_by(app: Flask, session: Session, line: Line):
    turn_on(session, line, "surge", reason="storm", actor="staff:1", for_s=600)
    let_time_pass(session, 601)
    Clock(app).tick()

    switch = session.scalars(select(LineSwitch)).one()
    session.refresh(switch)
    assert switch.off_by == "clock"
    assert [row.action for row in session.scalars(select(AuditRow).order_by(AuditRow.id))] == ["surge.on", "surge.off"]


def test_without_a_clock_it_is_off_all_the_same(session: Session, line: Line):
    turn_on(session, line, "outage", reason="power cut", actor="staff:1", for_s=600)
    let_time_pass(session, 601)

    assert list_on(session) == {}
    assert not read_conditions(session, line, None).outage


def test_turned_on_again_it_lasts_longer_and_says_the_new_reason(app: Flask, session: Session, line: Line):
    turn_on(session, line, "surge", reason="storm", actor="staff:1", for_s=600)
    turn_on(session, line, "surge", reason="still the storm", actor="staff:2", for_s=3600)
    session.commit()
    session.execute(update(Timer).where(Timer.cancelled_at.is_not(None)).values(due_at=utc_now()))
    session.commit()
    Clock(app).tick()

    [switch] = session.scalars(select(LineSwitch)).all()
    assert (switch.reason, switch.on_by, switch.off_at) == ("still the storm", "staff:2", None)


def test_off_is_off_at_once_and_says_by_whom(session: Session, line: Line):
    turn_on(session, line, "outage", reason="power cut", actor="staff:1")
    assert turn_off(session, "outage", "staff:2")
    session.commit()

    assert list_on(session) == {}
    assert session.scalars(select(LineSwitch)).one().off_by == "staff:2"
    assert not turn_off(session, "outage", "staff:2")


@pytest.mark.parametrize(
    ("name", "for_s", "reason"),
    [("surge", 59, "why"), ("surge", 43201, "why"), ("surge", 600, "  "), ("surge", 600, "x" * 201)],
)
def test_what_can_not_be_asked_is_refused_and_changes_nothing(
    session: Session, line: Line, name: str, for_s: int, reason: str
):
    with pytest.raises(SwitchRefused):
        turn_on(session, line, name, reason=reason, actor="staff:1", for_s=for_s)
    assert session.scalars(select(LineSwitch)).all() == []


def test_the_reason_stays_out_of_the_audit(session: Session, line: Line):
    turn_on(session, line, "surge", reason="a storm nobody foresaw", actor="staff:1")
    session.commit()

    assert "storm" not in json.dumps(session.scalars(select(AuditRow)).one().detail)


def test_in_an_outage_a_caller_hears_what_to_do_now_and_is_asked_and_queued_as_ever(
    phone_company: PhoneCompany, session: Session, line: Line
):
    turn_on(session, line, "outage", reason="power cut", actor="staff:1")
    session.commit()

    call = phone_company.call()
    words = call.press("2").text
    assert OUTAGE_WORDS in words and "press 9" in words and "call 9 9 9" in words and "Who is this call for?" in words
    assert call.press("0").find("Enqueue") is not None
    waiting = call.wait_on_hold()
    assert OUTAGE_WORDS in waiting.text and "9 9 9" in waiting.text


def test_in_a_surge_a_caller_hears_that_it_may_take_longer(phone_company: PhoneCompany, session: Session, line: Line):
    turn_on(session, line, "surge", reason="storm", actor="staff:1")
    session.commit()

    assert SURGE_WORDS in phone_company.call().press("2").text


def test_the_first_words_are_the_same_whatever_is_on(phone_company: PhoneCompany, session: Session, line: Line):
    before = phone_company.call().heard.xml
    turn_on(session, line, "outage", reason="power cut", actor="staff:1")
    session.commit()

    assert phone_company.call().heard.xml == before


def test_a_text_in_an_outage_is_answered_with_the_emergency_number(
    phone_company: PhoneCompany, session: Session, line: Line
):
    turn_on(session, line, "outage", reason="power cut", actor="staff:1")
    session.commit()

    assert "It may take long" in phone_company.text("I need to talk").text


def test_an_operator_turns_them_from_the_command_line(app: Flask, session: Session):
    commands: FlaskCliRunner = app.test_cli_runner()
    on = commands.invoke(args=["surge", "on", "--for", "1h30m", "--reason", "storm", "--json"])
    told = json.loads(on.output)
    assert (told["on"], told["now"]["reason"], told["now"]["on_by"]) == (True, "storm", "operator")
    assert "surge is on until" in commands.invoke(args=["surge", "show"]).output
    assert json.loads(commands.invoke(args=["outage", "show", "--json"]).output)["on"] is False
    assert "surge is off" in commands.invoke(args=["surge", "off"]).output
    switch = session.scalars(select(LineSwitch)).one()
    assert round((switch.until - switch.on_at).total_seconds()) == 5400


@pytest.mark.parametrize("wrong", [["--for", "soon"], ["--for", "99h"], []])
def test_a_wrong_length_or_no_reason_is_refused(app: Flask, session: Session, wrong: list[str]):
    reason = ["--reason", "storm"] if wrong else []
    assert app.test_cli_runner().invoke(args=["surge", "on", *wrong, *reason]).exit_code != 0
    assert session.scalars(select(LineSwitch)).all() == []


def let_time_pass(session: Session, seconds: float) -> None:
    """The switches were turned on so much earlier."""
    session.flush()
    ago = {"ago": timedelta(seconds=seconds)}
    session.execute(text("UPDATE line_switches SET on_at = on_at - :ago, until = until - :ago"), ago)
    session.execute(text("UPDATE timers SET due_at = due_at - :ago"), ago)
    session.commit()
    session.expire_all()
