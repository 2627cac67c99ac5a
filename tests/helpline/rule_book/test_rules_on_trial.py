"""Changed rules run beside the live ones: they say what they would have said, and change nothing."""

import json
import threading
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client import REGISTRY
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact, ContactEvent
from helpline.jobs.shadow import keep_comparing
from helpline.reviewing.models import ShadowOpinion
from helpline.rule_book.candidates import (
    NothingNew,
    NothingOnTrial,
    RulesHaveFaults,
    find_candidate,
    start_trial,
    stop_trial,
)
from tests.helpline.phone_company import PhoneCompany
from tests.helpline.rule_book.conftest import AUTHOR, HARMLESS_WEAPON, HOMEWORK, with_floor
from tests.journeys.people import eventually

KNIFE = "my dad has a knife"


def opinions(session: Session) -> list[ShadowOpinion]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(ShadowOpinion).order_by(ShadowOpinion.id)))


def report(app: Flask) -> dict:
    told = app.test_cli_runner().invoke(args=["triage", "shadow", "report", "--json"])
    assert told.exit_code == 0, told.output
    return json.loads(told.output)


def test_a_text_gets_both_opinions_and_the_contact_stays_as_it_was(
    try_out, compare_now, graver_school, phone_company: PhoneCompany, session: Session
):
    try_out(graver_school)
    phone_company.text(HOMEWORK)
    events = len(session.scalars(select(ContactEvent)).all())
    assert compare_now() == 1 and compare_now() == 0

    [opinion] = opinions(session)
    assert (opinion.live_level, opinion.shadow_level, opinion.fault) == ("routine", "high", None)
    assert "homework" not in json.dumps([opinion.live_reasons, opinion.shadow_reasons, opinion.told])
    contact = session.scalars(select(Contact)).one()
    assert contact.level == "routine"
    assert len(session.scalars(select(ContactEvent)).all()) == events


def test_a_call_is_judged_by_its_keys_and_circumstances(
    try_out, compare_now, shipped, phone_company: PhoneCompany, session: Session
):
    try_out(with_floor(shipped, "context.toml", "call_arrived", "high"))
    phone_company.call().press("5")
    phone_company.call().press("9")
    compare_now()
    told = [(opinion.live_level, opinion.shadow_level) for opinion in opinions(session)]
    assert ("critical", "critical") in told


def test_a_text_in_which_the_live_rules_found_nothing_new_is_read_too(
    try_out, compare_now, graver_school, phone_company: PhoneCompany, session: Session
):
    try_out(graver_school)
    phone_company.text("xqzt vrmk plon drii")
    phone_company.text("xqzt vrmk plon drii")
    compare_now()
    phone_company.text("xqzt vrmk plon drii")
    assert compare_now() == 1


def test_three_texts_are_joined_for_the_trial_as_for_the_line(
    try_out, compare_now, shipped, phone_company: PhoneCompany, session: Session
):
    try_out(with_floor(shipped, "text_suicide.toml", "suicide.intent", "critical"))
    for words in ("i want", "to", "die"):
        phone_company.text(words)
        compare_now()
    assert [(one.live_level, one.shadow_level) for one in opinions(session)][-1] == ("high", "critical")


def test_what_happened_before_the_trial_is_not_judged(try_out, compare_now, graver_school, phone_company: PhoneCompany):
    phone_company.text(HOMEWORK)
    try_out(graver_school)
    assert compare_now() == 0


def test_the_report_lists_lowerings_first_with_both_sets_of_reasons(
    try_out, compare_now, graver_school, phone_company: PhoneCompany, session: Session, app: Flask
):
    files = with_floor(graver_school, *HARMLESS_WEAPON, "elevated")
    try_out(files)
    phone_company.text(HOMEWORK, number="+97455500031")
    phone_company.text(KNIFE, number="+97455500032")
    phone_company.text("hello", number="+97455500033")
    compare_now()

    told = report(app)
    assert (told["compared"], told["lowered"], told["raised"], told["faulty"]) == (3, 1, 1, 0)
    lowered, raised = told["changes"]
    assert (lowered["live_level"], lowered["shadow_level"]) == ("critical", "elevated")
    assert (raised["live_level"], raised["shadow_level"]) == ("routine", "high")
    assert lowered["live_reasons"][0]["rule"] == lowered["shadow_reasons"][0]["rule"]
    in_words = app.test_cli_runner().invoke(args=["triage", "shadow", "report"]).output
    assert in_words.index("LOWER") < in_words.index("higher")
    assert "knife" not in in_words and "knife" not in json.dumps(told["changes"])


def test_a_lowering_that_was_over_later_is_reported_all_the_same(
    try_out, compare_now, shipped, phone_company: PhoneCompany, app: Flask
):
    try_out(with_floor(shipped, *HARMLESS_WEAPON, "elevated"))
    phone_company.text(KNIFE)
    compare_now()
    phone_company.text("i swallowed all the pills")
    compare_now()
    assert report(app)["lowered"] == 1


def test_rules_with_a_fault_are_not_tried(session: Session, line, shipped):
    with pytest.raises(RulesHaveFaults, match="age.toml"):
        start_trial(session, line.rule_book, shipped | {"age.toml": "[["}, "x", AUTHOR)
    no_danger = {name: words for name, words in shipped.items() if name != "menus.toml"}
    with pytest.raises(RulesHaveFaults, match="danger_key"):
        start_trial(session, line.rule_book, no_danger, "x", AUTHOR)
    with pytest.raises(RulesHaveFaults, match="not a place"):
        start_trial(session, line.rule_book, shipped | {"../../evil.toml": ""}, "x", AUTHOR)
    with pytest.raises(NothingNew):
        start_trial(session, line.rule_book, shipped, "x", AUTHOR)


def test_a_candidate_that_fails_on_a_contact_costs_nobody_anything(
    try_out, compare_now, graver_school, phone_company: PhoneCompany, session: Session, app: Flask
):
    try_out(graver_school)
    phone_company.text(HOMEWORK)
    session.execute(text("UPDATE messages SET body_sealed = 'not to be opened'"))
    session.commit()
    assert compare_now() == 1

    [opinion] = opinions(session)
    assert opinion.shadow_level is None and opinion.fault
    assert report(app)["faulty"] == 1


def test_a_round_that_fails_is_counted_and_the_clock_goes_on(
    try_out, graver_school, phone_company: PhoneCompany, session: Session, app: Flask
):
    try_out(graver_school)
    session.execute(text("ALTER TABLE shadow_opinions RENAME TO away"))
    session.commit()
    before = REGISTRY.get_sample_value("helpline_shadow_rounds_failed_total")
    stop = threading.Event()
    thread = threading.Thread(target=keep_comparing, args=(app, stop))
    thread.start()
    try:
        eventually(lambda: REGISTRY.get_sample_value("helpline_shadow_rounds_failed_total") > before, within_s=5)
        phone_company.text(HOMEWORK)
        session.execute(text("ALTER TABLE away RENAME TO shadow_opinions"))
        session.commit()
        eventually(lambda: len(opinions(session)) == 1, within_s=5)
    finally:
        stop.set()
        thread.join()


def test_a_trial_is_started_seen_and_stopped_on_the_command_line(
    graver_school, session: Session, app: Flask, tmp_path: Path
):
    for name, words in graver_school.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(words, "utf-8")
    commands = app.test_cli_runner()
    begun = commands.invoke(args=["triage", "shadow", "start", str(tmp_path), "--reason", "school", "--json"])
    told = json.loads(begun.output)
    assert (told["reason"], told["made_by"]) == ("school", "operator") and "@" in told["version"]
    assert report(app)["version"] == told["version"]
    again = commands.invoke(args=["triage", "shadow", "start", str(tmp_path), "--reason", "school"])
    assert again.exit_code == 1 and "already" in again.output

    assert commands.invoke(args=["triage", "shadow", "stop", "--reason", "enough"]).exit_code == 0
    assert commands.invoke(args=["triage", "shadow", "report"]).exit_code == 1
    session.rollback()
    with pytest.raises(NothingOnTrial):
        stop_trial(session, "x", actor=AUTHOR)


def test_a_candidate_is_never_changed(try_out, graver_school, session: Session):
    try_out(graver_school)
    assert find_candidate(session).files == graver_school
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE rule_candidates SET files = '{}'"))
    session.rollback()
