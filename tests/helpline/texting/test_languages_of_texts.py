"""A text tells its writer's language, and may ask for another one at any time."""

import pytest
from sqlalchemy.orm import Session

from helpline.line import Line
from ivr_flows.written import list_languages
from tests.helpline.phone_company import Heard, PhoneCompany
from tests.helpline.texting.story import contacts


def answer_to(phone_company: PhoneCompany, body: str) -> str:
    return Heard(200, phone_company.text(body).text).text


@pytest.mark.parametrize(
    ("body", "language"),
    [("مجھے ڈر لگ رہا ہے", "ur"), ("मुझे डर लग रहा है", "hi"), ("j'ai peur", "fr"), ("natatakot ako", "fil")],
)
def test_the_first_answer_is_in_the_language_of_the_text(
    phone_company: PhoneCompany, session: Session, line: Line, body: str, language: str
):
    assert answer_to(phone_company, body) == line.speaker.text("text.welcome", language)
    assert [contact.language for contact in contacts(session)] == [language]


def test_the_name_of_a_language_changes_it_while_nobody_writes_yet(
    phone_company: PhoneCompany, session: Session, line: Line
):
    answer_to(phone_company, "help me please")
    assert answer_to(phone_company, "اردو") == line.speaker.text("text.welcome", "ur")
    assert [contact.language for contact in contacts(session)] == ["ur"]


def test_a_number_counts_only_after_the_list_was_sent(phone_company: PhoneCompany, session: Session, line: Line):
    answer_to(phone_company, "i am scared")
    assert answer_to(phone_company, "3") == ""
    assert answer_to(phone_company, "language") == list_languages(line.flows)
    third = tuple(line.flows.speech)[2]
    assert answer_to(phone_company, "3") == line.speaker.text("text.welcome", third)
    assert answer_to(phone_company, "4") == ""
    assert [contact.language for contact in contacts(session)] == [third]
