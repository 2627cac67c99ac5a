"""A waiting child asks to be called back or to go on by text: on their own choice, only when safe, and for a person."""

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from helpline.contacts.missed import MissedContact
from helpline.contacts.models import Contact, ContactEvent, Message
from helpline.live_queue.models import QueueEntry
from helpline.outbox.models import OwedWork
from helpline.store.db import db
from tests.helpline.phone_company import ChildsCall, PhoneCompany

CALLBACK, TEXT, YES, NO = "4", "5", "1", "2"
# Of one turn of the waiting loop: read the call, its receipt, the switches and how many wait; write three rows.
MOST_STATEMENTS = 7


@pytest.fixture
def waiting(phone_company: PhoneCompany) -> ChildsCall:
    return wait_as(phone_company, "+97455123456")


def wait_as(company: PhoneCompany, number: str) -> ChildsCall:
    """A child in the queue, hearing the first line of the waiting."""
    call = company.call(number)
    call.press("0")
    call.wait_on_hold()
    return call


def requests(session: Session) -> list[tuple[str, bool, str]]:
    session.rollback()
    rows = session.scalars(select(MissedContact).where(MissedContact.wanted_by.is_not(None)))
    return [(row.wanted_channel, row.said_safe, row.wanted_by) for row in rows]


def contact(session: Session) -> Contact:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Contact)).one()


@pytest.mark.parametrize(("key", "channel"), [(CALLBACK, "voice"), (TEXT, "sms")])
def test_who_asks_and_says_that_it_is_safe_is_on_the_list_for_a_person_and_nothing_goes_out(
    waiting: ChildsCall, session: Session, key: str, channel: str
):
    waiting.press(key)
    assert requests(session) == [], "nothing is kept before the child has said that it is safe"

    waiting.press(YES)

    assert requests(session) == [(channel, True, "caller")]
    assert session.scalars(select(OwedWork.kind)).all() == []
    assert session.scalars(select(Message)).all() == []


@pytest.mark.parametrize("answer", [NO, None, "7", "*", "9", "0"])
def test_anything_but_yes_is_no(waiting: ChildsCall, session: Session, answer: str | None):
    waiting.press(CALLBACK)
    waiting.press(answer) if answer else waiting.stay_silent()

    assert requests(session) == []
    assert waiting.heard.find("Gather") is not None
    assert contact(session).state == "waiting"


def test_9_at_the_question_raises_the_level_at_once(waiting: ChildsCall, session: Session):
    waiting.press(CALLBACK)
    waiting.press("9")

    assert contact(session).level == "critical"


def test_who_has_asked_may_stay_and_keeps_their_place(waiting: ChildsCall, session: Session):
    before = session.scalars(select(QueueEntry)).one().arrived_at
    waiting.press(CALLBACK)
    waiting.press(YES)
    waiting.stay_silent()

    session.rollback()
    entry = session.scalars(select(QueueEntry)).one()
    assert (entry.left_at, entry.arrived_at) == (None, before)
    assert waiting.heard.find("Gather") is not None


def test_who_hangs_up_after_asking_ends_as_a_callback_and_not_as_abandoned(waiting: ChildsCall, session: Session):
    waiting.press(CALLBACK)
    waiting.press(YES)
    waiting.hang_up()

    assert (contact(session).state, contact(session).outcome) == ("closed", "callback")


def test_who_only_asked_and_hung_up_at_the_question_is_abandoned(waiting: ChildsCall, session: Session):
    waiting.press(CALLBACK)
    waiting.hang_up()

    assert contact(session).outcome == "abandoned"
    assert requests(session) == []


def test_a_withheld_number_is_told_so_in_words_and_the_waiting_goes_on(phone_company: PhoneCompany, session: Session):
    hidden = wait_as(phone_company, "anonymous")

    hidden.press(CALLBACK)

    assert "رقمك لا يظهر عندنا" in hidden.heard.text
    hidden.press(YES)
    assert requests(session) == []


def test_nobody_is_ever_told_a_place_in_the_queue(waiting: ChildsCall):
    heard = []
    for _line in range(30):
        heard.append(" ".join(say.text for say in waiting.heard.root.iter("Say")))
        waiting.stay_silent()

    assert len(set(heard)) >= 9, "the lines vary"
    assert not [text for text in heard if any(sign in text for sign in "678")]


def test_one_turn_of_the_waiting_loop_is_a_handful_of_statements(waiting: ChildsCall, session: Session):
    statements: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        waiting.stay_silent()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert len(statements) <= MOST_STATEMENTS, statements


def test_what_the_child_asked_for_is_told_in_order(waiting: ChildsCall, session: Session):
    waiting.press(CALLBACK)
    waiting.press(YES)

    session.rollback()
    told = session.scalars(select(ContactEvent).where(ContactEvent.kind.in_(("flow.answered", "callback.asked"))))
    assert [(one.kind, one.detail.get("choice")) for one in told if one.detail.get("choice") != "person"] == [
        ("flow.answered", "wants_callback"),
        ("flow.answered", "callback_is_safe"),
        ("callback.asked", None),
    ]
