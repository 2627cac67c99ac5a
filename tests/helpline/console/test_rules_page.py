"""The rules page: what a trial has shown, two people who put it in force, the way back, and what was missed."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.jobs.shadow import Comparing
from helpline.line import Line
from helpline.rule_book.candidates import start_trial
from helpline.rule_book.editions import read_files
from tests.helpline.console.visitor import Account, Visitor
from tests.helpline.phone_company import PhoneCompany
from tests.helpline.rule_book.conftest import GRAVE_SCHOOL, HARMLESS_WEAPON, HOMEWORK, with_floor

KNIFE = "my dad has a knife"


@pytest.fixture
def tried(session: Session, line: Line, phone_company: PhoneCompany) -> int:
    """A trial that would lower one child and raise another. Returns the candidate's id."""
    files = with_floor(with_floor(read_files(line.rule_book.folder), *GRAVE_SCHOOL, "high"), *HARMLESS_WEAPON, "high")
    candidate = start_trial(session, line.rule_book, files, "knives and school", "operator").id
    session.commit()
    phone_company.text(HOMEWORK, number="+97455500031")
    phone_company.text(KNIFE, number="+97455500032")
    Comparing(line).do_round(session)
    return candidate


@pytest.fixture
def leading(app: Flask, lead: Account) -> Visitor:
    visitor = Visitor(app).sign_in(lead)
    visitor.open("/rules")
    return visitor


@pytest.mark.usefixtures("tried")
def test_lowerings_come_first_with_both_sets_of_reasons_and_a_way_to_the_contact(leading: Visitor, session: Session):
    lower, higher = leading.find("#changes").xpath(".//tbody/tr")
    assert (lower.get("class"), higher.get("class")) == ("lower", "higher")
    assert "Critical" in lower.text_content() and "High" in lower.text_content()
    assert len(lower.xpath('.//ul[@class="reasons"]')) == 2
    counts = [" ".join(part.text for part in one) for one in leading.find("#counts").xpath("./div")]
    assert counts == ["Contacts compared 2", "Would be lower 1", "Would be higher 1"]
    assert KNIFE not in leading.page.text and HOMEWORK not in leading.page.text

    path = lower.xpath(".//a")[0].get("href")
    knife = session.scalars(select(Contact).where(Contact.level == "critical")).one()
    assert path == f"/contacts/{knife.id}"
    assert leading.open(path).status_code == 200


@pytest.mark.usefixtures("tried")
def test_the_changed_lines_are_there_to_read(leading: Visitor):
    told = leading.open("/rules/trial").text
    assert "text_violence.toml" in told and "text_ordinary.toml" in told and "age.toml" not in told


def test_one_asks_another_approves_and_anyone_of_them_goes_back(
    tried: int, leading: Visitor, hire, app: Flask, line: Line, session: Session
):
    seen = str(tried)
    leading.act("/rules/ask", seen=seen, change="Milder on knives.")
    assert "You asked" in leading.find("#trial").text_content()
    leading.act("/rules/approve", seen=seen)
    assert "never the one who asked" in leading.said

    other = Visitor(app).sign_in(hire("administrator"))
    other.open("/rules")
    assert "Milder on knives." in other.find("#trial").text_content()
    other.act("/rules/approve", seen=seen)
    assert "in force within seconds" in other.said
    assert other.find("#rules-1").get("class") == "in-force"
    other.act("/rules/approve", seen=seen)
    assert "things have moved on" in other.said

    other.act("/rules/go-back", to="0", reason="We lost a child's place.")
    assert other.find("#rules-0").get("class") == "in-force"
    assert line.rules is line.rule_book.shipped


def test_the_second_person_may_end_the_trial_instead(tried: int, leading: Visitor):
    leading.act("/rules/stop", seen=str(tried), reason="It loses a critical child.")
    assert "No rules are on trial" in leading.find("#trial").text_content()


@pytest.mark.parametrize("role", ["counsellor", "auditor"])
def test_others_do_not_see_it(role: str, app: Flask, hire):
    visitor = Visitor(app).sign_in(hire(role))
    assert visitor.open("/rules").status_code == 403
    assert visitor.open("/rules/trial").status_code == 403


def test_misses_of_the_week_are_on_the_page(app: Flask, lead: Account, phone_company: PhoneCompany, session: Session):
    phone_company.text(HOMEWORK)
    session.scalars(select(Contact)).one().closing_level = "high"
    session.commit()
    page = Visitor(app).sign_in(lead)
    page.open("/rules")
    [row] = page.find("#misses").xpath(".//tbody/tr")
    assert "High" in row.text_content() and "Routine" in row.text_content()


@pytest.mark.usefixtures("tried")
def test_the_page_is_there_in_arabic(leading: Visitor):
    leading.act("/language", language="ar", back="/rules")
    assert "قواعد قيد التجربة" in leading.page.text
    assert "Rules on trial" not in leading.page.text
