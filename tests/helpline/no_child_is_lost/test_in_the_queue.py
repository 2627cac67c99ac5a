"""Rough weather around the queue: offers that nobody hears, people who go, and many who grasp at one child at once."""

import threading
from collections.abc import Callable

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.models import Contact
from helpline.contacts.stages import lock_contact
from helpline.jobs.clock import Clock
from helpline.live_queue.models import QueueEntry, Reservation
from helpline.live_queue.reservations import ReservationOver, find_active
from helpline.outbox.bell import commit
from helpline.outbox.models import Timer
from helpline.outbox.timers import cancel_timers
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.store.db import db
from tests.helpline.no_child_is_lost.call_story import CallStory


def offered_to(story: CallStory) -> list[int]:
    story.look_anew()
    return list(story.session.scalars(select(Reservation.counsellor_id).where(Reservation.state == "pending")))


def both_at_once(story: CallStory, *acts: Callable[[Session], None]) -> list[type | None]:
    """Do these at the same moment, each in a transaction of its own. What each met: an exception, or None."""
    start, met = threading.Barrier(len(acts)), [None] * len(acts)

    def do(number: int, act: Callable[[Session], None]) -> None:
        with story.app.app_context():
            start.wait()
            try:
                act(db.session())
                db.session.commit()
            except Exception as error:  # noqa: BLE001 - what it was is what the test asks
                db.session.rollback()
                met[number] = type(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    story.look_anew()
    return met


def test_who_lets_an_offer_pass_is_not_offered_the_same_child_while_another_is_free(story: CallStory, mariam: Staff):
    zahra = story.hire("zahra", "+97455000102")
    story.child_waits()
    story.tick()
    assert offered_to(story) == [mariam.id]

    story.tick(30, "offer_expires")

    assert offered_to(story) == [zahra.id]


def test_who_declines_is_not_offered_the_same_child_while_another_is_free(story: CallStory, mariam: Staff):
    zahra = story.hire("zahra", "+97455000102")
    story.child_waits()
    story.tick()
    answering.decline(story.session, story.line, mariam, find_active(story.session, counsellor_id=mariam.id).id)
    commit(story.session, story.line.bell)

    story.tick()

    assert offered_to(story) == [zahra.id]


def test_a_child_is_offered_again_to_the_only_one_there_is(story: CallStory, mariam: Staff):
    story.child_waits()
    story.tick()

    story.tick(30, "offer_expires")

    assert offered_to(story) == [mariam.id]


def test_an_offer_does_not_wait_on_a_counsellor_who_has_gone(story: CallStory, mariam: Staff):
    child = story.child_waits()
    story.tick()
    zahra = story.hire("zahra", "+97455000102")
    set_activity(story.session, mariam, "offline", "operator")
    story.session.commit()

    story.tick()

    assert offered_to(story) == [zahra.id]
    assert story.contact(child).state == "offered"


def test_one_contact_that_can_not_be_offered_does_not_keep_the_others_waiting(story: CallStory, mariam: Staff):
    stuck, other = story.child_waits(number="+97455000001"), story.child_waits(number="+97455000002")
    # A reservation that should not be there: the database refuses a second one for this child.
    zahra = story.hire("zahra", "+97455000102")
    now = story.contact(stuck).opened_at
    facts = {"contact_id": story.contact(stuck).id, "counsellor_id": zahra.id, "state": "accepted"}
    story.session.add(Reservation(**facts, offered_at=now, expires_at=now))
    story.session.commit()

    story.tick()

    [pending] = story.session.scalars(select(Reservation).where(Reservation.state == "pending"))
    assert pending.contact_id == story.contact(other).id


def test_the_clock_outlives_a_contact_that_makes_no_sense(story: CallStory, mariam: Staff):
    odd, other = story.child_waits(number="+97455000001"), story.child_waits(number="+97455000002")
    odd_id = story.contact(odd).id
    story.session.execute(update(QueueEntry).where(QueueEntry.contact_id == odd_id).values(level="unheard of"))
    story.session.commit()

    story.tick()

    assert find_active(story.session, counsellor_id=mariam.id).contact_id == story.contact(other).id


def test_of_two_who_take_one_offer_at_once_only_one_has_it(story: CallStory, mariam: Staff):
    for number in range(50):
        child = story.child_waits(number=f"+974550{number:05}")
        story.tick()
        offer = find_active(story.session, counsellor_id=mariam.id)

        def accept(session: Session, offer_id=offer.id) -> None:
            answering.accept(session, story.line, session.get_one(Staff, mariam.id), offer_id)

        met = both_at_once(story, accept, accept)
        assert sorted(str(error) for error in met) == sorted([str(None), str(ReservationOver)])
        child.hang_up()


def test_an_offer_that_is_accepted_as_its_time_runs_out_ends_in_one_way_only(story: CallStory, mariam: Staff):
    for number in range(20):
        child = story.child_waits(number=f"+974550{number:05}")
        story.tick()
        set_activity(story.session, mariam, "available", "operator")
        offer = find_active(story.session, counsellor_id=mariam.id)
        due = update(Timer).where(Timer.subject == str(offer.id)).values(due_at=offer.offered_at)
        story.session.execute(due)
        story.session.commit()

        def accept(session: Session, offer_id=offer.id) -> None:
            answering.accept(session, story.line, session.get_one(Staff, mariam.id), offer_id)

        def ring(session: Session) -> None:
            Clock(story.app)._fire_timers(session)

        met = both_at_once(story, accept, ring)
        state = story.contact(child).state
        assert (met[0], state) in ((None, "connecting"), (ReservationOver, "waiting"))
        assert story.session.scalars(select(Timer.fault).where(Timer.subject == str(offer.id))).all() == [None]
        child.hang_up()
        mariam.missed_offers, mariam.activity = 0, "available"
        story.session.commit()


def test_a_timer_that_rings_just_now_is_no_reason_to_wait(story: CallStory):
    contact_id = story.contact(story.child_waits()).id
    with Session(story.session.get_bind()) as clock:
        clock.execute(select(Timer).where(Timer.kind == "check_call").with_for_update()).all()
        story.session.execute(text("SET lock_timeout = '100ms'"))
        lock_contact(story.session, contact_id)

        cancel_timers(story.session, contact_id)

        story.session.commit()
        clock.rollback()
    story.session.execute(text("RESET lock_timeout"))


def test_a_child_who_hangs_up_in_the_menus_is_remembered_by_what_they_had_told(story: CallStory):
    child = story.company.call()
    for key in ("2", "1", "3"):  # English, about myself, I have run away; then they are asked how old they are
        child.press(key)

    child.hang_up()

    contact = story.contact(child)
    assert (contact.outcome, contact.level) == ("abandoned", "high")


def test_a_child_who_hangs_up_before_saying_anything_is_no_alarm(story: CallStory):
    child = story.company.call()

    child.hang_up()

    assert story.session.scalars(select(Contact.level)).one() in ("benign", "routine")
