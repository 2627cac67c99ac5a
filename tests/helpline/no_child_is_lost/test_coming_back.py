"""A child who comes back after a fault of ours, or is sent to a place too late, is led to the person who is there."""

from sqlalchemy import update

from helpline.call_control.leave import leave_to_partner
from helpline.contacts.calls import new_leg
from helpline.contacts.models import Call
from helpline.live_queue.reservations import find_active
from helpline.outbox.bell import commit
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from tests.helpline.no_child_is_lost.call_story import CallStory
from tests.helpline.phone_company import ChildsCall


def is_in_hold(child: ChildsCall) -> bool:
    return child.heard.find("Enqueue") is not None


def is_in_room(child: ChildsCall) -> bool:
    return child.heard.find("Conference") is not None


# A call that comes back after a fault of ours.


def test_a_child_who_comes_back_while_talking_goes_to_the_counsellor_who_is_still_there(
    story: CallStory, mariam: Staff
):
    child = story.child_waits()
    story.connect(child, mariam)

    child.ask("/voice/incoming?chance=1&since=0&danger=0")

    assert is_in_room(child)
    story.joins(story.leg_of(child))
    assert story.contact(child).state == "connected"
    assert find_active(story.session, counsellor_id=mariam.id).contact_id == story.contact(child).id


def test_a_child_who_comes_back_when_nobody_is_in_the_room_any_more_has_their_place_in_the_queue(
    story: CallStory, mariam: Staff
):
    child = story.child_waits()
    leg = story.connect(child, mariam)
    # Her leaving is told to nobody: the callback has met the same fault as the child.
    story.session.execute(update(Call).where(Call.id == leg.id).values(left_at=utc_now(), ended_at=utc_now()))
    story.session.commit()

    child.ask("/voice/incoming?chance=1&since=0&danger=0")

    assert is_in_hold(child)
    assert story.contact(child).state == "waiting"
    assert find_active(story.session, counsellor_id=mariam.id) is None


def test_a_child_who_comes_back_while_being_brought_in_goes_into_the_room(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.accept(mariam)
    story.joins(story.latest_leg(child))
    story.do_owed()

    child.ask("/voice/incoming?chance=1&since=0&danger=0")

    assert is_in_room(child)
    story.joins(story.leg_of(child))
    assert story.contact(child).state == "connected"


def test_a_child_who_comes_back_before_the_counsellor_picks_up_is_brought_in_from_hold(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.accept(mariam)

    child.ask("/voice/incoming?chance=1&since=0&danger=0")
    assert is_in_hold(child)
    story.joins(story.latest_leg(child))
    story.do_owed()

    assert "/voice/room" in story.sent_to(child)[-1]


def test_the_static_document_may_bring_a_child_back_by_the_same_address_twice(story: CallStory, mariam: Staff):
    child = story.company.call()
    child.ask("/voice/incoming?chance=1")
    assert is_in_hold(child)
    child.wait_on_hold()
    story.accept(mariam)
    story.joins(story.latest_leg(child))
    story.do_owed()

    child.ask("/voice/incoming?chance=1")

    assert is_in_room(child)


# Being sent to a place where one no longer belongs.


def test_a_child_sent_into_the_room_a_second_time_stays_with_the_counsellor(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.connect(child, mariam)

    child.ask("/voice/room?n=77")
    story.leaves(story.leg_of(child), moved=True)
    story.joins(story.leg_of(child))

    assert is_in_room(child)
    assert story.contact(child).state == "connected"


def test_a_child_fetched_back_to_hold_too_late_stays_with_the_counsellor(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.connect(child, mariam)

    child.ask("/voice/back-in-line?n=77")

    assert is_in_room(child)
    assert story.contact(child).state == "connected"


def test_a_counsellor_does_not_sit_on_in_a_room_the_child_has_lost(story: CallStory, mariam: Staff):
    child = story.child_waits()
    leg = story.connect(child, mariam)

    child.ask("/voice/room-left?n=77", CallStatus="in-progress")
    story.do_owed()

    assert is_in_hold(child)
    assert story.contact(child).state == "waiting"
    assert story.ended(leg.call_sid)


def test_a_child_whom_a_partner_has_is_not_sent_home_after_a_fault_of_ours(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.connect(child, mariam)
    contact = story.contact(child)
    desk = new_leg(story.session, contact.id, "partner")
    desk.joined_at = utc_now()
    leave_to_partner(story.session, story.line, contact, "staff:1")
    commit(story.session, story.line.bell)

    child.ask("/voice/incoming?chance=1&since=0&danger=0")

    assert is_in_room(child)
