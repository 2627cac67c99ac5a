"""A key was renewed since a number was kept: what was written of that number under the older key still counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpline import following_up, marking
from helpline.contacts.missed import find_open_row, list_missed
from helpline.contacts.models import Contact
from helpline.contacts.number_marks import find_mark
from helpline.contacts.opening import CALLER_PLACE
from helpline.contacts.safe_plans import find_plan
from helpline.contacts.text_stops import BY_CHILD, allow_texts, list_stops, stop_texts
from helpline.floor import view_missed
from helpline.line import Line
from helpline.privacy.keys import KeyRing
from helpline.store.types import new_id, utc_now
from tests.helpline.calling_back.scene import CHILD, CallingBack

OLD_KEY, NEW_KEY = b"k" * 32, b"n" * 32


@pytest.fixture
def renewed(line: Line) -> Line:
    """The same helpline after its key was renewed; the older one still opens what it sealed."""
    return replace(line, keys=KeyRing([NEW_KEY, OLD_KEY]))


def call_again(scene: CallingBack, line: Line) -> Contact:
    """The same number, kept under the newest key."""
    contact_id = new_id()
    contact = Contact(
        id=contact_id,
        channel="voice",
        line="+97444000919",
        state="waiting",
        language="en",
        opened_at=utc_now(),
        caller_sealed=line.keys.seal(CHILD, CALLER_PLACE, contact_id),
        caller_pseudonym=line.keys.pseudonym(CHILD),
    )
    scene.session.add(contact)
    scene.session.flush()
    return contact


def test_who_is_missed_again_is_still_one_story(scene: CallingBack, renewed: Line):
    before = scene.child_hangs_up()
    again = call_again(scene, renewed)
    row = list_missed(scene.session, renewed.keys, again, "hung_up_waiting", "caller")
    assert (row.id, row.times, row.contact_id) == (before.id, 2, again.id)
    assert find_open_row(scene.session, renewed.keys, again).id == before.id


def test_who_was_talked_with_since_is_seen_to_have_come_back(scene: CallingBack, renewed: Line):
    scene.child_hangs_up()
    assert [row["came_back"] for row in view_missed(scene.session, renewed)["missed"]] == [False]
    call_again(scene, renewed).connected_at = utc_now() + timedelta(seconds=1)
    scene.session.flush()
    assert [row["came_back"] for row in view_missed(scene.session, renewed)["missed"]] == [True]


def test_what_is_safe_stays_known_and_can_be_withdrawn(scene: CallingBack, renewed: Line):
    scene.child_hangs_up()
    scene.take()
    plan = scene.plan()
    again = call_again(scene, renewed)
    assert find_plan(scene.session, renewed.keys, again, "voice", utc_now()).id == plan.id

    list_missed(scene.session, renewed.keys, again, "hung_up_waiting", "caller")
    following_up.withdraw_safe_plan(
        scene.session, renewed, scene.mariam, find_open_row(scene.session, renewed.keys, again).id, "voice"
    )
    assert find_plan(scene.session, renewed.keys, again, "voice", utc_now()) is None


def test_a_stop_still_stands_and_can_be_lifted(scene: CallingBack, renewed: Line, line: Line):
    first = call_again(scene, line)
    stop_texts(scene.session, line.keys, first, BY_CHILD, "caller")
    again = call_again(scene, renewed)
    assert [stop.said_by for stop in list_stops(scene.session, renewed.keys, again)] == [BY_CHILD]
    allow_texts(scene.session, renewed.keys, again, "caller", BY_CHILD)
    assert list_stops(scene.session, line.keys, first) == []


def test_a_mark_that_was_undone_is_undone(scene: CallingBack, renewed: Line, line: Line):
    first, again = call_again(scene, line), call_again(scene, renewed)
    marking.mark_number(scene.session, line, scene.lead, first.id, "spam", "the same song, for hours")
    assert find_mark(scene.session, renewed.keys, again, utc_now())
    marking.lift_number_mark(scene.session, renewed, scene.lead, again.id)
    assert find_mark(scene.session, line.keys, first, utc_now()) is None
