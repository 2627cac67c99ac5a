"""What a counsellor writes reaches the child once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.models import Contact, Message
from helpline.jobs.duties import perform_owed
from helpline.line import Line
from helpline.outbox.models import OwedWork
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from helpline.telephony.segments import Measured, measure_text
from helpline.texting.sending import ContactNotYours, TextTooLong
from tests.helpline.phone_company import CHILD, HELPLINE, PhoneCompany
from tests.helpline.telephone_rest import Reply, TelephoneRest
from tests.helpline.texting.story import (
    FIRST_SID,
    SECOND_SID,
    company_that_loses_its_first_answer,
    company_that_takes_texts,
    hire,
    sent,
    take,
    try_again,
    write,
)


def test_only_the_counsellor_of_the_conversation_writes_in_it(
    session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    other = hire(session, line, "two")
    with pytest.raises(ContactNotYours):
        answering.write_text(session, line, other, conversation.id, "hello")
    session.rollback()

    answering.end_talk(session, line, counsellor, conversation.id)
    with pytest.raises(ContactNotYours):
        answering.write_text(session, line, counsellor, conversation.id, "hello")


def test_what_a_counsellor_writes_is_sent_once(
    session: Session, line: Line, conversation: Contact, counsellor: Staff, rest: TelephoneRest
):
    rest.reply = lambda _asked: (201, {"sid": FIRST_SID, "status": "queued"})
    message, work_id = write(session, line, counsellor, conversation, "I am here")

    perform_owed(work_id)
    perform_owed(work_id)

    session.refresh(message)
    assert (message.message_sid, message.status) == (FIRST_SID, "queued")
    assert sent(rest) == ["I am here"]
    [asked] = rest.asked
    assert (asked.form["To"], asked.form["From"]) == (CHILD, HELPLINE)


def test_a_refused_text_shows_its_code_and_is_not_tried_again(
    session: Session, line: Line, conversation: Contact, counsellor: Staff, rest: TelephoneRest
):
    rest.fails_with(400, 21610)  # the child has written STOP
    message, work_id = write(session, line, counsellor, conversation, "I am here")

    perform_owed(work_id)

    session.refresh(message)
    assert (message.status, message.error_code) == ("failed", "21610")
    assert session.get_one(OwedWork, work_id, populate_existing=True).done_at is not None


@pytest.mark.parametrize(("really_sends", "sid", "times"), [(True, FIRST_SID, 1), (False, SECOND_SID, 2)])
def test_after_an_unsure_try_we_look_before_sending_again(
    session: Session,
    line: Line,
    conversation: Contact,
    counsellor: Staff,
    rest: TelephoneRest,
    really_sends: bool,
    sid: str,
    times: int,
):
    rest.reply = company_that_loses_its_first_answer([], really_sends)
    message, work_id = write(session, line, counsellor, conversation, "ok")

    perform_owed(work_id)
    try_again(session, work_id)

    session.refresh(message)
    assert message.message_sid == sid
    assert len(sent(rest)) == times


def test_an_earlier_text_with_the_same_words_is_not_taken_for_the_lost_one(
    session: Session, line: Line, conversation: Contact, counsellor: Staff, rest: TelephoneRest
):
    earlier, _work = write(session, line, counsellor, conversation, "ok")
    session.execute(update(Message).where(Message.id == earlier.id).values(message_sid="SM" + "0" * 32))
    session.commit()
    rest.reply = company_that_loses_its_first_answer(["SM" + "0" * 32], really_sends=False)
    message, work_id = write(session, line, counsellor, conversation, "ok")

    perform_owed(work_id)
    try_again(session, work_id)

    session.refresh(message)
    assert message.message_sid == SECOND_SID


def test_texts_keep_their_order_when_the_first_is_held_up(
    session: Session, line: Line, conversation: Contact, counsellor: Staff, rest: TelephoneRest
):
    rest.fails_with(429, 20429)
    _first, first_work = write(session, line, counsellor, conversation, "one")
    second, second_work = write(session, line, counsellor, conversation, "two")
    perform_owed(first_work)
    rest.asked.clear()
    rest.reply = company_that_takes_texts

    perform_owed(second_work)
    assert sent(rest) == []
    try_again(session, first_work)
    try_again(session, latest_work(session, second))

    assert sent(rest) == ["one", "two"]


def latest_work(session: Session, message: Message) -> int:
    """The number of the newest work that owes this text."""
    query = select(OwedWork.id).where(OwedWork.subject == str(message.id)).order_by(OwedWork.id.desc())
    return session.scalars(query.limit(1)).one()


def test_no_more_texts_go_in_half_a_minute_than_the_telephone_company_takes(
    session: Session, line: Line, conversation: Contact, counsellor: Staff, rest: TelephoneRest
):
    rest.reply = company_that_takes_texts
    most = line.helpline.texting.most_in_30_s

    for number in range(most + 1):
        message, work_id = write(session, line, counsellor, conversation, f"text {number}")
        perform_owed(work_id)

    assert len(sent(rest)) == most
    later = session.get_one(OwedWork, latest_work(session, message)).due_at - utc_now()
    assert timedelta(seconds=15) < later < timedelta(seconds=31)


def test_too_many_texts_between_two_numbers_is_tried_again_and_is_no_failure(
    session: Session, line: Line, conversation: Contact, counsellor: Staff, rest: TelephoneRest
):
    rest.fails_with(400, 14107)
    message, work_id = write(session, line, counsellor, conversation, "hello")
    perform_owed(work_id)
    session.refresh(message)
    assert message.status == "owed"

    rest.reply = company_that_takes_texts
    try_again(session, work_id)

    session.refresh(message)
    assert message.status == "queued"


def test_a_text_made_before_ours_was_written_is_not_the_lost_one(
    session: Session, line: Line, conversation: Contact, counsellor: Staff, rest: TelephoneRest
):
    answer = company_that_loses_its_first_answer([FIRST_SID], really_sends=False)
    rest.reply = lambda asked: dated(answer(asked), "Mon, 05 Jan 2026 08:00:00 +0000")
    message, work_id = write(session, line, counsellor, conversation, "ok")

    perform_owed(work_id)
    try_again(session, work_id)

    session.refresh(message)
    assert message.message_sid == SECOND_SID


def dated(reply: Reply, made: str) -> Reply:
    """The reply with this time on each text it lists."""
    status, told = reply
    for listed in told.get("messages", ()):
        listed["date_created"] = made
    return status, told


def test_a_whatsapp_conversation_is_answered_by_whatsapp(
    phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff, rest: TelephoneRest
):
    phone_company.text("hello", number=f"whatsapp:{CHILD}", to=f"whatsapp:{HELPLINE}")
    rest.reply = lambda _asked: (201, {"sid": FIRST_SID, "status": "queued"})
    _message, work_id = write(session, line, counsellor, take(session, line, counsellor), "I am here")

    perform_owed(work_id)

    [asked] = rest.asked
    assert (asked.form["To"], asked.form["From"]) == (f"whatsapp:{CHILD}", f"whatsapp:{HELPLINE}")


@pytest.mark.parametrize("body", ["a" * 1601, "م" * 1601, "😀" * 801])
def test_a_text_longer_than_the_telephone_company_takes_is_refused(
    session: Session, line: Line, conversation: Contact, counsellor: Staff, body: str
):
    with pytest.raises(TextTooLong):
        answering.write_text(session, line, counsellor, conversation.id, body)


@pytest.mark.parametrize(
    ("body", "encoding", "parts"),
    [
        ("", "GSM-7", 0),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("€" * 80, "GSM-7", 1),
        ("a" * 152 + "€" * 77, "GSM-7", 3),  # 306 places, but a euro sign is never cut in two
        ("م" * 70, "UCS-2", 1),
        ("م" * 71, "UCS-2", 2),
        ("it’s " + "a" * 66, "UCS-2", 2),
        ("😀" * 36, "UCS-2", 2),
    ],
)
def test_a_text_is_measured_as_the_network_cuts_it(body: str, encoding: str, parts: int):
    assert measure_text(body) == Measured(encoding, parts)
