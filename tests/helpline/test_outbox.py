"""Work that is owed: done at least once, settled by whoever holds it, tried again with growing pauses, never lost."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from config.settings import Settings
from helpline.contacts.calls import new_leg
from helpline.contacts.models import Call, Contact
from helpline.jobs.duties import perform_owed
from helpline.line import Line
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import (
    LEASE,
    MAX_ATTEMPTS,
    lease_work,
    list_late,
    owe,
    replay_parked,
    settle_done,
    settle_failed,
)
from helpline.store.db import db
from helpline.store.types import utc_now
from tests.helpline.conftest import settings_for
from tests.helpline.phone_company import PhoneCompany
from tests.helpline.telephone_rest import Asked, Reply, TelephoneRest, run_telephone_rest
from tests.journeys.running_service import PROJECT, as_environment
from tests.servers import TestPostgres

NOW = timedelta(0)
PAUSES_S = [1, 2, 4, 8, 16]


@pytest.fixture
def rest() -> Iterator[TelephoneRest]:
    with run_telephone_rest() as rest:
        yield rest


@pytest.fixture
def settings(postgres: TestPostgres, migrated_database: str, redis_url: str, rest: TelephoneRest) -> Settings:
    database = postgres.create_database(copy_of=migrated_database)
    return settings_for(database, redis_url, TWILIO_API_BASE_URL=rest.url)


@pytest.fixture
def work_id(session: Session, phone_company: PhoneCompany) -> int:
    """Hanging up a leg of ours is owed: one request to the telephone company."""
    phone_company.call()
    leg = new_leg(session, session.scalars(select(Contact.id)).one(), "counsellor")
    leg.call_sid = "CA" + "7" * 32
    work = owe(session, "end_leg", leg.id)
    session.commit()
    return work.id


def look_at(session: Session, work_id: int) -> OwedWork:
    session.rollback()
    return session.get_one(OwedWork, work_id, populate_existing=True)


def pass_time(session: Session, work_id: int) -> None:
    """Pauses and leases of this work are over."""
    session.rollback()
    session.execute(
        text("UPDATE owed_work SET due_at = now(), leased_until = now() - interval '1 second' WHERE id = :id"),
        {"id": work_id},
    )
    session.commit()


def take_on(session: Session, work_id: int) -> OwedWork | None:
    """Lease it, as another process sees it."""
    work = lease_work(session, work_id)
    session.commit()
    if work is not None:
        session.expunge(work)
    return work


def test_work_that_somebody_holds_is_not_taken_on_by_another(session: Session, work_id: int):
    assert take_on(session, work_id) is not None
    assert take_on(session, work_id) is None
    assert list_late(session, NOW) == []


def test_work_of_one_who_died_is_found_late_and_taken_on_after_the_lease(session: Session, work_id: int):
    first = take_on(session, work_id)
    assert first.leased_until - utc_now() <= LEASE
    pass_time(session, work_id)

    assert list_late(session, NOW) == [work_id]
    again = take_on(session, work_id)
    assert (again.attempts, again.lease == first.lease) == (2, False)


def test_a_worker_that_lost_its_lease_can_settle_nothing(session: Session, work_id: int):
    lost = take_on(session, work_id)
    pass_time(session, work_id)
    held = take_on(session, work_id)

    assert settle_done(session, work_id, lost.lease) is False
    settle_failed(session, lost, "TooLate")
    session.commit()

    work = look_at(session, work_id)
    assert (work.lease, work.done_at, work.fault) == (held.lease, None, None)
    assert work.leased_until == held.leased_until
    assert settle_done(session, work_id, held.lease) is True


def test_a_worker_that_fails_after_it_lost_its_lease_does_not_take_it_from_the_other(
    app: Flask, session: Session, work_id: int, rest: TelephoneRest
):
    taken_on = []

    def fail_late(_asked: Asked) -> Reply:
        with app.app_context():
            pass_time(db.session(), work_id)
            taken_on.append(take_on(db.session(), work_id))
        return 503, {"code": 20500}

    rest.reply = fail_late
    perform_owed(work_id)

    work = look_at(session, work_id)
    assert (work.lease, work.leased_until) == (taken_on[0].lease, taken_on[0].leased_until)
    assert take_on(session, work_id) is None


def test_work_done_twice_has_one_effect(session: Session, work_id: int, rest: TelephoneRest):
    perform_owed(work_id)
    perform_owed(work_id)

    assert look_at(session, work_id).done_at is not None
    assert len(rest.asked) == 1


def test_a_duty_that_fails_is_tried_again_with_growing_pauses_and_parked_in_the_end(
    session: Session, work_id: int, rest: TelephoneRest
):
    rest.fails_with(503, 20500)
    pauses = []
    for _try in range(MAX_ATTEMPTS):
        perform_owed(work_id)
        work = look_at(session, work_id)
        pauses.append((work.due_at - utc_now()).total_seconds())
        assert take_on(session, work_id) is None  # not before the pause is over
        pass_time(session, work_id)

    assert pauses[:-1] == pytest.approx(PAUSES_S, abs=0.5)
    work = look_at(session, work_id)
    assert (work.fault, work.parked_at is None, work.attempts) == ("PhoneLineUnsure", False, MAX_ATTEMPTS)
    assert list_late(session, NOW) == []
    perform_owed(work_id)
    assert len(rest.asked) == MAX_ATTEMPTS


def test_parked_work_can_be_opened_again_from_its_first_try(session: Session, work_id: int, rest: TelephoneRest):
    assert replay_parked(session, work_id) is False
    session.execute(update(OwedWork).values(parked_at=utc_now(), attempts=MAX_ATTEMPTS))
    session.commit()

    assert replay_parked(session, work_id) is True
    session.commit()
    perform_owed(work_id)

    assert look_at(session, work_id).done_at is not None
    assert replay_parked(session, work_id) is False


def test_a_duty_nobody_knows_is_kept_with_its_fault(session: Session):
    work = owe(session, "teach_the_cat", "row 1")
    session.commit()

    perform_owed(work.id)

    assert look_at(session, work.id).fault == "KeyError"


def test_work_owed_for_later_is_not_begun_before(session: Session):
    work = owe(session, "end_room", "room", due_at=utc_now() + timedelta(minutes=1))
    session.commit()
    assert (take_on(session, work.id), list_late(session, NOW)) == (None, [])


def test_late_work_is_found_oldest_first(session: Session):
    minutes = [3, 1, 2]
    works = [owe(session, "end_room", m, due_at=utc_now() - timedelta(minutes=m)) for m in minutes]
    session.commit()
    assert list_late(session, NOW) == [works[0].id, works[2].id, works[1].id]
    assert list_late(session, timedelta(seconds=90)) == [works[0].id, works[2].id]


def test_work_whose_process_was_killed_in_the_middle_is_done_by_the_next(
    settings: Settings, session: Session, work_id: int, rest: TelephoneRest
):
    begun, forever = threading.Event(), threading.Event()

    def never_answer(_asked: Asked) -> Reply:
        begun.set()
        forever.wait(30)
        return 200, {}

    rest.reply = never_answer
    perform = (
        "from app import create_app\nfrom helpline.jobs.duties import perform_owed\n"
        f"with create_app().app_context():\n    perform_owed({work_id})\n"
    )
    process = subprocess.Popen([sys.executable, "-c", perform], cwd=PROJECT, env=as_environment(settings))
    assert begun.wait(30)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    forever.set()

    work = look_at(session, work_id)
    assert (work.done_at, work.attempts, work.leased_until > utc_now()) == (None, 1, True)
    pass_time(session, work_id)
    rest.reply = lambda _asked: (200, {"sid": "CA" + "7" * 32, "status": "completed"})
    perform_owed(work_id)
    assert look_at(session, work_id).done_at is not None
    assert session.scalars(select(Call.status).where(Call.role == "counsellor")).one() == "completed"


def test_work_that_ended_each_process_that_tried_it_is_parked_and_not_tried_once_more(
    session: Session, work_id: int, rest: TelephoneRest
):
    for _try in range(MAX_ATTEMPTS):
        assert take_on(session, work_id) is not None
        pass_time(session, work_id)

    perform_owed(work_id)

    work = look_at(session, work_id)
    assert (work.fault, work.parked_at is None) == ("NeverSettled", False)
    assert rest.asked == []


def test_work_is_not_owed_when_the_change_is_undone(session: Session, line: Line):
    owe(session, "end_room", "room")
    session.rollback()
    assert session.scalars(select(OwedWork)).all() == []
