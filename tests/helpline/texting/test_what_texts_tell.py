"""The words of a text decide its place in the queue, at once and upward only."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from tests.helpline.phone_company import PhoneCompany


def level_of(session: Session) -> str:
    session.expire_all()
    return str(session.scalars(select(Contact.level)).one())


def reasons_of(session: Session) -> set[str]:
    return {reason["rule"] for reason in session.scalars(select(Contact.reasons)).one()}


def test_a_text_of_danger_is_critical_with_its_reason(phone_company: PhoneCompany, session: Session):
    phone_company.text("اخوي يهددنا بالمسدس الحين")
    assert level_of(session) == "critical"
    assert "weapon.in_hand" in reasons_of(session)


def test_a_wish_to_die_in_three_texts_is_high_with_the_last(phone_company: PhoneCompany, session: Session):
    for text in ("i want", "to", "die"):
        phone_company.text(text)
    assert level_of(session) == "high"
    assert "suicide.intent" in reasons_of(session)


def test_a_joke_after_danger_lowers_nothing(phone_company: PhoneCompany, session: Session):
    phone_company.text("my dad has a knife")
    phone_company.text("hahaha only joking, thanks bye")
    assert level_of(session) == "critical"


def test_a_text_that_no_rule_understands_is_elevated_and_says_so(phone_company: PhoneCompany, session: Session):
    phone_company.text("xqzt vrmk plon drii")
    assert level_of(session) == "elevated"
    assert "text_unread_by_rules" in reasons_of(session)
