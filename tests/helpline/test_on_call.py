"""A child in danger finds nobody free: those on call are rung until one of them has the child; the first key wins."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from helpline.contacts.models import Call, Contact
from helpline.jobs.clock import Clock
from helpline.jobs.duties import perform_owed
from helpline.line import Line
from helpline.live_queue.models import QueueEntry
from helpline.outbox.models import OwedWork, Timer
from helpline.outbox.timers import list_armed
from helpline.staff.accounts import create_staff
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from tests.helpline.conftest import settings_for
from tests.helpline.phone_company import ChildsCall, Heard, PhoneCompany
from tests.helpline.telephone_rest import Asked, Reply, TelephoneRest, run_telephone_rest
from tests.servers import TestPostgres

FIRST_PHONE, SECOND_PHONE = "+97455000901", "+97455000902"


@pytest.fixture
def rest() -> Iterator[TelephoneRest]:
    with run_telephone_rest() as rest:
        rest.reply = ring_each_with_a_sid_of_its_own
        yield rest


@pytest.fixture
def settings(postgres: TestPostgres, migrated_database: str, redis_url: str, rest: TelephoneRest) -> Settings:
    database = postgres.create_database(copy_of=migrated_database)
    return settings_for(database, redis_url, TWILIO_API_BASE_URL=rest.url)


@pytest.fixture
def on_call(session: Session, line: Line) -> list[Staff]:
    """Two people on call, neither of them on shift."""
    about = {"role": "shift_lead", "languages": ["ar", "en"], "on_call": True, "actor": "operator"}
    people = [
        create_staff(session, line.keys, email=f"{n}@helpline.example", name=f"No. {n}", device_number=phone, **about)
        for n, phone in enumerate([FIRST_PHONE, SECOND_PHONE])
    ]
    session.commit()
    return people


@pytest.fixture
def child(phone_company: PhoneCompany) -> ChildsCall:
    """In danger, waiting."""
    call = phone_company.call()
    call.press("9")
    return call


def ring_each_with_a_sid_of_its_own(_asked: Asked) -> Reply:
    return 201, {"sid": "CA" + os.urandom(16).hex(), "status": "queued"}


def let_wait(session: Session, seconds: float) -> None:
    """The child has been here for so long, and the timers are due."""
    session.rollback()
    long_ago = utc_now() - timedelta(seconds=seconds)
    session.execute(QueueEntry.__table__.update().values(arrived_at=long_ago))
    session.execute(Timer.__table__.update().where(Timer.kind == "ring_on_call").values(due_at=long_ago))
    session.commit()


def do_what_is_owed(session: Session) -> None:
    session.rollback()
    for work_id in session.scalars(select(OwedWork.id).where(OwedWork.done_at.is_(None))).all():
        perform_owed(work_id)
    session.rollback()
    session.expire_all()


def rings(rest: TelephoneRest) -> list[str]:
    return [asked.form["To"] for asked in rest.asked if asked.what == "Calls"]


def legs(session: Session) -> list[Call]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Call).where(Call.role == "on_call").order_by(Call.created_at)))


def contact_of(session: Session) -> Contact:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Contact)).one()


def press(company: PhoneCompany, leg: Call, digits: str, asked: int = 0) -> Heard:
    about = {"CallSid": leg.call_sid, "From": "+97444000919", "To": FIRST_PHONE, "CallStatus": "in-progress"}
    response = company.post(f"/voice/page-answer?leg={leg.id.hex}&asked={asked}", Digits=digits, **about)
    return Heard(response.status_code, response.text)


@pytest.fixture
def ringing(app: Flask, child: ChildsCall, on_call: list[Staff], session: Session) -> list[Call]:
    """Both phones ring for the child."""
    let_wait(session, 20)
    Clock(app).tick()
    do_what_is_owed(session)
    return legs(session)


def test_nobody_on_call_is_rung_before_the_time(
    app: Flask, child: ChildsCall, on_call: list[Staff], session: Session, rest: TelephoneRest
):
    let_wait(session, 5)
    Clock(app).tick()
    do_what_is_owed(session)
    assert rings(rest) == []
    assert [timer.kind for timer in list_armed(session, contact_of(session).id)].count("ring_on_call") == 1


def test_everyone_on_call_is_rung_at_once_and_each_phone_only_once(
    app: Flask, ringing: list[Call], session: Session, rest: TelephoneRest
):
    assert sorted(rings(rest)) == [FIRST_PHONE, SECOND_PHONE]

    let_wait(session, 60)
    Clock(app).tick()
    do_what_is_owed(session)

    assert len(rings(rest)) == 2  # both still ring


def test_they_are_rung_again_until_one_of_them_has_the_child(
    app: Flask, ringing: list[Call], phone_company: PhoneCompany, session: Session, rest: TelephoneRest
):
    for again in (1, 2):
        for leg in legs(session)[-2:]:
            phone_company.post(f"/voice/status?leg={leg.id.hex}", CallSid=leg.call_sid, CallStatus="no-answer")
        let_wait(session, 20 + 30 * again)
        Clock(app).tick()
        do_what_is_owed(session)
        assert len(rings(rest)) == 2 + 2 * again

    press(phone_company, legs(session)[-1], "1")
    let_wait(session, 120)
    Clock(app).tick()
    do_what_is_owed(session)
    assert len(rings(rest)) == 6


def test_the_first_who_presses_1_has_the_child_and_the_second_hears_so(
    ringing: list[Call], phone_company: PhoneCompany, session: Session, line: Line
):
    first, second = ringing

    heard = press(phone_company, second, "1")
    late = press(phone_company, first, "1")

    assert heard.find("Conference") is not None
    assert late.find("Conference") is None
    assert late.text == line.speaker.text("page.already_taken", "en")
    assert late.verbs[-1] == "Hangup"
    contact = contact_of(session)
    assert (contact.state, contact.counsellor_id) == ("connecting", second.staff_id)
    owed = session.scalars(select(OwedWork.subject).where(OwedWork.kind == "end_leg")).all()
    assert owed == [str(first.id)]


def test_the_same_key_told_twice_is_one_key(ringing: list[Call], phone_company: PhoneCompany, session: Session):
    first = ringing[0]
    assert press(phone_company, first, "1").xml == press(phone_company, first, "1").xml
    assert contact_of(session).counsellor_id == first.staff_id


def test_a_voicemail_presses_nothing_and_is_let_go(ringing: list[Call], phone_company: PhoneCompany, session: Session):
    leg = ringing[0]
    address = f"/voice/page?leg={leg.id.hex}"
    for _asked in range(3):
        answer = phone_company.post(address, CallSid=leg.call_sid, To=FIRST_PHONE, CallStatus="in-progress")
        listening = Heard(answer.status_code, answer.text)
        address = press_nothing(phone_company, leg, listening)
    answer = phone_company.post(address, CallSid=leg.call_sid, To=FIRST_PHONE, CallStatus="in-progress")
    heard = Heard(answer.status_code, answer.text)

    assert heard.verbs == ["Hangup"]
    assert contact_of(session).state == "waiting"


def press_nothing(company: PhoneCompany, leg: Call, heard: Heard) -> str:
    """Silence; returns where that leads."""
    answer = company.post(heard.find("Gather").get("action"), CallSid=leg.call_sid, To=FIRST_PHONE)
    return Heard(answer.status_code, answer.text).find("Redirect").text


def test_a_call_that_died_unheard_is_found_out_and_its_ghost_leaves_the_queue(
    app: Flask, child: ChildsCall, session: Session, rest: TelephoneRest
):
    long_ago = utc_now() - timedelta(minutes=3)
    session.execute(Call.__table__.update().values(last_heard_at=long_ago))
    session.execute(Timer.__table__.update().where(Timer.kind == "check_call").values(due_at=long_ago))
    session.commit()
    rest.reply = lambda _asked: (200, {"sid": child.call_sid, "status": "completed"})

    Clock(app).tick()
    do_what_is_owed(session)

    contact = contact_of(session)
    assert (contact.state, contact.outcome) == ("closed", "abandoned")
    assert session.scalars(select(QueueEntry).where(QueueEntry.left_at.is_(None))).all() == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_call_about_which_nothing_could_be_learned_keeps_its_place(
    app: Flask, child: ChildsCall, session: Session, rest: TelephoneRest, status: int
):
    long_ago = utc_now() - timedelta(minutes=3)
    session.execute(Call.__table__.update().values(last_heard_at=long_ago))
    session.execute(Timer.__table__.update().where(Timer.kind == "check_call").values(due_at=long_ago))
    session.commit()
    rest.fails_with(status, 20500)

    Clock(app).tick()
    do_what_is_owed(session)

    assert contact_of(session).state == "waiting"
