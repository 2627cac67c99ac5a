"""Rough weather around texts: no text goes where nobody reads it."""

import threading

from sqlalchemy import select, update

from helpline import answering
from helpline.contacts.models import Contact, Message
from helpline.contacts.stages import lock_contact
from helpline.live_queue.models import Reservation
from helpline.live_queue.reservations import find_active
from helpline.outbox.bell import commit
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.store.db import db
from helpline.store.types import utc_now
from tests.helpline.no_child_is_lost.call_story import CallStory


def conversations(story: CallStory) -> list[Contact]:
    story.look_anew()
    return list(story.session.scalars(select(Contact).order_by(Contact.opened_at)))


def take(story: CallStory, person: Staff) -> Contact:
    story.accept(person)
    contact_id = find_active(story.session, counsellor_id=person.id).contact_id
    return story.session.get_one(Contact, contact_id)


def test_a_text_that_comes_as_the_conversation_is_ended_begins_a_new_one(story: CallStory, mariam: Staff):
    story.company.text("are you there")
    contact = take(story, mariam)

    def child_writes() -> None:
        with story.app.app_context():
            story.company.text("please")
            db.session.remove()

    lock_contact(story.session, contact.id)
    answering.end_talk(story.session, story.line, mariam, contact.id)
    child = threading.Thread(target=child_writes)
    child.start()
    child.join(0.5)  # it waits for the contact, which is being ended
    commit(story.session, story.line.bell)
    child.join()

    assert [contact.state for contact in conversations(story)] == ["wrap_up", "waiting"]


def test_a_conversation_whose_counsellor_has_gone_home_goes_to_another(story: CallStory, mariam: Staff):
    story.company.text("hello")
    contact = take(story, mariam)
    zahra = story.hire("zahra", "+97455000102")

    set_activity(story.session, story.session.get_one(Staff, mariam.id), "offline", "operator")
    story.session.commit()
    story.tick()

    assert find_active(story.session, counsellor_id=zahra.id).contact_id == contact.id


def test_a_text_that_nobody_answers_goes_to_another(story: CallStory, mariam: Staff):
    story.company.text("hello")
    contact = take(story, mariam)
    an_hour_ago(story)

    story.tick()

    assert find_active(story.session, counsellor_id=mariam.id) is None
    assert conversations(story)[0].state == "waiting"
    zahra = story.hire("zahra", "+97455000102")
    story.tick()
    assert find_active(story.session, counsellor_id=zahra.id).contact_id == contact.id


def test_a_conversation_that_waits_for_the_child_stays_with_its_counsellor(story: CallStory, mariam: Staff):
    story.company.text("hello")
    contact = take(story, mariam)
    an_hour_ago(story)
    answering.write_text(story.session, story.line, mariam, contact.id, "I am here. What is your name?")
    commit(story.session, story.line.bell)

    story.tick()

    assert find_active(story.session, counsellor_id=mariam.id).contact_id == contact.id


def an_hour_ago(story: CallStory) -> None:
    """All that was written and taken until now was so an hour ago."""
    earlier = utc_now().replace(year=2020)
    story.session.execute(update(Message).values(created_at=earlier))
    story.session.execute(update(Reservation).values(accepted_at=earlier))
    story.session.commit()
