"""Rough weather around a room: whatever comes late, twice, out of order or not at all, no child is left alone."""

import threading
import time
from itertools import permutations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline import answering
from helpline.call_control.leave import leave_to_partner
from helpline.contacts.calls import live_legs, new_leg
from helpline.contacts.models import Call
from helpline.contacts.stages import lock_contact
from helpline.live_queue.reservations import find_active
from helpline.outbox.bell import commit
from helpline.outbox.owed import owe
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from tests.helpline.no_child_is_lost.call_story import FIRST_ROOM, SECOND_ROOM, CallStory
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


# The child hangs up.


def test_a_child_who_is_gone_when_they_are_to_be_brought_in_frees_the_counsellor(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.accept(mariam)
    leg = story.latest_leg(child)
    gone = (404, {"code": 20404, "message": "no", "status": 404})
    story.refused = {f"Members/{child.call_sid}": gone, f"Calls/{child.call_sid}": gone}

    story.joins(leg)
    story.do_owed()

    assert story.contact(child).outcome == "abandoned"
    assert story.ended(leg.call_sid)
    assert find_active(story.session, counsellor_id=mariam.id) is None


def test_a_child_who_hangs_up_while_the_counsellors_phone_is_being_rung_does_not_leave_it_ringing(
    story: CallStory, mariam: Staff
):
    child = story.child_waits()
    story.meanwhile = lambda _asked: child.hang_up()

    story.accept(mariam)

    [rung] = story.session.scalars(select(Call).where(Call.role == "counsellor"))
    assert story.ended(rung.call_sid)
    assert story.contact(child).outcome == "abandoned"


def test_a_bringing_in_whose_answer_was_lost_is_not_repeated_when_the_two_are_talking(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.accept(mariam)
    story.joins(story.latest_leg(child))
    story.loses_answers_to = 1
    story.do_owed()
    story.enters(child)
    story.joins(story.leg_of(child))

    story.make_all_work_due()
    story.do_owed()

    assert len(story.sent_to(child)) == 1
    assert story.contact(child).state == "connected"


def test_the_room_tells_the_same_end_in_every_order(story: CallStory, mariam: Staff):
    child = story.child_waits()
    leg = story.connect(child, mariam)
    told = [
        lambda: story.joins(story.leg_of(child)),
        lambda: story.leaves(leg),
        lambda: story.leaves(story.leg_of(child)),
        lambda: story.tells(leg, "completed"),
    ]
    child.hang_up()
    for order in permutations(told):
        for tell in order:
            tell()

    assert story.contact(child).state == "wrap_up"
    assert story.owed() == ["end_leg"]


# Silence from the telephone company.


def test_a_callback_that_meets_a_lock_is_not_lost(story: CallStory, mariam: Staff):
    child = story.child_waits()
    leg = story.connect(child, mariam)
    contact_id, bind, locked = leg.contact_id, story.session.get_bind(), threading.Event()

    def hold_the_contact() -> None:
        with Session(bind) as somebody:
            lock_contact(somebody, contact_id)
            locked.set()
            time.sleep(3.5)  # longer than a webhook waits for a lock

    somebody = threading.Thread(target=hold_the_contact)
    somebody.start()
    assert locked.wait(5)
    story.leaves(leg)
    somebody.join()

    assert story.contact(child).state == "waiting"


def test_a_counsellors_end_that_was_never_told_does_not_leave_the_child_alone(story: CallStory, mariam: Staff):
    child = story.child_waits()
    leg = story.connect(child, mariam)
    story.statuses[leg.call_sid] = "completed"
    story.session.execute(update(Call).values(last_heard_at=leg.created_at.replace(year=2020)))
    story.session.commit()

    story.tick(120, "check_call")
    story.do_owed()

    assert story.contact(child).state == "waiting"
    assert "/voice/back-in-line" in story.sent_to(child)[-1]


def test_a_child_whose_end_was_never_told_leaves_the_queue(story: CallStory):
    child = story.child_waits()
    story.statuses[child.call_sid] = "completed"
    story.session.execute(update(Call).values(last_heard_at=story.leg_of(child).created_at.replace(year=2020)))
    story.session.commit()

    story.tick(120, "check_call")
    story.do_owed()

    assert story.contact(child).outcome == "abandoned"


def test_a_child_who_is_still_there_long_after_the_talk_hears_the_goodbye(story: CallStory, mariam: Staff):
    child = story.child_waits()
    leg = story.connect(child, mariam)
    story.refused = {"Conferences": (404, {"code": 20404, "message": "no", "status": 404})}
    answering.end_talk(story.session, story.line, mariam, story.contact(child).id)
    commit(story.session, story.line.bell)
    story.do_owed()
    story.leaves(leg)
    story.refused = {}
    asked_before = len(story.rest.asked)
    story.session.execute(update(Call).values(last_heard_at=leg.created_at.replace(year=2020)))
    story.session.commit()

    story.tick(120, "check_call")
    story.do_owed()

    assert any(asked.form.get("Status") == "completed" for asked in story.rest.asked[asked_before:])


def test_the_end_of_a_talk_reaches_a_child_of_whose_room_nothing_is_known(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.connect(child, mariam)
    story.session.execute(update(Call).values(conference_sid=None))
    story.session.commit()

    answering.end_talk(story.session, story.line, mariam, story.contact(child).id)
    commit(story.session, story.line.bell)
    story.do_owed()
    story.enters(child)

    assert child.heard.verbs == ["Say", "Hangup"]


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
