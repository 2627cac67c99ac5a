"""A child who asked to be called back and stayed on after all: nobody calls a child who has been talked with."""

import pytest
from sqlalchemy import select

from helpline import answering
from helpline.contacts.callbacks import ask_for_callback
from helpline.contacts.missed import MissedContact
from helpline.contacts.stages import lock_contact
from helpline.staff.models import Staff
from tests.helpline.no_child_is_lost.call_story import CallStory
from tests.helpline.phone_company import ChildsCall


@pytest.fixture
def child(story: CallStory, mariam: Staff) -> ChildsCall:
    """Asked by key to be called back, stayed, and talks with Mariam."""
    child = story.child_waits("0")
    child.press("4")
    child.press("1")
    story.connect(child, mariam)
    return child


def finish(story: CallStory, mariam: Staff, child: ChildsCall) -> MissedContact:
    child.hang_up()
    answering.finish(story.session, story.line, mariam, story.contact(child).id)
    story.session.commit()
    return story.session.scalars(select(MissedContact)).one()


def test_the_request_is_settled_with_the_talk(story: CallStory, mariam: Staff, child: ChildsCall):
    assert finish(story, mariam, child).ending == "talked"


def test_what_the_counsellor_has_promised_stands(story: CallStory, mariam: Staff, child: ChildsCall):
    contact = lock_contact(story.session, story.contact(child).id)
    ask_for_callback(story.session, story.line.keys, contact, channel="voice", safe=True, by=answering.actor_of(mariam))
    story.session.commit()

    assert finish(story, mariam, child).closed_at is None


def test_a_talk_that_is_lost_leaves_the_request_to_a_person(story: CallStory, mariam: Staff, child: ChildsCall):
    story.leaves(story.latest_leg(child))
    story.do_owed()
    child.hang_up()

    [row] = story.session.scalars(select(MissedContact))
    assert row.closed_at is None
