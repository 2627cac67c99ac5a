"""After the goodbye: one small question for who wants it, counted without a name, and still a way to a person."""

import json

import pytest
from sqlalchemy import inspect, select

from helpline import answering
from helpline.outbox.bell import commit
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from helpline.survey.counting import count_answer, list_weeks
from helpline.survey.models import SurveyCount
from tests.helpline.no_child_is_lost.call_story import CallStory
from tests.helpline.phone_company import ChildsCall

QUESTION, GOODBYE, THANKS = "One small question", "You can call again. Goodbye.", "Thank you for telling us"


def let_talk_and_end(story: CallStory, person: Staff, key: str = "0") -> ChildsCall:
    """A child has talked with her in English; she has ended the talk, and the child hears what comes next."""
    child = story.company.call()
    child.press("2")
    child.press(key)
    child.wait_on_hold()
    story.connect(child, person)
    answering.end_talk(story.session, story.line, person, story.contact(child).id)
    commit(story.session, story.line.bell)
    child.ask("/voice/room-left?n=9")
    return child


def counts(story: CallStory) -> list[tuple]:
    story.look_anew()
    return [(row.channel, row.language, row.answer, row.given) for row in story.session.scalars(select(SurveyCount))]


def test_the_question_follows_the_goodbye_and_silence_ends_the_call(story: CallStory, mariam: Staff):
    child = let_talk_and_end(story, mariam)

    assert child.heard.verbs == ["Say", "Gather", "Hangup"]
    assert child.heard.text.index(GOODBYE) < child.heard.text.index(QUESTION)


@pytest.mark.parametrize(("key", "answer"), [("1", "helped"), ("2", "helped_a_little"), ("3", "did_not_help")])
def test_an_answer_is_counted_once_and_thanked_for(story: CallStory, mariam: Staff, key: str, answer: str):
    child = let_talk_and_end(story, mariam)
    where = child.heard.find("Gather").get("action")
    child.ask(where, Digits=key)
    child.ask(where, Digits=key)  # the telephone company has not heard our answer and asks again

    assert THANKS in child.heard.text and child.heard.verbs == ["Say", "Hangup"]
    assert counts(story) == [("voice", "en", answer, 1)]


def test_nothing_of_the_answer_stays_with_the_contact(story: CallStory, mariam: Staff):
    child = let_talk_and_end(story, mariam)
    before = story.contact(child).signals
    child.press("3")

    assert story.contact(child).signals == before
    columns = {column["name"] for column in inspect(story.session.get_bind()).get_columns("survey_counts")}
    assert columns == {"week", "channel", "language", "answer", "given"}


def test_another_key_is_no_answer_and_does_no_harm(story: CallStory, mariam: Staff):
    child = let_talk_and_end(story, mariam)
    child.press("7")

    assert THANKS in child.heard.text
    assert counts(story) == []


def test_nine_after_the_goodbye_brings_the_child_back_to_a_person(story: CallStory, mariam: Staff):
    child = let_talk_and_end(story, mariam)
    child.press("9")

    assert child.heard.find("Enqueue") is not None and child.heard.find("Hangup") is None
    contact = story.contact(child)
    assert (contact.state, contact.level, contact.outcome) == ("waiting", "critical", None)
    story.connect(child, mariam)  # she is free for this child, who is next
    assert counts(story) == []


def test_nine_brings_them_back_although_the_record_is_finished_already(story: CallStory, mariam: Staff):
    child = let_talk_and_end(story, mariam)
    answering.finish(story.session, story.line, mariam, story.contact(child).id)
    commit(story.session, story.line.bell)
    child.press("9")

    contact = story.contact(child)
    assert (contact.state, contact.closed_at, contact.level) == ("waiting", None, "critical")


def test_zero_leads_to_a_person_after_the_goodbye_too(story: CallStory, mariam: Staff):
    child = let_talk_and_end(story, mariam)
    child.press("0")

    assert child.heard.find("Enqueue") is not None
    assert story.contact(child).state == "waiting"


def test_a_child_who_was_in_danger_is_not_asked(story: CallStory, mariam: Staff):
    child = let_talk_and_end(story, mariam, key="9")

    assert child.heard.verbs == ["Say", "Hangup"]


def test_a_helpline_that_does_not_want_the_question_says_goodbye_and_no_more(story: CallStory, mariam: Staff):
    silent = story.line.helpline.survey.model_copy(update={"voice": False})
    object.__setattr__(story.line, "helpline", story.line.helpline.model_copy(update={"survey": silent}))

    assert let_talk_and_end(story, mariam).heard.verbs == ["Say", "Hangup"]


def test_figures_are_shown_only_where_enough_people_answered(story: CallStory):
    today = utc_now().date()
    for _child in range(5):
        count_answer(story.session, today, "voice", "ar", "helped")
    count_answer(story.session, today, "voice", "en", "did_not_help")
    story.session.commit()

    [shown], hidden = list_weeks(story.session, 5)
    assert (shown["language"], shown["answers"]["helped"], hidden) == ("ar", 5, 1)
    told = json.loads(story.app.test_cli_runner().invoke(args=["survey", "show", "--json"]).output)
    assert [week["language"] for week in told["weeks"]] == ["ar"]
