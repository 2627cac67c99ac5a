"""Nothing but the agreed words of a text plan goes out to a child we missed, until an answer comes."""

from datetime import timedelta

import pytest

from helpline import answering, conversing, following_up, writing_first
from helpline.contacts.missed import MissedContact
from helpline.contacts.models import Contact
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.contacts.text_stops import BY_CHILD, stop_texts
from helpline.following_up import NoPlanAllows, OutsideHours
from helpline.live_queue.reservations import ReservationOver
from helpline.texting.outgoing import PointsElsewhere
from helpline.texting.sending import TextsStopped
from tests.helpline.calling_back.scene import CHILD, CallingBack, hours_from

WORDS = "Your library book is ready."


def write(scene: CallingBack, person=None, why: str = "") -> Contact:
    person = person or scene.mariam
    contact = writing_first.write_first(scene.session, scene.story.line, person, scene.row().id, why)
    scene.save()
    scene.story.do_owed()
    scene.story.look_anew()
    return scene.session.get_one(Contact, contact.id)


def texts(scene: CallingBack) -> list[tuple[str, str]]:
    asked = scene.story.rest.asked
    return [(a.form["To"], a.form["Body"]) for a in asked if a.method == "POST" and a.what == "Messages"]


@pytest.fixture
def ready(scene: CallingBack) -> CallingBack:
    """A child hung up; Mariam has the row, and these words may be written at any hour."""
    scene.child_hangs_up()
    scene.take()
    scene.plan(channel="sms", words=WORDS)
    return scene


def test_the_agreed_words_go_out_and_the_conversation_is_hers(ready: CallingBack):
    contact = write(ready)
    assert texts(ready) == [(CHILD, WORDS)]
    assert (contact.channel, contact.state, contact.counsellor_id) == ("sms", "connected", ready.mariam.id)
    assert contact.calls_back == ready.row().contact_id


def test_without_a_text_plan_nothing_goes_out_whatever_calls_are_allowed(scene: CallingBack):
    scene.child_hangs_up()
    scene.take()
    scene.plan(channel="voice")
    with pytest.raises(NoPlanAllows):
        write(scene)
    assert texts(scene) == []


def test_a_plan_without_words_allows_no_text(ready: CallingBack):
    ready.plan(channel="sms", words=" ")
    with pytest.raises(Invalid):
        write(ready)


def test_outside_the_hours_only_a_lead_with_a_reason(ready: CallingBack):
    later = hours_from(ready.story.line.helpline.zone, timedelta(hours=-3), timedelta(hours=1))
    ready.plan(channel="sms", words=WORDS, hours=later)
    with pytest.raises(OutsideHours):
        write(ready, why="I would like to")
    write(ready, ready.lead, "the child asked for this hour")
    assert texts(ready) == [(CHILD, WORDS)]


def test_a_plan_that_was_withdrawn_meanwhile_stops_the_text_on_its_way(ready: CallingBack):
    writing_first.write_first(ready.session, ready.story.line, ready.mariam, ready.row().id)
    following_up.withdraw_safe_plan(ready.session, ready.story.line, ready.mariam, ready.row().id, "sms")
    ready.save()
    ready.story.do_owed()
    assert texts(ready) == []


def test_words_that_point_elsewhere_do_not_go_out(ready: CallingBack):
    ready.plan(channel="sms", words="look at example.com")
    with pytest.raises(PointsElsewhere):
        write(ready)


def test_a_number_that_wants_no_texts_gets_none(ready: CallingBack):
    missed = ready.session.get_one(Contact, ready.row().contact_id)
    missed.line = "+97444000919"
    stop_texts(ready.session, ready.story.line.keys, missed, BY_CHILD, "caller")
    ready.save()
    with pytest.raises(TextsStopped):
        write(ready)


def test_more_goes_out_only_when_an_answer_has_come(ready: CallingBack):
    contact = write(ready)
    with pytest.raises(NotPossibleNow):
        answering.write_text(ready.session, ready.story.line, ready.mariam, contact.id, "are you safe?")
    ready.session.rollback()
    reply = ready.story.company.text("who is this")
    assert "<Message" not in reply.text

    answering.write_text(ready.session, ready.story.line, ready.mariam, contact.id, "are you safe?")
    ready.save()
    ready.story.do_owed()
    assert texts(ready)[1:] == [(CHILD, "are you safe?")]


def test_who_never_answers_stays_on_the_list(ready: CallingBack):
    contact = write(ready)
    answering.end_talk(ready.session, ready.story.line, ready.mariam, contact.id)
    answering.finish(ready.session, ready.story.line, ready.mariam, contact.id)
    ready.save()
    ready.story.do_owed()
    assert len(texts(ready)) == 1
    assert ready.row().closed_at is None
    assert ready.attempts() == ["written"]


def test_who_answers_and_is_talked_with_is_off_the_list(ready: CallingBack):
    contact = write(ready)
    ready.story.company.text("yes")
    answering.end_talk(ready.session, ready.story.line, ready.mariam, contact.id)
    answering.finish(ready.session, ready.story.line, ready.mariam, contact.id)
    ready.save()
    assert ready.row().ending == "talked"


def test_who_is_busy_writes_to_nobody_else(ready: CallingBack):
    write(ready)
    with pytest.raises((ReservationOver, NotPossibleNow)):
        write(ready)


def test_a_conversation_that_the_child_has_begun_meanwhile_is_not_begun_again(ready: CallingBack):
    ready.story.company.text("hello?")
    row: MissedContact = ready.row()
    with pytest.raises(NotPossibleNow):
        writing_first.write_first(ready.session, ready.story.line, ready.mariam, row.id)


def test_it_can_be_handed_over(ready: CallingBack):
    contact = write(ready)
    conversing.hand_over(ready.session, ready.story.line, ready.mariam, contact.id, None)
    ready.save()
    assert ready.session.get_one(Contact, contact.id).state == "waiting"
