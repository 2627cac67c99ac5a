"""A child who can not speak is asked by a counsellor and answers with keys: out of the room for a moment, and back."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.models import ContactEvent
from helpline.contacts.questions import AskedQuestion
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.live_queue.reservations import find_active
from helpline.outbox.bell import commit
from helpline.staff.models import Staff
from tests.helpline.no_child_is_lost.call_story import CallStory
from tests.helpline.phone_company import ChildsCall


@pytest.fixture
def child(story: CallStory, mariam: Staff) -> ChildsCall:
    """A child who pressed nothing, said nothing, and is in the room with Mariam."""
    child = story.company.call()
    while child.heard.find("Gather") is not None:
        child.stay_silent()
    child.wait_on_hold()
    story.connect(child, mariam)
    assert story.contact(child).level == "elevated"
    return child


def ask(story: CallStory, mariam: Staff, child: ChildsCall, code: str) -> None:
    """She presses the button, and the worker sends the child's call to the question."""
    answering.ask_by_key(story.session, story.line, mariam, story.contact(child).id, code)
    commit(story.session, story.line.bell)
    story.do_owed()


def put(story: CallStory, mariam: Staff, child: ChildsCall, code: str) -> None:
    """The child hears the question, and the room has been told that they are out of it."""
    ask(story, mariam, child, code)
    story.leaves(story.leg_of(child), moved=True)
    story.enters(child)


def come_back(story: CallStory, child: ChildsCall) -> None:
    story.joins(story.leg_of(child))


def questions(story: CallStory) -> list[tuple[str, str | None]]:
    story.look_anew()
    asked = story.session.scalars(select(AskedQuestion).order_by(AskedQuestion.asked_at))
    return [(question.code, question.answer) for question in asked]


def is_in_room(child: ChildsCall) -> bool:
    return child.heard.find("Conference") is not None


def test_the_child_hears_the_question_and_both_keys_in_their_language(
    story: CallStory, mariam: Staff, child: ChildsCall
):
    put(story, mariam, child, "safe_now")

    assert child.heard.text.startswith("هل أنت في أمان الآن؟")
    assert "اضغط 1" in child.heard.text and "اضغط 2" in child.heard.text and "اضغط 9" in child.heard.text
    assert child.heard.find("Gather").get("numDigits") == "1"


def test_meanwhile_the_counsellor_keeps_the_child_and_is_not_let_go(story: CallStory, mariam: Staff, child: ChildsCall):
    put(story, mariam, child, "safe_now")

    contact = story.contact(child)
    assert (contact.state, contact.counsellor_id) == ("connected", mariam.id)
    assert find_active(story.session, counsellor_id=mariam.id).state == "accepted"
    assert story.owed() == []
    assert not story.ended(story.latest_leg(child).call_sid)


@pytest.mark.parametrize(
    ("code", "key", "answer", "level"),
    [
        ("safe_now", "2", "no", "critical"),
        ("safe_now", "1", "yes", "elevated"),
        ("safe_now", "9", "danger", "critical"),
        ("frightening_near", "1", "yes", "critical"),
        ("hurt", "1", "yes", "high"),
        ("at_home", "2", "no", "elevated"),
        ("at_home", "7", "none", "elevated"),
        ("at_home", "*", "none", "elevated"),
    ],
)
def test_a_key_is_the_answer_counts_by_the_rules_and_leads_back_into_the_room(
    story: CallStory, mariam: Staff, child: ChildsCall, code: str, key: str, answer: str, level: str
):
    put(story, mariam, child, code)

    child.press(key)
    come_back(story, child)

    assert is_in_room(child)
    assert questions(story) == [(code, answer)]
    contact = story.contact(child)
    assert (contact.state, contact.level) == ("connected", level)


def test_hash_is_no_answer_the_question_is_asked_again_in_the_next_language(
    story: CallStory, mariam: Staff, child: ChildsCall
):
    put(story, mariam, child, "safe_now")
    for question in ("Are you safe right now?", "هل أنت في أمان الآن؟", "Are you safe right now?"):
        child.press("#")
        assert child.heard.text.startswith(question)
    assert questions(story) == [("safe_now", None)]

    child.press("2")
    come_back(story, child)
    assert questions(story) == [("safe_now", "no")]
    contact = story.contact(child)
    assert (contact.state, contact.level, contact.language) == ("connected", "critical", "en")


def test_a_child_who_presses_nothing_comes_back_and_that_counts_for_a_little(
    story: CallStory, mariam: Staff, child: ChildsCall
):
    before = story.contact(child).score
    put(story, mariam, child, "safe_now")

    child.stay_silent()

    assert is_in_room(child)
    assert "نحن باقون معك" in child.heard.text
    assert questions(story) == [("safe_now", "none")]
    assert story.contact(child).score > before


def test_question_and_answer_are_told_as_they_happen(story: CallStory, mariam: Staff, child: ChildsCall):
    put(story, mariam, child, "hurt")
    child.press("1")

    kinds = ("question.asked", "question.answered")
    told = story.session.scalars(select(ContactEvent).where(ContactEvent.kind.in_(kinds)).order_by(ContactEvent.id))
    assert [(event.kind, event.actor, event.detail) for event in told] == [
        ("question.asked", f"staff:{mariam.id}", {"question": "hurt"}),
        ("question.answered", "caller", {"question": "hurt", "answer": "yes"}),
    ]


def test_the_first_question_alone_also_tells_of_the_danger_key(story: CallStory, mariam: Staff, child: ChildsCall):
    put(story, mariam, child, "hurt")
    child.press("2")
    come_back(story, child)

    put(story, mariam, child, "alone")

    assert "اضغط 9" not in child.heard.text


def test_one_question_at_a_time_and_no_hold_and_no_end_meanwhile(story: CallStory, mariam: Staff, child: ChildsCall):
    put(story, mariam, child, "safe_now")
    contact_id = story.contact(child).id

    for act in (
        lambda: answering.ask_by_key(story.session, story.line, mariam, contact_id, "hurt"),
        lambda: answering.hold(story.session, story.line, mariam, contact_id, True),
        lambda: answering.end_talk(story.session, story.line, mariam, contact_id),
    ):
        with pytest.raises(NotPossibleNow):
            act()
        story.session.rollback()


def test_a_question_that_nobody_reviewed_can_not_be_asked(story: CallStory, mariam: Staff, child: ChildsCall):
    with pytest.raises(Invalid):
        answering.ask_by_key(story.session, story.line, mariam, story.contact(child).id, "what_is_your_name")
    story.session.rollback()


def test_a_webhook_that_comes_twice_is_one_answer(story: CallStory, mariam: Staff, child: ChildsCall):
    put(story, mariam, child, "hurt")
    at = child.heard.find("Gather").get("action")
    first = child.ask(at, Digits="1").xml

    assert child.ask(at, Digits="1").xml == first
    assert questions(story) == [("hurt", "yes")]


def test_a_request_whose_answer_was_lost_puts_the_question_once(story: CallStory, mariam: Staff, child: ChildsCall):
    story.loses_answers_to = 1
    put(story, mariam, child, "hurt")
    child.press("1")
    come_back(story, child)
    story.make_all_work_due()
    story.do_owed()

    assert len([url for url in story.sent_to(child) if "/voice/asked" in url]) == 1
    assert is_in_room(child)


def test_a_child_who_hangs_up_while_asked_raises_the_level_and_ends_the_talk(
    story: CallStory, mariam: Staff, child: ChildsCall
):
    put(story, mariam, child, "frightening_near")

    child.hang_up()

    assert questions(story) == [("frightening_near", "gone")]
    contact = story.contact(child)
    assert (contact.state, contact.level) == ("wrap_up", "high")


def test_a_child_whose_counsellor_drops_meanwhile_answers_and_is_back_in_the_queue(
    story: CallStory, mariam: Staff, child: ChildsCall
):
    put(story, mariam, child, "safe_now")
    story.leaves(story.latest_leg(child))

    child.press("2")

    assert child.heard.find("Enqueue") is not None
    assert questions(story) == [("safe_now", "no")]
    contact = story.contact(child)
    assert (contact.state, contact.level) == ("waiting", "critical")
    story.do_owed()
    assert story.contact(child).state == "waiting"


def test_a_room_that_falls_apart_before_the_question_leads_to_the_question_all_the_same(
    story: CallStory, mariam: Staff, child: ChildsCall
):
    answering.ask_by_key(story.session, story.line, mariam, story.contact(child).id, "hurt")
    commit(story.session, story.line.bell)

    child.ask("/voice/room-left?n=99", CallStatus="in-progress")

    assert "/voice/asked" in child.heard.find("Redirect").text
    assert story.contact(child).state == "connected"


def test_a_question_of_which_nothing_is_heard_is_over_in_time_and_the_child_is_fetched_back(
    story: CallStory, mariam: Staff, child: ChildsCall
):
    put(story, mariam, child, "hurt")
    at = child.heard.find("Gather").get("action")

    story.tick(60, "question_over")
    story.do_owed()
    story.enters(child)

    assert is_in_room(child)
    assert questions(story) == [("hurt", "none")]
    child.ask(at, Digits="1")
    assert questions(story) == [("hurt", "yes")], "a key that comes late is an answer all the same"


def test_a_question_that_never_reached_the_child_leaves_them_where_they_are(
    story: CallStory, mariam: Staff, child: ChildsCall
):
    story.refused["Calls/"] = (503, {"code": 20500, "message": "not now", "status": 503})
    ask(story, mariam, child, "hurt")

    story.tick(60, "question_over")
    story.make_all_work_due()
    story.refused.clear()
    story.do_owed()

    assert questions(story) == [("hurt", "not_put")]
    assert [url for url in story.sent_to(child) if "answered" in url] == []


def test_a_call_that_is_gone_when_it_should_be_asked_is_gone(story: CallStory, mariam: Staff, child: ChildsCall):
    story.refused["Calls/"] = (404, {"code": 20404, "message": "no such call", "status": 404})

    ask(story, mariam, child, "hurt")

    assert story.contact(child).state == "wrap_up"
    assert questions(story) == [("hurt", "gone")]


def test_after_a_question_the_stay_in_the_room_has_an_address_of_its_own(
    story: CallStory, session: Session, mariam: Staff, child: ChildsCall
):
    first_stay = child.heard.find("Dial").get("action")
    put(story, mariam, child, "hurt")
    child.press("1")

    assert child.heard.find("Dial").get("action") != first_stay
