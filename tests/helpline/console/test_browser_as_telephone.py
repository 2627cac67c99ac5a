"""Choosing the browser as one's telephone: when it may be chosen, what it is given, and who can be rung in it."""

from pathlib import Path

import jwt
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from helpline.audit.models import AuditRow
from helpline.line import Line
from helpline.staff.accounts import device_address
from helpline.staff.models import Staff
from tests.helpline.conftest import settings_for
from tests.helpline.console.visitor import Account, Visitor
from tests.helpline.test_softphone import KEYS
from tests.servers import TestPostgres

PROGRAM = "// the telephone company's program"


@pytest.fixture
def settings(postgres: TestPostgres, migrated_database: str, redis_url: str) -> Settings:
    """With the keys for the browser."""
    return settings_for(postgres.create_database(copy_of=migrated_database), redis_url, **KEYS)


@pytest.fixture
def program(app: Flask, tmp_path: Path) -> Path:
    """The telephone company's program, where `make softphone` puts it."""
    app.extensions["softphone_sdk"] = tmp_path / "twilio.min.js"
    app.extensions["softphone_sdk"].write_text(PROGRAM, encoding="utf-8")
    return app.extensions["softphone_sdk"]


@pytest.fixture
def desk(visitor: Visitor, counsellor: Account, program: Path) -> Visitor:
    """A counsellor who has chosen her browser."""
    visitor.sign_in(counsellor)
    visitor.act("/console/softphone/device", device="browser")
    return visitor


def the_counsellor(session: Session, counsellor: Account) -> Staff:
    session.rollback()
    session.expire_all()
    return session.get_one(Staff, counsellor.id)


def test_she_chooses_her_browser_and_is_rung_there(desk: Visitor, counsellor: Account, session: Session, line: Line):
    person = the_counsellor(session, counsellor)

    assert device_address(line.keys, person) == f"client:staff_{counsellor.id}"
    assert "in this browser" in desk.said and desk.find("#softphone").get("data-state") == "asking"
    [act] = session.scalars(select(AuditRow).where(AuditRow.action == "staff.device_chosen")).all()
    assert (act.subject, act.detail) == (f"staff:{counsellor.id}", {"device": "browser"})


def test_she_chooses_the_telephone_again(desk: Visitor, counsellor: Account, session: Session, line: Line):
    desk.act("/console/softphone/device", device="phone")

    assert device_address(line.keys, the_counsellor(session, counsellor)) == "+97455000101"
    assert desk.find_all("#softphone") == []


def test_whoever_changes_to_the_browser_is_away_until_it_is_ready(visitor: Visitor, counsellor: Account, program: Path):
    visitor.sign_in(counsellor)
    visitor.act("/console/activity", activity="available")
    visitor.act("/console/softphone/device", device="browser")

    assert visitor.find("#stage").get("data-mode") == "away"


def test_presence_means_registered(desk: Visitor):
    desk.act("/console/activity", activity="available")
    assert "can not be rung yet" in desk.said
    assert desk.find("#stage").get("data-mode") == "away"

    desk.act("/console/activity", activity="available", softphone="registered")
    assert desk.find("#stage").get("data-mode") == "ready"


def test_a_browser_that_is_lost_takes_her_away_and_says_why(desk: Visitor, session: Session):
    desk.act("/console/activity", activity="available", softphone="registered")
    desk.act("/console/activity", activity="unavailable", because="softphone_lost")

    assert "could not reach this browser" in desk.said
    assert desk.find("#stage").get("data-mode") == "away"
    latest = select(AuditRow).where(AuditRow.action == "activity.unavailable").order_by(AuditRow.id.desc())
    assert session.scalars(latest).first().detail == {"reason": "softphone lost"}


def test_her_browser_gets_a_token_of_its_own_that_is_kept_nowhere(desk: Visitor, counsellor: Account):
    answer = desk.open("/console/softphone/token")
    claims = jwt.decode(answer.json["token"], KEYS["TWILIO_API_KEY_SECRET"], algorithms=["HS256"])

    assert answer.json["identity"] == claims["grants"]["identity"] == f"staff_{counsellor.id}"
    assert answer.headers["Cache-Control"] == "no-store"


def test_whoever_is_rung_on_the_telephone_gets_no_token(visitor: Visitor, counsellor: Account, program: Path):
    visitor.sign_in(counsellor)
    answer = visitor.open("/console/softphone/token")

    assert answer.status_code == 409 and "on your telephone" in answer.json["why"]


def test_only_the_page_that_is_a_telephone_may_talk_to_the_telephone_company(
    visitor: Visitor, counsellor: Account, program: Path
):
    visitor.sign_in(counsellor)
    assert "twilio" not in visitor.open("/console").headers["Content-Security-Policy"]

    visitor.act("/console/softphone/device", device="browser")
    policy = visitor.page.headers["Content-Security-Policy"]
    assert "connect-src 'self' https://*.twilio.com wss://*.twilio.com;" in policy
    assert "script-src 'self';" in policy and "media-src mediastream: https://sdk.twilio.com" in policy
    assert "twilio" not in visitor.open("/console/stage").headers["Content-Security-Policy"]


def test_nobody_changes_the_telephone_while_a_child_is_with_them(talking: Visitor, program: Path):
    talking.act("/console/softphone/device", device="browser")

    assert "when it is finished" in talking.said and talking.find_all("#softphone") == []


def test_the_installed_program_is_served_from_here(desk: Visitor):
    assert "/assets/softphone/twilio.min.js" in desk.page.text
    assert desk.open("/assets/softphone/twilio.min.js").text == PROGRAM


def test_without_the_program_the_page_says_so_and_the_telephone_rings_as_before(
    app: Flask, visitor: Visitor, counsellor: Account, tmp_path: Path, session: Session, line: Line
):
    app.extensions["softphone_sdk"] = tmp_path / "nothing-here.js"
    visitor.sign_in(counsellor)
    assert "program for it is not installed" in visitor.page.text and "Use this browser" not in visitor.page.text
    assert visitor.client.get("/assets/softphone/twilio.min.js").status_code == 404

    visitor.act("/console/softphone/device", device="browser")
    assert "not installed" in visitor.said
    assert device_address(line.keys, the_counsellor(session, counsellor)) == "+97455000101"


class TestWithoutKeys:
    """She had chosen her browser, and the keys are gone."""

    @pytest.fixture
    def settings(self, postgres: TestPostgres, migrated_database: str, redis_url: str) -> Settings:
        return settings_for(postgres.create_database(copy_of=migrated_database), redis_url)

    @pytest.fixture
    def desk(self, visitor: Visitor, counsellor: Account, session: Session) -> Visitor:
        session.get_one(Staff, counsellor.id).device = "browser"
        session.commit()
        return visitor.sign_in(counsellor)

    def test_there_is_no_token_and_the_answer_says_why(self, desk: Visitor):
        answer = desk.open("/console/softphone/token")

        assert answer.status_code == 409 and "Twilio keys for it are not set" in answer.json["why"]

    def test_the_page_loads_nothing_foreign_and_offers_the_telephone(self, desk: Visitor):
        assert "twilio.min.js" not in desk.page.text
        assert "twilio" not in desk.page.headers["Content-Security-Policy"]

        desk.act("/console/softphone/device", device="phone")
        desk.act("/console/activity", activity="available")
        assert desk.find("#stage").get("data-mode") == "ready"
