"""A child who has come to the wrong language changes it with #, at any time, and people who speak it are found."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact, ContactEvent
from helpline.line import Line
from helpline.live_queue.dispatch import offer_all
from helpline.live_queue.models import QueueEntry, Reservation
from helpline.staff.accounts import create_staff
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from tests.helpline.phone_company import ChildsCall, PhoneCompany

RIGHT_PLACE = {"ar": "أنت في المكان الصحيح", "en": "You are in the right place"}


@pytest.fixture
def waiting(phone_company: PhoneCompany) -> ChildsCall:
    """A child who pressed 0 in the first words, so that nobody knows their language, and waits in Arabic."""
    call = phone_company.call()
    call.press("0")
    call.wait_on_hold()
    return call


def hire(session: Session, line: Line, language: str) -> Staff:
    facts = {"name": language, "role": "counsellor", "device_number": "+97455000101", "actor": "operator"}
    email = f"{language}@helpline.example"
    person = create_staff(session, line.keys, email=email, languages=[language], **facts)
    set_activity(session, person, "available", "operator")
    session.commit()
    return person


def test_the_same_line_is_heard_again_in_the_other_language(waiting: ChildsCall, session: Session):
    assert RIGHT_PLACE["ar"] in waiting.heard.text
    waiting.press("#")
    assert RIGHT_PLACE["en"] in waiting.heard.text and RIGHT_PLACE["ar"] not in waiting.heard.text
    waiting.stay_silent()
    assert "To talk with a woman, press 1." in waiting.heard.text

    assert session.scalars(select(Contact.language)).one() == "en"
    chosen = session.scalars(select(ContactEvent.detail).where(ContactEvent.kind == "language.chosen")).all()
    assert chosen == [{"language": "en"}]


def test_who_speaks_only_the_other_language_is_told_the_key_in_it(waiting: ChildsCall):
    assert "For English, press hash" in waiting.heard.text
    waiting.press("#")
    assert "للعربية، اضغط علامة المربع" in waiting.heard.text


@pytest.mark.parametrize(("pressed", "language"), [((), "ar"), (("#",), "en"), (("#", "#"), "ar")])
def test_the_child_is_offered_to_who_speaks_the_language_of_now(
    waiting: ChildsCall, session: Session, line: Line, pressed: tuple[str, ...], language: str
):
    people = {code: hire(session, line, code).id for code in ("ar", "en")}
    for key in pressed:
        waiting.press(key)
    offer_all(session, line.policy, line.helpline.queue.offer_s)
    session.commit()

    assert session.scalars(select(QueueEntry.language)).one() == language
    assert session.scalars(select(Reservation.counsellor_id)).all() == [people[language]]


def test_the_same_webhook_twice_is_one_change(waiting: ChildsCall, session: Session):
    action = waiting.heard.find("Gather").get("action")
    first = waiting.ask(action, Digits="#").text
    assert waiting.ask(action, Digits="#").text == first
    assert len(session.scalars(select(ContactEvent).where(ContactEvent.kind == "language.chosen")).all()) == 1


def test_in_a_menu_the_question_is_asked_again_and_nothing_answered_is_lost(
    phone_company: PhoneCompany, session: Session
):
    call = phone_company.call()
    call.press("1")
    call.press("1")
    asked = call.heard.text
    call.press("#")
    assert "What is it about?" in call.heard.text and call.heard.text != asked
    call.press("1")
    told = {signal["name"] for signal in session.scalars(select(Contact.signals)).one()}
    assert {"caller_child", "about_violence"} <= told
