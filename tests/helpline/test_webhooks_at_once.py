"""The same webhook several times at the same moment, and callbacks in every order: one contact, one end."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow
from helpline.contacts.models import Call, Contact, ContactEvent, FlowSession
from helpline.live_queue.models import QueueEntry
from helpline.outbox.models import OwedWork, Timer
from tests.helpline.conftest import PUBLIC
from tests.helpline.phone_company import CHILD, HELPLINE, ChildsCall, PhoneCompany

AT_ONCE = 5
SID = "CA" + "1" * 32


@pytest.fixture
def post_at_once(app: Flask) -> Callable[..., list[str]]:
    """Post the same webhook AT_ONCE times at the same moment; the answers, each of which was a 200."""

    def post_all(path: str, **fields: str) -> list[str]:
        together = Barrier(AT_ONCE)

        def post(_copy: int) -> str:
            company = PhoneCompany(app, PUBLIC)
            together.wait(10)
            answer = company.post(path, token=path, **about | fields)
            assert answer.status_code == 200
            return answer.text

        about = {"CallSid": SID, "From": CHILD, "To": HELPLINE, "CallStatus": "in-progress"}
        with ThreadPoolExecutor(AT_ONCE) as callers:
            return list(callers.map(post, range(AT_ONCE)))

    return post_all


def count(session: Session, table: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def test_each_webhook_of_a_call_five_times_at_once_happens_once(
    session: Session, post_at_once: Callable[..., list[str]]
):
    steps = [
        ("/voice/incoming", {}),
        ("/voice/step?n=1", {"Digits": "2"}),
        ("/voice/step?n=2", {"Digits": "9"}),
        ("/voice/waiting?n=4", {"QueueSid": "QU" + "1" * 32}),
        ("/voice/waiting?n=5", {"Digits": "9"}),
        ("/voice/hold-ended?n=4", {"QueueResult": "hangup"}),
    ]
    for path, fields in steps:
        assert len(set(post_at_once(path, **fields))) == 1, path

    assert (count(session, Contact), count(session, Call), count(session, QueueEntry)) == (1, 1, 1)
    events = session.scalars(select(ContactEvent.kind).order_by(ContactEvent.id)).all()
    once = ("contact.opened", "language.chosen", "contact.waiting", "hold.ended", "caller.gone", "contact.closed")
    assert {kind: events.count(kind) for kind in once} == dict.fromkeys(once, 1)
    assert session.scalars(select(FlowSession.step)).one() == 6
    assert session.scalars(select(AuditRow.action)).all().count("contact.opened") == 1


def test_a_call_that_comes_back_after_a_fault_five_times_at_once_waits_once(
    session: Session, post_at_once: Callable[..., list[str]]
):
    answers = post_at_once("/voice/incoming?chance=1&since=0&danger=1")

    assert len(set(answers)) == 1
    assert (count(session, Contact), count(session, QueueEntry)) == (1, 1)
    assert session.scalars(select(Contact.level)).one() == "critical"


def test_whatever_the_order_in_which_we_hear_of_a_hang_up_it_ends_alike(phone_company: PhoneCompany, session: Session):
    ways: list[Callable[[ChildsCall], object]] = [
        lambda call: call.ask("/voice/status", CallStatus="completed"),
        lambda call: call.ask("/voice/status", CallStatus="in-progress"),
        lambda call: call.ask("/voice/hold-ended?n=2", QueueResult="hangup", CallStatus="completed"),
        lambda call: call.ask("/voice/waiting?n=2", QueueSid="QU" + "1" * 32),
        lambda call: call.ask("/voice/room-events", StatusCallbackEvent="participant-leave", ConferenceSid="CF1"),
    ]
    for order in permutations(ways):
        call = phone_company.call("anonymous")
        call.press("9")
        for way in order:
            assert way(call).status in (200, 204)

    assert count(session, Contact) == 120
    told = select(Contact.state, Contact.outcome, Contact.level, Contact.connected_at).distinct()
    assert [tuple(row) for row in session.execute(told)] == [("closed", "abandoned", "critical", None)]
    assert session.scalars(select(Call.status).distinct()).all() == ["completed"]
    assert session.scalars(select(QueueEntry).where(QueueEntry.left_at.is_(None))).all() == []
    assert session.scalars(select(Timer).where(Timer.fired_at.is_(None), Timer.cancelled_at.is_(None))).all() == []
    assert count(session, OwedWork) == 0
    ends = select(func.count()).where(ContactEvent.kind == "caller.gone").group_by(ContactEvent.contact_id)
    assert set(session.scalars(ends)) == {1}
