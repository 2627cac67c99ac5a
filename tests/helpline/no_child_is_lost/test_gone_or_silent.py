"""The child hangs up at a bad moment, or the telephone company says nothing: nobody is left alone, nothing stuck."""

import threading
import time
from itertools import permutations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.models import Call
from helpline.contacts.stages import lock_contact
from helpline.live_queue.reservations import find_active
from helpline.outbox.bell import commit
from helpline.staff.models import Staff
from tests.helpline.no_child_is_lost.call_story import CallStory
from tests.helpline.phone_company import ChildsCall


def is_in_hold(child: ChildsCall) -> bool:
    return child.heard.find("Enqueue") is not None


def is_in_room(child: ChildsCall) -> bool:
    return child.heard.find("Conference") is not None


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
