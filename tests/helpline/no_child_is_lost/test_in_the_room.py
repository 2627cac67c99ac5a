"""Rough weather around a room: whatever comes late, twice, out of order or not at all, no child is left alone."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.calls import live_legs
from helpline.contacts.models import Call
from helpline.outbox.bell import commit
from helpline.outbox.owed import owe
from helpline.staff.models import Staff
from tests.helpline.no_child_is_lost.call_story import FIRST_ROOM, SECOND_ROOM, CallStory
from tests.helpline.phone_company import ChildsCall


def is_in_hold(child: ChildsCall) -> bool:
    return child.heard.find("Enqueue") is not None


def is_in_room(child: ChildsCall) -> bool:
    return child.heard.find("Conference") is not None


# The room's callbacks, late and out of order.


def test_an_earlier_rooms_late_word_does_not_connect_a_child_who_is_still_on_hold(story: CallStory, mariam: Staff):
    child = story.child_waits()
    leg = story.connect(child, mariam)
    story.leaves(leg)
    story.do_owed()
    story.enters(child)
    child.wait_on_hold()
    zahra = story.hire("zahra", "+97455000102")
    story.accept(zahra)
    story.joins(story.latest_leg(child), SECOND_ROOM)

    story.joins(story.leg_of(child), FIRST_ROOM)
    assert story.contact(child).state == "connecting"
    story.do_owed()

    assert "/voice/room" in story.sent_to(child)[-1]
    story.enters(child)
    assert is_in_room(child)
    story.joins(story.leg_of(child), SECOND_ROOM)
    assert story.contact(child).state == "connected"


def test_a_child_who_comes_in_just_after_the_time_was_up_is_not_left_alone(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.accept(mariam)
    leg = story.latest_leg(child)
    story.joins(leg)
    story.do_owed()
    story.enters(child)
    story.tick(60, "connect_deadline")

    story.joins(story.leg_of(child))
    story.leaves(leg)
    story.do_owed()

    assert "/voice/back-in-line" in story.sent_to(child)[-1]
    story.enters(child)
    assert is_in_hold(child)


def test_a_talk_of_which_the_childs_coming_in_was_never_told_is_not_cut_off(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.accept(mariam)
    leg = story.latest_leg(child)
    story.joins(leg)
    story.do_owed()
    story.enters(child)
    story.people_in = {FIRST_ROOM: [leg, story.leg_of(child)]}

    story.tick(60, "connect_deadline")
    story.do_owed()

    assert story.contact(child).state == "connected"
    assert not story.ended(leg.call_sid)


def test_a_counsellor_whose_coming_in_was_never_told_gets_the_child_all_the_same(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.accept(mariam)
    story.people_in = {FIRST_ROOM: [story.latest_leg(child)]}

    story.tick(60, "connect_deadline")
    story.do_owed()

    assert story.contact(child).state == "connecting"
    assert "/voice/room" in story.sent_to(child)[-1]


def test_a_child_let_into_the_room_whose_coming_in_was_never_told_goes_back_to_hold(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.accept(mariam)
    leg = story.latest_leg(child)
    story.joins(leg)
    story.do_owed()
    story.enters(child)

    story.leaves(leg)
    story.do_owed()

    assert story.contact(child).state == "waiting"
    assert "/voice/back-in-line" in story.sent_to(child)[-1]


def test_an_earlier_legs_late_end_does_not_spoil_the_second_ring(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.accept(mariam)
    first = story.latest_leg(child)
    story.tick(60, "connect_deadline")
    story.do_owed()
    story.session.execute(update(Call).where(Call.id == first.id).values(ended_at=None, status_rank=2))
    story.session.commit()  # that it was put down is told by a callback which is late
    story.accept(mariam)

    story.tells(first, "completed")

    assert story.contact(child).state == "connecting"


def test_an_earlier_legs_late_end_does_not_take_a_child_out_of_a_talk(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.accept(mariam)
    first = story.latest_leg(child)
    story.joins(first)
    story.tick(60, "connect_deadline")
    story.do_owed()
    story.session.execute(update(Call).where(Call.id == first.id).values(ended_at=None, status_rank=3))
    story.session.commit()
    story.connect(child, mariam, SECOND_ROOM)

    story.leaves(first)

    assert story.contact(child).state == "connected"


# One child, one counsellor.


def test_a_counsellor_whose_time_was_up_does_not_join_a_child_who_has_another(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.accept(mariam)
    late = story.latest_leg(child)
    story.tick(60, "connect_deadline")
    # Her phone can not be put down just now.
    story.refused = {f"Calls/{late.call_sid}": (503, {"code": 20500, "message": "no", "status": 503})}
    story.do_owed()
    zahra = story.hire("zahra", "+97455000102")
    story.connect(child, zahra)
    story.refused = {}
    story.make_all_work_due()

    story.joins(late)
    story.do_owed()

    assert story.ended(late.call_sid)
    assert story.contact(child).counsellor_id == zahra.id


def test_a_counsellor_who_was_given_up_is_not_rung_when_a_worker_comes_to_it_late(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.accept(mariam)
    late = story.latest_leg(child)
    story.tick(60, "connect_deadline")
    story.do_owed()
    zahra = story.hire("zahra", "+97455000102")
    story.accept(zahra)
    story.session.execute(update(Call).where(Call.id == late.id).values(ended_at=None, call_sid=None, status_rank=0))
    owe(story.session, "ring_counsellor", late.id)
    commit(story.session, story.line.bell)

    story.do_owed()

    assert len(story.rings()) == 2


def test_a_phone_that_was_thought_never_rung_and_is_picked_up_after_all_is_let_go(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.refused = {"Participants": (503, {"code": 20500, "message": "no", "status": 503})}
    story.accept(mariam)
    leg = story.latest_leg(child)
    story.tick(60, "connect_deadline")
    story.do_owed()
    assert live_legs(story.session, leg.contact_id, "counsellor") == []

    story.joins(leg)
    story.do_owed()

    session_leg = story.session.get_one(Call, leg.id)
    story.session.refresh(session_leg)
    assert story.ended(session_leg.call_sid)


# Hold.


def test_the_last_word_on_hold_counts_even_when_it_was_said_during_the_one_before(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.connect(child, mariam)
    contact = story.contact(child)
    answering.hold(story.session, story.line, mariam, contact.id, True)
    commit(story.session, story.line.bell)

    def take_off_hold(_asked: object) -> None:
        with story.app.app_context(), Session(story.session.get_bind()) as other:
            other.execute(update(Call).where(Call.contact_id == contact.id).values(on_hold=False))
            other.commit()

    story.meanwhile = take_off_hold
    story.do_owed()

    asked = [asked.form["Hold"] for asked in story.rest.asked if "Hold" in asked.form]
    assert asked == ["true", "false"]


def test_a_child_who_was_on_hold_when_the_counsellor_dropped_is_not_on_hold_with_the_next(
    story: CallStory, mariam: Staff
):
    child = story.child_waits()
    leg = story.connect(child, mariam)
    answering.hold(story.session, story.line, mariam, story.contact(child).id, True)
    commit(story.session, story.line.bell)
    story.do_owed()

    story.leaves(leg)
    story.do_owed()
    story.enters(child)

    assert not story.leg_of(child).on_hold
