"""A child writes: kept, answered once and calmly, joined into one conversation."""

import threading

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.alerts import list_open_alerts
from helpline.contacts.models import Contact
from helpline.line import Line
from helpline.live_queue.entries import list_queue
from helpline.staff.models import Staff
from tests.helpline.phone_company import CHILD, HELPLINE, Heard, PhoneCompany
from tests.helpline.texting.story import (
    FIRST_SID,
    SECOND_SID,
    bodies,
    contacts,
)
from triage.model import RiskLevel


def test_a_first_text_opens_one_contact_and_gets_one_reply_in_its_own_language(
    phone_company: PhoneCompany, session: Session, line: Line
):
    answer = Heard(200, phone_company.text("مرحبا، أنا خائف").text)

    [contact] = contacts(session)
    assert (contact.channel, contact.language, contact.state, contact.level) == ("sms", "ar", "waiting", "elevated")
    assert answer.verbs == ["Message"]
    assert answer.text == line.speaker.text("text.welcome", "ar")
    assert bodies(session, line, contact, "in") == ["مرحبا، أنا خائف"]
    assert bodies(session, line, contact, "out") == [answer.text]


def test_a_second_text_joins_the_conversation_and_gets_no_automatic_reply(
    phone_company: PhoneCompany, session: Session, line: Line
):
    phone_company.text("hello")
    answer = Heard(200, phone_company.text("are you there").text)

    [contact] = contacts(session)
    assert answer.verbs == []
    assert bodies(session, line, contact, "in") == ["hello", "are you there"]


def test_a_text_after_the_conversation_has_ended_opens_a_new_one(
    phone_company: PhoneCompany, session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    answering.end_talk(session, line, counsellor, conversation.id)
    session.commit()

    answer = Heard(200, phone_company.text("one more thing").text)

    assert [contact.state for contact in contacts(session)] == ["wrap_up", "waiting"]
    assert answer.verbs == ["Message"]


def test_the_same_text_again_gets_the_same_answer_and_is_kept_once(
    phone_company: PhoneCompany, session: Session, line: Line
):
    first = phone_company.text("hello", sid=FIRST_SID).text
    again = phone_company.text("hello", sid=FIRST_SID).text

    [contact] = contacts(session)
    assert again == first
    assert bodies(session, line, contact, "in") == ["hello"]


def test_first_texts_and_their_copies_at_the_same_moment_are_one_conversation(
    app: Flask, phone_company: PhoneCompany, session: Session, line: Line
):
    start, answers = threading.Barrier(8), []

    def send(sid: str) -> None:
        company = PhoneCompany(app, "https://help.example.org")
        start.wait()
        answers.append((sid, company.text(f"I am {sid[-1]}", sid=sid).text))

    senders = [threading.Thread(target=send, args=(sid,)) for sid in (FIRST_SID, SECOND_SID) * 4]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(20)

    [contact] = contacts(session)
    assert sorted(bodies(session, line, contact, "in")) == ["I am 1", "I am 2"]
    assert len(bodies(session, line, contact, "out")) == 1
    assert len(set(answers)) == 2
    assert sorted(Heard(200, answer).verbs for answer in {told for _sid, told in answers}) == [[], ["Message"]]


def test_two_withheld_senders_are_never_one_child(phone_company: PhoneCompany, session: Session):
    phone_company.text("hello", number="anonymous")
    phone_company.text("hello", number="anonymous")

    assert [contact.caller_pseudonym for contact in contacts(session)] == [None, None]


def test_a_number_followed_by_a_line_break_is_nobodys_number(phone_company: PhoneCompany, session: Session):
    phone_company.text("hello", number=f"{CHILD}\n")

    assert [contact.caller_pseudonym for contact in contacts(session)] == [None]


def test_a_text_to_a_number_that_takes_no_texts_is_refused(phone_company: PhoneCompany, session: Session):
    about = {"MessageSid": FIRST_SID, "From": CHILD, "To": "+97444000918", "Body": "hello"}

    assert phone_company.post("/sms/incoming", **about).status_code == 403
    assert contacts(session) == []


def test_a_child_whose_text_could_not_be_kept_is_told_so(phone_company: PhoneCompany, session: Session, line: Line):
    session.execute(text("ALTER TABLE messages RENAME TO messages_away"))
    session.commit()

    answer = Heard(200, phone_company.text("help me").text)

    assert answer.text == line.speaker.text("text.fault", "en")
    assert contacts(session) == []


def test_by_whatsapp_it_is_a_conversation_of_its_own_and_the_same_caller(
    phone_company: PhoneCompany, session: Session, line: Line
):
    phone_company.text("by SMS")
    phone_company.text("by WhatsApp", number=f"whatsapp:{CHILD}", to=f"whatsapp:{HELPLINE}")

    by_sms, by_whatsapp = contacts(session)
    assert by_whatsapp.line == f"whatsapp:{HELPLINE}" and by_sms.line == HELPLINE
    assert by_sms.caller_pseudonym == by_whatsapp.caller_pseudonym


def test_a_copy_that_comes_days_later_is_not_kept_again(phone_company: PhoneCompany, session: Session, line: Line):
    phone_company.text("hello", sid=FIRST_SID)
    session.execute(text("DELETE FROM webhook_receipts"))
    session.commit()

    answer = Heard(200, phone_company.text("hello", sid=FIRST_SID).text)

    [contact] = contacts(session)
    assert answer.verbs == []
    assert bodies(session, line, contact, "in") == ["hello"]


def test_whoever_asks_what_was_said_gets_the_answer_that_strangers_get(
    phone_company: PhoneCompany, session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    answering.end_talk(session, line, counsellor, conversation.id)
    session.commit()

    known = Heard(200, phone_company.text("what did I tell you").text)
    stranger = Heard(200, phone_company.text("what did I tell you", number="+97455999888").text)

    assert known.text == stranger.text == line.speaker.text("text.welcome", "en")
    first, second, _third = contacts(session)
    assert (first.state, second.state) == ("wrap_up", "waiting")


def test_a_later_text_that_tells_of_danger_is_an_alarm_to_whoever_has_the_conversation(
    phone_company: PhoneCompany, session: Session, line: Line, conversation: Contact
):
    before = conversation.level
    phone_company.text("he has a knife and he is going to kill me")

    [contact] = contacts(session)
    assert RiskLevel(contact.level) > RiskLevel(before)
    assert [alert.kind for alert, _contact in list_open_alerts(session, contact.id)] == ["level_rose"]


def test_while_it_waits_such_a_text_moves_it_forward_at_once(phone_company: PhoneCompany, session: Session, line: Line):
    phone_company.text("hello", number="+97455999888")
    phone_company.text("hello")
    phone_company.text("he has a knife and he is going to kill me")

    [first, _second] = [entry.contact_id for entry, _contact in list_queue(session)]
    assert first == contacts(session)[1].id
