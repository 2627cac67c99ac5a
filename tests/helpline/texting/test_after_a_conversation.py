"""After a conversation by text: one small question where it may be asked, and answers that nobody can be known by."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline import answering, conversing
from helpline.contacts.messages import SURVEY
from helpline.contacts.missed import MissedContact
from helpline.contacts.models import Contact, ContactEvent, Message
from helpline.contacts.opening import CALLER_PLACE
from helpline.intake_text import text_found_late
from helpline.jobs.duties import perform_owed
from helpline.line import Line
from helpline.live_queue.models import QueueEntry
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from helpline.survey.models import SurveyCount
from helpline.telephony.inbound import InboundText
from helpline.telephony.numbers import Caller
from helpline.texting.quiet import close_quiet
from tests.helpline.phone_company import CHILD, HELPLINE, PhoneCompany
from tests.helpline.telephone_rest import TelephoneRest
from tests.helpline.texting.story import company_that_takes_texts, contacts, sent

QUESTION = "did writing with us help?"


def end(session: Session, line: Line, counsellor: Staff, conversation: Contact) -> None:
    """The counsellor ends the talk, and the workers send what is owed."""
    answering.end_talk(session, line, counsellor, conversation.id)
    commit(session, line.bell)
    for work in session.scalars(select(OwedWork.id).where(OwedWork.kind == "send_text")).all():
        perform_owed(work)
    session.rollback()


def counted(session: Session) -> list[tuple[str, str, str, int]]:
    session.rollback()
    rows = session.scalars(select(SurveyCount))
    return [(row.channel, row.language, row.answer, row.given) for row in rows]


@pytest.fixture
def asked(rest: TelephoneRest, session: Session, line: Line, counsellor: Staff, conversation: Contact) -> Contact:
    """The conversation has ended, and the question was sent."""
    rest.reply = company_that_takes_texts
    end(session, line, counsellor, conversation)
    assert [QUESTION in body for body in sent(rest)] == [True]
    return conversation


@pytest.mark.parametrize("body", ["1", " 1. ", "١", "۱", "१", "1️⃣"])
def test_a_digit_counts_and_is_kept_nowhere_else(
    phone_company: PhoneCompany, session: Session, asked: Contact, body: str
):
    answer = phone_company.text(body)
    assert "<Message" not in answer.text
    assert counted(session) == [("sms", "en", "helped", 1)]
    assert len(contacts(session)) == 1
    assert len(session.scalars(select(Message).where(Message.direction == "in")).all()) == 1
    assert session.scalars(select(QueueEntry).where(QueueEntry.left_at.is_(None))).all() == []
    event = session.scalars(select(ContactEvent).where(ContactEvent.kind == "survey.answered")).one()
    assert event.detail == {}


def test_the_same_answer_delivered_twice_counts_once(phone_company: PhoneCompany, session: Session, asked: Contact):
    for _copy in range(2):
        phone_company.text("2", sid="SM" + "e" * 32)
    assert counted(session) == [("sms", "en", "helped_a_little", 1)]
    assert len(contacts(session)) == 1


def test_an_answer_that_is_found_late_counts_once(session: Session, line: Line, asked: Contact):
    number = line.keys.open(asked.caller_sealed, CALLER_PLACE, asked.id)
    text = InboundText("SM" + "f" * 32, HELPLINE, Caller(number, "QA"), "3", 0, (), "")
    for _look in range(2):
        text_found_late(session, line, text, utc_now())
        commit(session, line.bell)
    assert counted(session) == [("sms", "en", "did_not_help", 1)]
    assert len(contacts(session)) == 1


@pytest.mark.parametrize("body", ["9", "0", "12", "he is here again", "1 he hit me", "no"])
def test_whatever_else_is_written_then_is_a_text_like_any_other(
    phone_company: PhoneCompany, session: Session, asked: Contact, body: str
):
    assert "a person will write to you" in phone_company.text(body).text
    newest = contacts(session)[-1]
    assert (newest.id != asked.id, newest.state) == (True, "waiting")
    assert counted(session) == []


def test_a_second_digit_is_a_text_like_any_other(phone_company: PhoneCompany, session: Session, asked: Contact):
    phone_company.text("1")
    phone_company.text("2")
    assert counted(session) == [("sms", "en", "helped", 1)]
    assert [contact.state for contact in contacts(session)] == ["wrap_up", "waiting"]


def test_a_digit_after_a_day_is_a_text_like_any_other(phone_company: PhoneCompany, session: Session, asked: Contact):
    long_ago = utc_now() - timedelta(hours=25)
    session.execute(update(Message).where(Message.sent_by == SURVEY).values(created_at=long_ago))
    session.commit()
    phone_company.text("1")
    assert counted(session) == []
    assert contacts(session)[-1].state == "waiting"


def test_a_question_that_does_not_arrive_is_nothing_to_follow_up(
    phone_company: PhoneCompany, session: Session, asked: Contact
):
    message = session.scalars(select(Message).where(Message.sent_by == SURVEY)).one()
    about = {"MessageSid": message.message_sid, "MessageStatus": "undelivered", "ErrorCode": "30005"}
    phone_company.post(f"/sms/status?message={message.id}", **about)
    session.rollback()
    assert session.get_one(Message, message.id).status == "undelivered"
    assert session.scalars(select(MissedContact)).all() == []


def judged_critical(session: Session, line: Line, counsellor: Staff, conversation: Contact) -> None:
    answering.set_level(session, line, counsellor, conversation.id, "critical", "he is in the room")


def told_to_stop(session: Session, line: Line, counsellor: Staff, conversation: Contact) -> None:
    conversing.stop_all_texts(session, line, counsellor, conversation.id)


def silent_for_long(session: Session, line: Line, counsellor: Staff, conversation: Contact) -> None:
    session.execute(update(Message).values(created_at=utc_now() - timedelta(hours=1)))


@pytest.mark.parametrize("as_it_was", [judged_critical, told_to_stop, silent_for_long])
def test_nobody_is_asked_who_is_in_danger_wants_no_texts_or_has_long_stopped_writing(
    rest: TelephoneRest, session: Session, line: Line, counsellor: Staff, conversation: Contact, as_it_was
):
    as_it_was(session, line, counsellor, conversation)
    end(session, line, counsellor, conversation)
    assert sent(rest) == []


def test_nobody_is_asked_when_a_conversation_ends_by_itself(
    rest: TelephoneRest, session: Session, line: Line, conversation: Contact
):
    close_quiet(session, line, str(conversation.id))
    commit(session, line.bell)
    assert session.get_one(Contact, conversation.id).state == "wrap_up"
    assert session.scalars(select(OwedWork).where(OwedWork.kind == "send_text")).all() == []


def test_nobody_is_asked_where_the_helpline_does_not_ask(
    rest: TelephoneRest, session: Session, line: Line, counsellor: Staff, conversation: Contact
):
    quiet = line.helpline.model_copy(update={"survey": line.helpline.survey.model_copy(update={"text": False})})
    end(session, replace(line, helpline=quiet), counsellor, conversation)
    assert sent(rest) == []


def test_the_number_stays_out_of_what_is_counted(asked: Contact, phone_company: PhoneCompany, session: Session):
    phone_company.text("1")
    session.rollback()
    assert CHILD not in str([vars(row) for row in session.scalars(select(SurveyCount))])
