"""Rough weather around the people on call, who are rung when a child in danger finds nobody free."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline.contacts.calls import live_legs
from helpline.contacts.models import Call
from helpline.contacts.stages import lock_contact
from helpline.jobs.duties import perform_owed
from helpline.live_queue.models import QueueEntry, Reservation
from helpline.live_queue.reservations import find_active
from helpline.outbox.models import OwedWork
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.store.db import db
from tests.helpline.no_child_is_lost.call_story import CallStory
from tests.helpline.phone_company import ChildsCall, Heard

LEADS_PHONE = "+97455000901"


def hire_on_call(story: CallStory, name: str = "lead", number: str = LEADS_PHONE) -> Staff:
    person = story.hire(name, number, role="shift_lead", on_call=True)
    set_activity(story.session, person, "unavailable", "operator")
    story.session.commit()
    return person


def page(story: CallStory) -> None:
    """Fifteen seconds have gone by, and nobody has taken the child."""
    story.tick(60, "ring_on_call")


def asks(story: CallStory, leg: Call, path: str, **fields: str) -> Heard:
    about = {"CallSid": leg.call_sid or "CA" + "5" * 32, "From": "+97444000919", "To": LEADS_PHONE}
    address = f"{path}?leg={leg.id.hex}&asked=0"
    response = story.company.post(address, **about | {"CallStatus": "in-progress"} | fields)
    return Heard(response.status_code, response.text)


def child_in_danger(story: CallStory) -> ChildsCall:
    child = story.child_waits()
    entry = story.session.get_one(QueueEntry, story.contact(child).id)
    entry.arrived_at -= timedelta(minutes=1)
    story.session.commit()
    return child


def on_call_leg(story: CallStory, child: ChildsCall) -> Call:
    return story.latest_leg(child, "on_call")


def works_for(session: Session, leg: Call, kind: str) -> list[int]:
    query = select(OwedWork.id).where(OwedWork.subject == str(leg.id), OwedWork.kind == kind)
    return list(session.scalars(query))


def test_a_page_that_is_rung_although_its_answer_was_lost_still_brings_the_child(story: CallStory):
    hire_on_call(story)
    child = child_in_danger(story)
    story.loses_answers_to = 1
    page(story)
    story.do_owed()
    leg = on_call_leg(story, child)
    # It rings: the callback comes before the next try.
    story.company.post(f"/voice/status?leg={leg.id.hex}", CallSid="CA" + "7" * 32, CallStatus="ringing")
    story.make_all_work_due()
    story.do_owed()

    story.look_anew()
    leg = on_call_leg(story, child)
    asks(story, leg, "/voice/page")
    heard = asks(story, leg, "/voice/page-answer", Digits="1")
    story.joins(leg)
    story.do_owed()

    assert heard.find("Conference") is not None
    assert len(story.rings()) == 1
    assert "/voice/room" in story.sent_to(child)[-1]


def test_a_page_whose_answer_was_lost_is_looked_for_before_it_is_rung_again(story: CallStory):
    hire_on_call(story)
    child = child_in_danger(story)
    story.loses_answers_to = 1
    page(story)
    story.do_owed()
    rings_now = "CA" + "7" * 32
    story.calls_to[LEADS_PHONE] = [rings_now]
    story.make_all_work_due()
    story.do_owed()

    assert len(story.rings()) == 1
    assert on_call_leg(story, child).call_sid == rings_now


def test_a_page_that_was_never_rung_is_rung_at_the_next_try(story: CallStory):
    hire_on_call(story)
    child_in_danger(story)
    story.loses_answers_to = 1
    page(story)
    story.do_owed()
    story.make_all_work_due()
    story.do_owed()

    assert len(story.rings()) == 2


def test_who_is_offered_a_child_in_the_console_may_take_the_same_child_by_telephone(story: CallStory):
    lead = hire_on_call(story)
    child = child_in_danger(story)
    page(story)
    story.do_owed()
    set_activity(story.session, lead, "available", "operator")
    story.session.commit()
    story.tick()
    assert find_active(story.session, counsellor_id=lead.id).state == "pending"

    heard = asks(story, on_call_leg(story, child), "/voice/page-answer", Digits="1")

    assert heard.find("Conference") is not None
    assert story.contact(child).state == "connecting"
    states = story.session.scalars(select(Reservation.state).order_by(Reservation.offered_at)).all()
    assert states == ["canceled", "accepted"]


def test_a_phone_that_rings_on_after_another_took_the_child_is_let_go(story: CallStory):
    hire_on_call(story)
    hire_on_call(story, "second", "+97455000902")
    child = child_in_danger(story)
    page(story)
    first, second = live_legs(story.session, story.contact(child).id, "on_call")

    def first_takes(_asked: object) -> None:
        asks(story, first, "/voice/page-answer", CallSid="CA" + "6" * 32, Digits="1")
        with story.app.app_context():
            for work_id in works_for(db.session(), second, "end_leg"):
                perform_owed(work_id)
            db.session.remove()

    story.meanwhile = first_takes  # while the telephone company is still asked to ring the second
    [ring] = works_for(story.session, second, "ring_on_call_phone")
    perform_owed(ring)
    story.do_owed()

    story.session.refresh(second)
    assert story.ended(second.call_sid)


def test_a_page_whose_end_was_never_told_does_not_keep_its_phone_from_ringing_again(story: CallStory):
    hire_on_call(story)
    child = child_in_danger(story)
    page(story)
    story.do_owed()
    leg = on_call_leg(story, child)
    story.statuses[leg.call_sid] = "no-answer"
    story.session.execute(update(Call).values(last_heard_at=leg.created_at.replace(year=2020)))
    story.session.commit()
    story.tick(120, "check_call")
    story.do_owed()

    page(story)
    story.do_owed()

    assert len(story.rings()) == 2


def test_a_page_that_meets_a_fault_of_ours_is_asked_again_and_not_dropped(story: CallStory):
    hire_on_call(story)
    child = child_in_danger(story)
    page(story)
    story.do_owed()
    leg = on_call_leg(story, child)
    with Session(story.session.get_bind()) as somebody:
        lock_contact(somebody, leg.contact_id)  # and does not let go in time

        heard = asks(story, leg, "/voice/page")

    assert heard.status == 200
    assert "/voice/page" in heard.find("Redirect").text
