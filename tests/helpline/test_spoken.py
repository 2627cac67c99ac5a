"""What a caller says where keys are asked for raises the level as a text would, and always leads on."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact, ContactEvent
from tests.helpline.phone_company import ChildsCall, PhoneCompany

IN_DANGER = "my father has a knife and he is outside my door right now"


def say(child: ChildsCall, words: str, confidence: str = "0.81") -> None:
    child.ask(child.heard.find("Gather").get("action"), SpeechResult=words, Confidence=confidence)


def until_on_hold(child: ChildsCall) -> ChildsCall:
    for _ in range(12):
        if child.heard.find("Enqueue") is not None:
            return child
        child.stay_silent()
    raise AssertionError(child.heard.xml)


@pytest.fixture
def contact(session: Session, phone_company: PhoneCompany) -> Contact:
    """A child who has just called."""
    phone_company.child = phone_company.call()
    return session.scalars(select(Contact)).one()


def test_danger_told_to_a_menu_counts_as_soon_as_the_menus_end(session, phone_company, contact):
    say(phone_company.child, IN_DANGER)
    until_on_hold(phone_company.child)

    session.refresh(contact)
    assert (contact.state, contact.level) == ("waiting", "critical")


def test_danger_told_while_waiting_counts_at_once(session, phone_company, contact):
    child = until_on_hold(phone_company.child)
    session.refresh(contact)
    before = contact.level
    child.wait_on_hold()
    child.ask("/voice/waiting?n=99", SpeechResult=IN_DANGER, Confidence="0.2", QueueSid="QU" + "b" * 32)

    session.refresh(contact)
    assert before != "critical"
    assert contact.level == "critical"


def test_what_means_nothing_to_the_rules_lowers_nothing_and_leads_on(session, phone_company, contact):
    phone_company.child.press("9")
    say_again = until_on_hold(phone_company.child)
    say_again.ask("/voice/waiting?n=99", SpeechResult="la la la", Confidence="0.99", QueueSid="QU" + "b" * 32)

    session.refresh(contact)
    assert contact.level == "critical"
    assert say_again.heard.status == 200


@pytest.mark.parametrize(("told", "kept"), [("0.4", 0.4), ("", None), ("nan", None), ("7", None), ("sure", None)])
def test_the_recognisers_confidence_is_kept_and_the_words_are_not(session, phone_company, contact, told, kept):
    say(phone_company.child, IN_DANGER, told)

    event = session.scalars(select(ContactEvent).where(ContactEvent.kind == "contact.spoke")).one()
    assert event.detail["confidence"] == kept
    assert "knife" not in str(event.detail) + str(contact.signals)


def test_the_same_webhook_again_changes_nothing(session, phone_company, contact):
    target = phone_company.child.heard.find("Gather").get("action")
    say(phone_company.child, IN_DANGER)
    first = phone_company.child.heard.xml
    phone_company.child.ask(target, SpeechResult=IN_DANGER, Confidence="0.81")

    spoke = session.scalars(select(ContactEvent).where(ContactEvent.kind == "contact.spoke")).all()
    assert phone_company.child.heard.xml == first
    assert len(spoke) == 1
