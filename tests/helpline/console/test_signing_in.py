"""Signing in: two steps, one use of each code, one answer to every stranger, and sessions that end."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow
from helpline.console.attempts import MOST_FAILED_PAIR
from helpline.console.models import ConsoleSession, SignInAttempt
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from tests.helpline.console.visitor import ADDRESS, Account, Visitor


def without_tokens(page: str) -> str:
    return re.sub(r'value="[^"]*"', "", page)


def test_password_and_code_lead_to_the_console(visitor: Visitor, counsellor: Account, session: Session):
    visitor.sign_in(counsellor)

    assert visitor.find("#stage").get("data-mode") == "away"
    actions = session.scalars(select(AuditRow.action).where(AuditRow.subject == f"staff:{counsellor.id}")).all()
    assert "staff.signed_in" in actions


def test_the_right_password_alone_opens_nothing(visitor: Visitor, counsellor: Account):
    visitor.give_password(counsellor)

    assert visitor.open("/console").status_code == 303
    assert visitor.page.location.startswith("/sign-in")


def test_an_unknown_person_and_a_wrong_password_are_answered_alike(app: Flask, counsellor: Account):
    known, unknown = Visitor(app), Visitor(app)
    stranger = Account(0, "nobody.1@helpline.example", "x" * 16, counsellor.totp_key)

    wrong_password = known.give_password(counsellor, "not the password at all")
    no_such_person = unknown.give_password(stranger)

    assert wrong_password.status_code == no_such_person.status_code == 200
    assert "did not work" in known.said
    assert without_tokens(wrong_password.text) == without_tokens(no_such_person.text)


def test_a_wrong_code_is_refused(visitor: Visitor, counsellor: Account):
    visitor.give_password(counsellor)

    assert visitor.give_code(counsellor.code(steps=40)).status_code == 200
    assert "wrong, too old" in visitor.said
    assert visitor.open("/console").status_code == 303


@pytest.mark.parametrize("shape", ["{}", " {} ", "{}\n"])
def test_a_code_that_was_used_is_refused_however_it_is_written(
    app: Flask, visitor: Visitor, counsellor: Account, shape: str
):
    code = counsellor.code()
    visitor.give_password(counsellor)
    assert visitor.give_code(code).status_code == 302

    other = Visitor(app)
    other.give_password(counsellor)

    assert other.give_code(shape.format(code)).status_code == 200
    assert "used before" in other.said


def test_a_session_id_from_before_is_worth_nothing_after(visitor: Visitor, counsellor: Account):
    visitor.give_password(counsellor)
    planted = visitor.cookie
    visitor.give_code(counsellor.code())

    assert planted and visitor.cookie != planted
    visitor.client.set_cookie("console", planted, domain="help.example.org")
    assert visitor.open("/console").status_code == 303


def test_the_cookie_is_hidden_from_scripts_and_kept_to_our_site(visitor: Visitor, counsellor: Account):
    visitor.give_password(counsellor)
    cookie = visitor.give_code(counsellor.code()).headers["Set-Cookie"]

    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" in cookie
    assert "Expires" not in cookie


def test_the_database_keeps_no_session_id_that_could_be_used(visitor: Visitor, counsellor: Account, session: Session):
    visitor.sign_in(counsellor)

    [kept] = [row for row in session.scalars(select(ConsoleSession)) if b"_user_id" in row.data]
    assert visitor.cookie.encode() not in kept.id_hash
    assert visitor.cookie.encode() not in kept.data


def test_too_many_tries_are_refused_even_with_the_right_password(app: Flask, counsellor: Account, session: Session):
    for _ in range(MOST_FAILED_PAIR):
        Visitor(app).give_password(counsellor, "a wrong password")

    late = Visitor(app)
    assert late.give_password(counsellor).status_code == 200
    assert "Too many tries" in late.said

    session.execute(update(SignInAttempt).values(at=utc_now() - timedelta(minutes=16)))
    session.commit()
    assert late.give_password(counsellor).status_code == 302


def test_guessing_codes_is_counted_too(app: Flask, counsellor: Account):
    guesser = Visitor(app)
    guesser.give_password(counsellor)
    for steps in range(100, 100 + MOST_FAILED_PAIR):
        guesser.give_code(counsellor.code(steps))

    assert guesser.give_code(counsellor.code()).status_code == 200
    assert "Too many tries" in guesser.said


def test_losing_redis_logs_nobody_out(visitor: Visitor, counsellor: Account, redis_url: str):
    visitor.sign_in(counsellor)
    Redis.from_url(redis_url).flushall()

    assert visitor.open("/console").status_code == 200


def test_an_idle_session_ends(visitor: Visitor, counsellor: Account, session: Session):
    visitor.sign_in(counsellor)
    session.execute(update(ConsoleSession).values(expires_at=utc_now()))
    session.commit()

    assert visitor.open("/console").status_code == 303


def test_a_session_in_constant_use_ends_after_half_a_day(visitor: Visitor, counsellor: Account, session: Session):
    visitor.sign_in(counsellor)
    session.execute(update(ConsoleSession).values(started_at=utc_now() - timedelta(hours=12)))
    session.commit()

    assert visitor.open("/console").status_code == 303


def test_whoever_no_longer_works_here_is_out_at_once(visitor: Visitor, counsellor: Account, session: Session):
    visitor.sign_in(counsellor)
    session.get_one(Staff, counsellor.id).active = False
    session.commit()

    assert visitor.open("/console").status_code == 303


def test_someone_without_an_authenticator_sets_one_up_before_anything_else(
    visitor: Visitor, counsellor: Account, session: Session, app: Flask
):
    person = session.get_one(Staff, counsellor.id)
    person.tf_totp_secret, person.tf_primary_method = None, None
    session.commit()

    visitor.open("/sign-in")
    answer = visitor.post("/sign-in", email=counsellor.email, password=counsellor.password)
    assert answer.location == "/sign-in/authenticator"
    visitor.open("/sign-in/authenticator")
    visitor.page = visitor.post("/sign-in/authenticator", setup="authenticator")
    key = "".join(visitor.find(".number").text.split()).replace("-", "")
    enrolled = Account(counsellor.id, counsellor.email, counsellor.password, key)
    assert visitor.give_code(enrolled.code()).status_code == 302

    assert visitor.open("/console").status_code == 200


def test_nobody_who_is_signed_in_can_change_their_authenticator(visitor: Visitor, counsellor: Account):
    visitor.sign_in(counsellor)

    assert visitor.post("/sign-in/authenticator", setup="authenticator").status_code == 303
    assert visitor.open("/sign-in/authenticator").status_code == 303


@pytest.mark.parametrize("path", ["/logout", "/verify", "/tf-rescue", "/tf-select", "/fs-static/x.js"])
def test_the_other_pages_of_the_library_are_closed(visitor: Visitor, counsellor: Account, path: str):
    visitor.sign_in(counsellor)

    posted = visitor.post(path).status_code
    assert visitor.open(path).status_code in (404, 405)
    assert posted in (404, 405)


def test_programs_do_not_sign_in_here(app: Flask, counsellor: Account):
    body = {"email": counsellor.email, "password": counsellor.password}
    assert app.test_client().post("/sign-in", base_url=ADDRESS, json=body).status_code in (403, 404)


def test_signing_out_ends_the_session_and_the_shift(visitor: Visitor, counsellor: Account, session: Session):
    visitor.sign_in(counsellor)
    visitor.act("/console/activity", activity="available")
    cookie = visitor.cookie
    answer = visitor.post("/sign-out")

    assert answer.location == "/sign-in"
    session.expire_all()
    assert session.get_one(Staff, counsellor.id).activity == "offline"
    visitor.client.set_cookie("console", cookie, domain="help.example.org")
    assert visitor.open("/console").status_code == 303


def test_whoever_still_has_a_child_is_asked_before_signing_out(talking: Visitor, counsellor: Account, session: Session):
    talking.act("/sign-out")
    talking.open(talking.page.location)
    assert "You still have a contact" in talking.said

    assert talking.post("/sign-out", sure="yes").location == "/sign-in"


def test_the_language_chosen_at_the_door_stays_with_the_account(
    visitor: Visitor, counsellor: Account, session: Session
):
    visitor.open("/sign-in")
    visitor.act("/language", language="ar", back="/sign-in")
    assert 'dir="rtl"' in visitor.page.text
    visitor.sign_in(counsellor)

    assert 'lang="ar"' in visitor.page.text
    session.expire_all()
    assert session.get_one(Staff, counsellor.id).interface_language == "ar"
