"""A text that is only 'stop': honoured in each language, and from a child in danger put before a person first."""

import pytest
from sqlalchemy.orm import Session

from config.text_words import TextWords, load_text_words
from helpline import answering, conversing
from helpline.contacts.alerts import list_open_alerts
from helpline.contacts.models import Contact
from helpline.contacts.text_stops import list_stops
from helpline.jobs.duties import perform_owed
from helpline.line import Line
from helpline.staff.models import Staff
from helpline.texting.sending import TextsStopped
from tests.helpline.phone_company import CHILD, HELPLINE, Heard, PhoneCompany
from tests.helpline.telephone_rest import TelephoneRest
from tests.helpline.test_config import SHIPPED
from tests.helpline.texting.story import contacts, sent, take, write

WORDS = load_text_words(SHIPPED)
IN_EVERY_LANGUAGE = [(language, word) for language, words in WORDS.stop.items() for word in words]


@pytest.mark.parametrize(("language", "word"), IN_EVERY_LANGUAGE)
def test_every_word_is_known_however_it_is_written(language: str, word: str):
    assert WORDS.meaning_of(f"  {word.upper()}! ") == "stop"


@pytest.mark.parametrize("words", ["please make it stop", "قال لي توقف", "do not end this", "help me please", "", "؟"])
def test_a_sentence_with_such_a_word_is_a_sentence(words: str):
    assert WORDS.meaning_of(words) is None


def test_a_word_that_means_two_things_is_refused():
    with pytest.raises(ValueError, match="both"):
        TextWords(schema=1, reviewed_by="", stop={"en": ("end",)}, start={"en": ("End",)}, help={})


def alerts(session: Session) -> list[str]:
    session.rollback()
    return [alert.kind for alert, _contact in list_open_alerts(session)]


def stopped_by(session: Session, line: Line, contact: Contact) -> set[str]:
    session.rollback()
    return {stop.said_by for stop in list_stops(session, line.keys, contact)}


def judge(session: Session, line: Line, counsellor: Staff, contact: Contact, level: str) -> None:
    answering.set_level(session, line, counsellor, contact.id, level, "as she told it")
    session.commit()


@pytest.mark.parametrize("word", ["STOP", "قف", "arrêt", "بند کرو", "रुको", "itigil"])
def test_after_such_a_word_nothing_is_sent_and_the_counsellor_is_told_why(
    phone_company: PhoneCompany,
    session: Session,
    line: Line,
    conversation: Contact,
    counsellor: Staff,
    rest: TelephoneRest,
    word: str,
):
    _owed_before, work_id = write(session, line, counsellor, conversation, "are you there?")
    answer = Heard(200, phone_company.text(word).text)

    perform_owed(work_id)

    assert answer.verbs == [] and sent(rest) == []
    assert stopped_by(session, line, conversation) == {"child"}
    with pytest.raises(TextsStopped):
        answering.write_text(session, line, counsellor, conversation.id, "hello?")


def test_a_child_who_writes_on_is_answered_again(
    phone_company: PhoneCompany, session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    phone_company.text("stop")
    phone_company.text("sorry, I am here")

    assert stopped_by(session, line, conversation) == set()
    write(session, line, counsellor, conversation, "I am here too")


def test_from_a_child_in_danger_a_person_decides_what_stop_meant(
    phone_company: PhoneCompany, session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    judge(session, line, counsellor, conversation, "high")

    phone_company.text("stop")

    assert alerts(session) == ["stop_asked"]
    assert stopped_by(session, line, conversation) == set()
    write(session, line, counsellor, conversation, "what shall stop?")

    conversing.stop_all_texts(session, line, counsellor, conversation.id)
    session.commit()
    assert alerts(session) == []
    assert stopped_by(session, line, conversation) == {"child"}


def test_a_danger_told_by_telephone_today_counts_for_a_text_too(
    phone_company: PhoneCompany, session: Session, line: Line
):
    call = phone_company.call()
    call.press("9")

    phone_company.text("قف")

    assert alerts(session) == ["stop_asked"]


def test_a_first_text_that_is_only_stop_is_kept_for_a_person_and_not_answered(
    phone_company: PhoneCompany, session: Session
):
    answer = Heard(200, phone_company.text("stop").text)

    [contact] = contacts(session)
    assert contact.state == "waiting" and answer.verbs == []


def test_what_the_telephone_company_blocked_by_itself_is_an_alarm_at_once(
    phone_company: PhoneCompany, session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    about = {"MessageSid": "SM" + "3" * 32, "From": CHILD, "To": HELPLINE, "Body": "Stopp", "OptOutType": "STOP"}
    phone_company.post("/sms/incoming", **about)

    assert alerts(session) == ["texts_blocked"]
    assert stopped_by(session, line, conversation) == {"child", "company"}

    phone_company.text("are you there?")
    assert stopped_by(session, line, conversation) == {"company"}
    phone_company.text("START")
    assert stopped_by(session, line, conversation) == set()


def test_a_refusal_for_the_same_reason_is_an_alarm_too_and_a_call_can_be_asked_for(
    phone_company: PhoneCompany,
    session: Session,
    line: Line,
    conversation: Contact,
    counsellor: Staff,
    rest: TelephoneRest,
):
    rest.fails_with(400, 21610)
    _message, work_id = write(session, line, counsellor, conversation, "hello")
    perform_owed(work_id)

    assert alerts(session) == ["texts_blocked"]
    assert stopped_by(session, line, conversation) == {"company"}
    conversing.ask_to_call(session, line, counsellor, conversation.id)
    session.commit()


def test_help_is_answered_once_more_until_a_person_writes(
    phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff
):
    phone_company.text("hello")
    assert Heard(200, phone_company.text("مساعدة").text).verbs == ["Message"]
    assert Heard(200, phone_company.text("please").text).verbs == []

    take(session, line, counsellor)
    assert Heard(200, phone_company.text("help").text).verbs == []
