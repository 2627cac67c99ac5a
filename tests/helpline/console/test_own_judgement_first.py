"""After the talk a counsellor's own judgement comes first; it becomes the label by which the rules are measured."""

import json

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact, ContactEvent
from tests.helpline.console.visitor import Visitor
from tests.helpline.phone_company import PhoneCompany


def path_of(session: Session, act: str) -> str:
    return f"/console/contacts/{the_contact(session).id}/{act}"


def the_contact(session: Session) -> Contact:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Contact)).one()


def misses(app: Flask, *options: str) -> dict:
    found = app.test_cli_runner().invoke(args=["triage", "misses", "--json", *options])
    assert found.exit_code == 0, found.output
    return json.loads(found.output)


@pytest.fixture
def over(talking: Visitor, session: Session) -> Visitor:
    """The counsellor whose talk is over: the record is being written."""
    talking.act(path_of(session, "end"))
    return talking


def test_the_form_asks_before_it_shows_what_the_rules_made_of_it(over: Visitor, session: Session):
    contact = the_contact(session)
    reason = contact.reasons[0]["text"]["en"]
    assert "How serious was it" in over.find("#closing").text_content()
    assert over.find_all(".reasons") == [] and reason not in over.page.text
    assert [button.get("value") for button in over.find("#closing").xpath(".//button")] == [
        "critical",
        "high",
        "elevated",
        "routine",
        "benign",
    ]

    over.act(path_of(session, "closing-level"), level="high")
    assert reason in over.find(".reasons").text_content()
    assert over.find("#closing").xpath(".//button") == []
    assert the_contact(session).closing_level == "high"


def test_the_words_that_counted_are_marked_only_after_the_own_judgement(
    talking: Visitor, phone_company: PhoneCompany, session: Session
):
    phone_company.text("ابوي ماسك سكين and he says he will kill me")
    talking.open("/console")
    marked = " ".join(mark.text_content() for mark in talking.find_all(".counted"))
    assert "ماسك سكين" in marked and "kill me" in marked and "and" not in marked.split()
    assert all(mark.tag == "mark" for mark in talking.find_all(".counted"))
    assert "weapon.in_hand" in talking.find(".why").text_content()

    talking.act(path_of(session, "end"))
    assert not talking.find_all(".counted") and not talking.find_all(".why")
    assert "ماسك سكين" in talking.page.text
    talking.act(path_of(session, "closing-level"), level="critical")
    assert talking.find_all(".counted") and talking.find_all(".why")


def test_during_the_talk_level_and_reasons_are_there_and_nothing_is_asked(talking: Visitor):
    assert talking.find_all(".reasons") and not talking.find_all("#closing")


def test_the_judgement_moves_nothing_and_stands_in_no_event(over: Visitor, session: Session):
    before = the_contact(session).level
    over.act(path_of(session, "closing-level"), level="critical")

    contact = the_contact(session)
    assert (contact.level, contact.level_by_person, contact.closing_level) == (before, None, "critical")
    [event] = session.scalars(select(ContactEvent).where(ContactEvent.kind == "contact.closing_judged")).all()
    assert event.detail == {}


def test_an_invented_level_is_refused_by_form_and_database(over: Visitor, session: Session):
    over.act(path_of(session, "closing-level"), level="awful")
    assert the_contact(session).closing_level is None
    with pytest.raises(IntegrityError, match="closing_level"):
        session.execute(update(Contact).values(closing_level="awful"))
    session.rollback()


def test_two_levels_above_the_rules_is_a_miss_with_their_version_and_reasons(
    over: Visitor, session: Session, app: Flask
):
    assert misses(app) | {"since": ""} == {"since": "", "finished": 1, "judged": 0, "misses": []}
    over.act(path_of(session, "closing-level"), level="critical")
    contact = the_contact(session)
    assert contact.level_by_rules == "elevated"

    found = misses(app)
    [miss] = found["misses"]
    assert (found["finished"], found["judged"]) == (1, 1)
    assert miss["contact_id"] == str(contact.id)
    assert (miss["closing_level"], miss["rules_level"]) == ("critical", "elevated")
    assert miss["rules_version"] == contact.rules_version
    assert [reason["rule"] for reason in miss["reasons"]] == [reason["rule"] for reason in contact.reasons]
    assert "I need to talk" not in json.dumps(found)


def test_one_level_above_is_no_miss(over: Visitor, session: Session, app: Flask):
    over.act(path_of(session, "closing-level"), level="high")
    assert misses(app)["misses"] == []


def test_a_level_that_a_person_raised_in_the_talk_hides_no_miss(
    talking: Visitor, texting_child: PhoneCompany, session: Session, app: Flask
):
    talking.act(path_of(session, "level"), level="critical", reason="I hear somebody shouting")
    texting_child.text("my homework is boring")  # assessed on top of her judgement
    talking.act(path_of(session, "end"))
    talking.act(path_of(session, "closing-level"), level="critical")

    [miss] = misses(app)["misses"]
    assert miss["rules_level"] == "elevated"
    assert "person" not in [reason["rule"] for reason in miss["reasons"]]


def test_only_what_came_in_since_the_day_counts(over: Visitor, session: Session, app: Flask):
    over.act(path_of(session, "closing-level"), level="critical")
    assert misses(app, "--since", "2100-01-01")["misses"] == []
    assert len(misses(app, "--since", "2020-01-01")["misses"]) == 1
    in_words = app.test_cli_runner().invoke(args=["triage", "misses"]).output
    assert "1 of 1 finished talks" in in_words and "counsellor critical, rules elevated" in in_words
