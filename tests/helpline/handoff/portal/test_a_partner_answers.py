"""A partner gets a letter, opens its page, answers, tells how it goes on and how it ended; in both languages."""

import re

import pytest

from helpline.handoff.asking import MemberFacts
from tests.helpline.handoff.partners_side import ask, offer_to
from tests.helpline.handoff.portal.desk import CITY, SHELTERS, SOUTH, Desk

GIRL = MemberFacts(sex="female", age=15)


def test_a_centre_acknowledges_accepts_and_brings_it_to_an_end(desk: Desk):
    ask(desk.scene, "family_counselling")
    desk.open(CITY)
    assert desk.title == "The helpline asks for your help"
    assert offer_to(desk.scene, CITY).state == "seen"
    desk.act("acknowledge")
    assert "We know that you have seen it" in desk.text
    assert "Danger, as we see it" in desk.facts
    desk.act("accept", name="Huda")
    assert (desk.title, desk.scene.handoff.responsible) == ("You have taken this on", "partner")
    desk.act("advance", phase="booked", version=str(desk.scene.handoff.version))
    desk.act("advance", phase="attended", version=str(desk.scene.handoff.version))
    desk.act("confirm", outcome="finished", by="Huda", version=str(desk.scene.handoff.version))
    assert (desk.title, desk.scene.handoff.state) == ("Thank you", "completed")
    assert "Danger" not in desk.facts


def test_in_arabic_the_page_runs_from_the_right_and_no_english_is_left(desk: Desk):
    ask(desk.scene, "family_counselling")
    desk.open(CITY, "ar")
    assert desk.title == "خط المساعدة يطلب مساعدتكم"
    for act, fields in (("acknowledge", {}), ("accept", {"name": "هدى"}), ("advance", {"phase": "booked"})):
        assert 'lang="ar" dir="rtl"' in desk.browser.page.text
        assert re.findall(r"[a-z]{2,}", desk.text.replace("English", "")) == []
        desk.act(act, **fields)
    assert desk.scene.handoff.phase == "booked"


def test_without_a_wish_the_page_speaks_the_partners_first_language(desk: Desk):
    ask(desk.scene, "family_counselling")
    desk.browser.open(desk.link_of(CITY))
    assert 'lang="ar"' in desk.browser.page.text


def test_declined_the_next_one_has_a_letter_in_the_same_breath(desk: Desk):
    ask(desk.scene, "family_counselling")
    desk.open(CITY).act("decline", code="no_capacity")
    assert desk.title == "Nothing is left to do here" and not desk.facts
    assert desk.letters_to(SOUTH)


def test_other_without_words_is_not_sent_and_the_form_keeps_what_was_typed(desk: Desk):
    ask(desk.scene, "family_counselling")
    desk.open(CITY).act("decline", code="other")
    assert (desk.status, desk.has(".fault")) == (422, True)
    assert '<option value="other" selected>' in desk.browser.page.text
    assert offer_to(desk.scene, CITY).state == "seen"


def test_the_wrong_office_has_no_pin_and_can_say_so(desk: Desk):
    ask(desk.scene, "family_counselling")
    desk.open(CITY).act("wrong_office", pin="")
    assert (desk.status, offer_to(desk.scene, CITY).state) == (422, "seen")
    desk.act("wrong_office", pin="", sure="yes")
    assert offer_to(desk.scene, CITY).state == "declined"
    assert "wrong_office" in desk.scene.story


def test_given_back_it_is_ours_at_once_and_the_page_tells_nothing_more(desk: Desk):
    ask(desk.scene, "family_counselling")
    desk.open(CITY).act("accept", name="Huda")
    desk.act("return", reason="no_capacity", version=str(desk.scene.handoff.version))
    assert (desk.scene.handoff.state, desk.scene.handoff.responsible) == ("returned", "us")
    assert not desk.facts and desk.may == set()


def test_what_has_moved_on_since_the_page_was_opened_is_looked_at_again_first(desk: Desk):
    ask(desk.scene, "family_counselling")
    desk.open(CITY).act("accept", name="Huda")
    stale = str(desk.scene.handoff.version)
    desk.act("advance", phase="booked", version=stale)
    desk.act("confirm", outcome="finished", by="Huda", version=stale)
    assert "things have moved on" in desk.text
    assert desk.scene.handoff.state == "in_progress"


def test_the_same_form_twice_accepts_once(desk: Desk):
    ask(desk.scene, "family_counselling")
    desk.open(CITY)
    assert [desk.act_now("accept", name="Huda") for _ in range(2)] == [303, 303]
    assert desk.scene.story.count("accept") == 1


def test_called_back_after_it_was_seen_they_say_that_it_is_deleted(desk: Desk):
    ask(desk.scene, "family_counselling")
    desk.open(CITY).act("accept", name="Huda")
    desk.scene.act("recall")
    desk.scene.do_owed()
    desk.open(CITY)
    assert desk.title == "This is called back" and "Danger" not in desk.text
    desk.act("attest_recall", by="Huda")
    assert desk.scene.handoff.state == "recalled"


def test_asked_to_stop_they_agree(desk: Desk):
    ask(desk.scene, "family_counselling")
    desk.open(CITY).act("accept", name="Huda")
    desk.scene.act("cancel", reason="child_refuses")
    desk.open(CITY)
    assert desk.may == {"agree_cancel", "confirm"}
    desk.act("agree_cancel", by="Huda", version=str(desk.scene.handoff.version))
    assert desk.scene.handoff.state == "cancelled"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_shelters_accept_and_the_second_reads_already_taken_and_no_data(desk: Desk, language: str):
    ask(desk.scene, "shelter_placement", members=[GIRL])
    first, second = desk.open(SHELTERS[0], language), desk.other_browser().open(SHELTERS[1], language)
    services = {f"service_{code}": "yes" for code in ("psychological", "medical", "legal", "schooling")}
    second.act("look")
    first.act("accept", name="Huda", **services)
    second.act("accept", name="Amal", **services)
    assert second.title == {"en": "Already taken", "ar": "تولته جهة أخرى"}[language]
    assert second.facts == "" and second.may == set() and desk.scene.handoff.ref not in second.browser.page.text
    assert desk.scene.handoff.accepted_by == SHELTERS[0]
