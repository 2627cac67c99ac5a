"""Timers ring once, in time and in order; however many clocks tick, nobody is offered twice, and one stays free."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.contacts.calls import new_leg
from helpline.contacts.models import Contact, ContactEvent
from helpline.jobs.clock import Clock
from helpline.line import Line
from helpline.live_queue.dispatch import offer_all
from helpline.live_queue.models import QueueEntry, Reservation
from helpline.outbox.models import Heartbeat, OwedWork, Timer
from helpline.outbox.owed import owe
from helpline.outbox.timers import cancel_timers, list_armed, put_off, set_timer, take_due
from helpline.staff.accounts import create_staff
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.store.db import db
from helpline.store.types import new_id, utc_now
from tests.helpline.phone_company import ChildsCall, PhoneCompany

# A timer of this kind has an effect that can be counted: one event for each time it rings.
PAGE, NOBODY = "ring_on_call", "no such alarm"


@pytest.fixture
def waiting(phone_company: PhoneCompany, session: Session) -> Contact:
    """A child in danger, waiting, who is due to be told to those on call."""
    call = phone_company.call()
    call.press("9")
    session.execute(QueueEntry.__table__.update().values(arrived_at=utc_now() - timedelta(minutes=1)))
    session.commit()
    return session.scalars(select(Contact)).one()


def ago(seconds: float) -> object:
    return utc_now() - timedelta(seconds=seconds)


def rung(session: Session) -> int:
    """How often those on call were told."""
    session.rollback()
    return session.scalar(select(func.count()).where(ContactEvent.kind == "on_call.rung"))


def hire(session: Session, line: Line, number: int) -> Staff:
    about = {"name": f"No. {number}", "role": "counsellor", "languages": ["ar", "en"], "actor": "operator"}
    number_of_phone = f"+9745500{number:04}"
    person = create_staff(
        session, line.keys, email=f"{number}@helpline.example", device_number=number_of_phone, **about
    )
    set_activity(session, person, "available", "operator")
    session.commit()
    return person


def wait_in_line(company: PhoneCompany, number: int, key: str) -> ChildsCall:
    call = company.call(f"+97455{number:06}")
    call.press(key)
    return call


def offered(session: Session) -> list[Reservation]:
    session.rollback()
    return list(session.scalars(select(Reservation).where(Reservation.state == "pending")))


def test_a_timer_rings_once_though_two_clocks_tick(app: Flask, session: Session, waiting: Contact):
    set_timer(session, PAGE, waiting.id, ago(1))
    session.commit()

    def tick(_clock: int) -> None:
        with app.app_context():
            Clock(app).tick()

    with ThreadPoolExecutor(2) as clocks:
        list(clocks.map(tick, range(2)))

    assert rung(session) == 1


def test_a_timer_that_was_cancelled_or_is_not_due_does_not_ring(app: Flask, session: Session, waiting: Contact):
    set_timer(session, PAGE, waiting.id, ago(1))
    cancel_timers(session, waiting.id)
    set_timer(session, PAGE, waiting.id, utc_now() + timedelta(minutes=1))
    session.commit()

    Clock(app).tick()

    assert rung(session) == 0
    assert [timer.kind for timer in list_armed(session, waiting.id)] == [PAGE]


def test_of_two_timers_of_one_kind_and_subject_the_later_set_counts(session: Session):
    set_timer(session, PAGE, "row 1", ago(1))
    set_timer(session, PAGE, "row 1", utc_now() + timedelta(minutes=1))
    set_timer(session, PAGE, "row 2", ago(1))
    session.commit()

    assert take_due(session).subject == "row 2"
    session.commit()
    assert take_due(session) is None


def test_the_longest_overdue_rings_first(session: Session):
    for seconds in (1, 30, 10):
        set_timer(session, PAGE, f"due {seconds} s ago", ago(seconds))
    session.commit()

    order = []
    while timer := take_due(session):
        order.append(timer.subject)
        session.commit()
    assert order == ["due 30 s ago", "due 10 s ago", "due 1 s ago"]


def test_an_alarm_that_fails_is_put_off_and_does_not_keep_the_others_waiting(
    app: Flask, session: Session, waiting: Contact
):
    set_timer(session, "check_call", new_id(), ago(60))  # about a contact that does not exist
    set_timer(session, NOBODY, "row 1", ago(50))
    set_timer(session, PAGE, waiting.id, ago(1))
    session.commit()

    Clock(app).tick()

    assert rung(session) == 1
    failed = session.scalars(select(Timer).where(Timer.attempts > 0).order_by(Timer.id)).all()
    assert [(timer.fault, timer.fired_at) for timer in failed] == [("ContactNotFound", None), ("KeyError", None)]
    assert all(timer.due_at > utc_now() for timer in failed)


def test_an_alarm_that_fails_again_and_again_is_tried_ever_less_often(session: Session):
    set_timer(session, NOBODY, "row 1", ago(1))
    session.flush()
    timer = session.scalars(select(Timer)).one()
    pauses = []
    for _try in range(8):
        put_off(session, timer.id, "KeyError")
        pauses.append((timer.due_at - utc_now()).total_seconds())
    assert pauses == pytest.approx([2, 4, 8, 16, 32, 60, 60, 60], abs=0.5)


@pytest.fixture
def running_clock(app: Flask) -> Iterator[Clock]:
    """A clock that ticks by itself."""
    clock = Clock(app)
    thread = threading.Thread(target=clock.run)
    thread.start()
    yield clock
    clock.stop()
    thread.join(10)
    assert not thread.is_alive()


def test_a_running_clock_rings_in_time_does_late_work_and_says_that_it_lives(
    session: Session, waiting: Contact, running_clock: Clock
):
    set_timer(session, PAGE, waiting.id, utc_now() + timedelta(seconds=0.3))
    leg = new_leg(session, waiting.id, "counsellor")  # never rung, so the telephone company need not be asked
    work = owe(session, "end_leg", leg.id)  # no worker is told of it: this session has no bell
    session.commit()

    give_up_at = time.monotonic() + 8
    while time.monotonic() < give_up_at:
        time.sleep(0.1)
        session.rollback()
        if session.get_one(OwedWork, work.id, populate_existing=True).done_at and rung(session):
            break

    fired = session.scalars(select(Timer).where(Timer.kind == PAGE, Timer.fired_at.is_not(None))).one()
    assert timedelta(0) <= fired.fired_at - fired.due_at < timedelta(seconds=2)
    assert session.get_one(OwedWork, work.id).done_at - work.owed_at < timedelta(seconds=4)
    assert utc_now() - session.scalars(select(Heartbeat.at)).one() < timedelta(seconds=3)


def test_an_offer_that_nobody_takes_goes_on_by_the_clock(
    app: Flask, session: Session, line: Line, phone_company: PhoneCompany
):
    hire(session, line, 1)
    wait_in_line(phone_company, 1, "9")
    Clock(app).tick()
    [reservation] = offered(session)
    session.execute(Timer.__table__.update().where(Timer.kind == "offer_expires").values(due_at=ago(0)))
    session.commit()

    Clock(app).tick()

    session.refresh(reservation)
    assert (reservation.state, reservation.end_reason) == ("timed_out", "no_answer")


def test_two_dispatchers_at_once_offer_each_child_once(
    app: Flask, session: Session, line: Line, phone_company: PhoneCompany
):
    for number in range(4):
        hire(session, line, number)
    for number in range(6):
        wait_in_line(phone_company, number, "9")

    def dispatch(_dispatcher: int) -> int:
        with app.app_context():
            made = offer_all(db.session(), line.policy, line.helpline.queue.offer_s)
            db.session.commit()
            return made

    with ThreadPoolExecutor(3) as dispatchers:
        made = sum(dispatchers.map(dispatch, range(3)))

    reservations = offered(session)
    assert made == len(reservations) == 4
    assert len({one.contact_id for one in reservations}) == len({one.counsellor_id for one in reservations}) == 4


def test_one_of_five_is_kept_free_for_a_child_in_danger(
    app: Flask, session: Session, line: Line, phone_company: PhoneCompany
):
    for number in range(5):
        hire(session, line, number)
    for number in range(6):
        wait_in_line(phone_company, number, "0")
    Clock(app).tick()
    assert len(offered(session)) == 4

    critical = wait_in_line(phone_company, 99, "9")
    Clock(app).tick()

    last = max(offered(session), key=lambda one: one.offered_at)
    assert len(offered(session)) == 5
    assert session.get_one(Contact, last.contact_id).level == "critical"
    critical.hang_up()


@pytest.mark.parametrize("release", ["somebody is long overdue", "many wait"])
def test_the_one_kept_free_is_given_up_when_others_wait_too_long(
    app: Flask, session: Session, line: Line, phone_company: PhoneCompany, release: str
):
    for number in range(5):
        hire(session, line, number)
    policy = line.helpline.queue
    many = policy.reserve_release_waiting + 1
    for number in range(many + 4 if release == "many wait" else 6):
        wait_in_line(phone_company, number, "0")
    if release == "somebody is long overdue":
        long_ago = ago(policy.reserve_release_overdue_s + 5)
        session.execute(QueueEntry.__table__.update().values(due_at=long_ago))
        session.commit()

    Clock(app).tick()

    assert len(offered(session)) == 5


def test_a_floor_of_four_keeps_nobody_back(app: Flask, session: Session, line: Line, phone_company: PhoneCompany):
    for number in range(4):
        hire(session, line, number)
    for number in range(4):
        wait_in_line(phone_company, number, "0")

    Clock(app).tick()

    assert len(offered(session)) == 4
