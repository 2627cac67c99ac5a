"""A waiting child asks by key for a woman or a man, and for a stated while the queue keeps to it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact, ContactEvent
from helpline.line import Line
from helpline.live_queue.dispatch import offer_all
from helpline.live_queue.models import QueueEntry, Reservation
from helpline.staff.accounts import create_staff
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from tests.helpline.phone_company import ChildsCall, PhoneCompany

WOMAN, MAN, ANYONE = "1", "2", "3"


@pytest.fixture
def waiting(phone_company: PhoneCompany) -> ChildsCall:
    """A child in the queue at the level routine, hearing the first line of the waiting."""
    return wait_after(phone_company, "0")


@pytest.fixture
def in_danger(phone_company: PhoneCompany) -> ChildsCall:
    """A critical child in the queue, hearing the first line of the waiting."""
    return wait_after(phone_company, "9")


def wait_after(company: PhoneCompany, key: str) -> ChildsCall:
    call = company.call()
    call.press(key)
    call.wait_on_hold()
    return call


def hire(session: Session, line: Line, gender: str) -> Staff:
    person = create_staff(
        session,
        line.keys,
        email=f"{gender}@helpline.example",
        name=f"The {gender}",
        role="counsellor",
        languages=["ar", "en"],
        device_number="+97455000101",
        gender=gender,
        actor="operator",
    )
    set_activity(session, person, "available", "operator")
    session.commit()
    return person


def entry_of_the_child(session: Session) -> QueueEntry:
    session.rollback()
    session.expire_all()
    return session.scalars(select(QueueEntry)).one()


def let_wait(session: Session, seconds: float) -> None:
    """So much time goes by for the child."""
    entry = entry_of_the_child(session)
    entry.arrived_at -= timedelta(seconds=seconds)
    if entry.wished_at:
        entry.wished_at -= timedelta(seconds=seconds)
    session.commit()


def offered_to(session: Session, line: Line) -> list[int]:
    offer_all(session, line.policy, line.helpline.queue.offer_s)
    session.commit()
    return list(session.scalars(select(Reservation.counsellor_id).where(Reservation.state == "pending")))


@pytest.mark.parametrize(("key", "wish"), [(WOMAN, "woman"), (MAN, "man"), (ANYONE, None)])
def test_the_wish_is_on_record_and_in_the_queue_at_once(
    waiting: ChildsCall, session: Session, key: str, wish: str | None
):
    waiting.press(key)

    assert entry_of_the_child(session).wish == wish
    assert session.scalars(select(Contact.wish)).one() == wish
    [told] = session.scalars(select(ContactEvent).where(ContactEvent.kind == "contact.wished"))
    assert (told.actor, told.detail) == ("caller", {"wish": wish})


def test_the_child_is_told_that_we_try_and_goes_on_waiting(waiting: ChildsCall, session: Session):
    heard = waiting.press(WOMAN)

    assert "سنحاول" in heard.text
    assert heard.find("Gather") is not None
    assert entry_of_the_child(session).left_at is None


def test_the_same_key_webhook_again_records_one_wish(waiting: ChildsCall, session: Session):
    at = waiting.heard.find("Gather").get("action")
    first = waiting.ask(at, Digits=WOMAN).xml

    assert waiting.ask(at, Digits=WOMAN).xml == first
    assert len(session.scalars(select(ContactEvent).where(ContactEvent.kind == "contact.wished")).all()) == 1


def test_another_counsellor_is_offered_the_child_only_after_the_wishs_patience(
    waiting: ChildsCall, session: Session, line: Line
):
    man = hire(session, line, "man")
    waiting.press(WOMAN)
    assert offered_to(session, line) == []

    let_wait(session, line.policy.wish_patience_s - 30)
    assert offered_to(session, line) == []

    let_wait(session, 30)
    assert offered_to(session, line) == [man.id]


def test_the_patience_counts_from_when_the_wish_was_told(waiting: ChildsCall, session: Session, line: Line):
    man = hire(session, line, "man")
    let_wait(session, line.policy.wish_patience_s * 3)
    waiting.press(WOMAN)
    assert offered_to(session, line) == []

    let_wait(session, line.policy.wish_patience_s - 30)
    waiting.press(WOMAN)
    assert offered_to(session, line) == [], "told again it is the same wish"

    let_wait(session, 30)
    assert offered_to(session, line) == [man.id]


def test_the_counsellor_wished_for_is_offered_the_child_at_once(waiting: ChildsCall, session: Session, line: Line):
    hire(session, line, "man")
    woman = hire(session, line, "woman")
    waiting.press(WOMAN)

    assert offered_to(session, line) == [woman.id]


def test_a_critical_child_waits_for_a_wish_no_longer_than_its_own_short_patience(
    in_danger: ChildsCall, session: Session, line: Line
):
    woman = hire(session, line, "woman")
    in_danger.press(MAN)
    assert offered_to(session, line) == []

    let_wait(session, line.policy.critical_wish_patience_s)
    assert offered_to(session, line) == [woman.id]


def test_danger_told_after_a_wish_shortens_the_patience(waiting: ChildsCall, session: Session, line: Line):
    man = hire(session, line, "man")
    waiting.press(WOMAN)
    let_wait(session, line.policy.critical_wish_patience_s)
    assert offered_to(session, line) == []

    waiting.press("9")

    assert entry_of_the_child(session).wish == "woman"
    assert offered_to(session, line) == [man.id]


def test_a_wish_taken_back_counts_at_once(waiting: ChildsCall, session: Session, line: Line):
    man = hire(session, line, "man")
    waiting.press(WOMAN)
    assert offered_to(session, line) == []

    waiting.press(ANYONE)

    assert offered_to(session, line) == [man.id]
