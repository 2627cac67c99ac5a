"""A child writes: kept, answered once, joined into one conversation; and what we write back arrives once."""

import threading
import time
from collections.abc import Callable, Iterator
from itertools import permutations

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from config.settings import Settings
from helpline import answering
from helpline.contacts.messages import STATUS_RANK, add_message, hear_of_message, list_messages, open_body
from helpline.contacts.models import Contact, Message
from helpline.contacts.stages import lock_contact
from helpline.jobs.duties import perform_owed
from helpline.line import Line
from helpline.live_queue.dispatch import offer_all
from helpline.live_queue.models import Reservation
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.staff.accounts import create_staff
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.store.db import db
from helpline.texting.sending import ContactNotYours
from tests.helpline.conftest import settings_for
from tests.helpline.phone_company import CHILD, HELPLINE, Heard, PhoneCompany
from tests.helpline.telephone_rest import Asked, Reply, TelephoneRest, run_telephone_rest
from tests.servers import TestPostgres

FIRST_SID, SECOND_SID = "SM" + "1" * 32, "SM" + "2" * 32


@pytest.fixture
def rest() -> Iterator[TelephoneRest]:
    with run_telephone_rest() as rest:
        yield rest


@pytest.fixture
def settings(postgres: TestPostgres, migrated_database: str, redis_url: str, rest: TelephoneRest) -> Settings:
    database = postgres.create_database(copy_of=migrated_database)
    return settings_for(database, redis_url, TWILIO_API_BASE_URL=rest.url)


@pytest.fixture
def counsellor(session: Session, line: Line) -> Staff:
    return hire(session, line, "one")


@pytest.fixture
def conversation(phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff) -> Contact:
    """A child who has written, and the counsellor who has taken it."""
    phone_company.text("are you there?")
    offer_all(session, line.policy, line.helpline.queue.offer_s)
    reservation = session.scalars(select(Reservation)).one()
    answering.accept(session, line, counsellor, reservation.id)
    session.commit()
    return session.get_one(Contact, reservation.contact_id)


def hire(session: Session, line: Line, name: str) -> Staff:
    about = {"name": name, "role": "counsellor", "languages": ["ar", "en"], "device_number": None, "actor": "operator"}
    person = create_staff(session, line.keys, email=f"{name}@helpline.example", **about)
    set_activity(session, person, "available", "operator")
    session.commit()
    return person


def contacts(session: Session) -> list[Contact]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Contact).order_by(Contact.opened_at)))


def bodies(session: Session, line: Line, contact: Contact, direction: str) -> list[str]:
    session.rollback()
    return [open_body(line.keys, m) for m in list_messages(session, contact.id) if m.direction == direction]


def write(session: Session, line: Line, counsellor: Staff, conversation: Contact, body: str) -> tuple[Message, int]:
    """The counsellor writes; returns the text and the number of the work that owes it."""
    message = answering.write_text(session, line, counsellor, conversation.id, body)
    work_id = session.scalars(select(OwedWork.id).where(OwedWork.subject == str(message.id))).one()
    commit(session, line.bell)
    return message, work_id


def try_again(session: Session, work_id: int) -> None:
    """The pause after a failed try is over."""
    session.execute(text("UPDATE owed_work SET due_at = now(), leased_until = NULL WHERE id = :id"), {"id": work_id})
    session.commit()
    perform_owed(work_id)


def sent(rest: TelephoneRest) -> list[str]:
    """The texts that the telephone company was asked to send."""
    return [asked.form["Body"] for asked in rest.asked if asked.method == "POST" and asked.what == "Messages"]


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


def test_pictures_are_counted_and_never_fetched(phone_company: PhoneCompany, session: Session, rest: TelephoneRest):
    media = {"NumMedia": "2", "MediaUrl0": f"{rest.url}/a", "MediaContentType0": "image/png", "MediaUrl1": rest.url}
    about = {"MessageSid": FIRST_SID, "From": CHILD, "To": HELPLINE, "Body": ""}

    assert phone_company.post("/sms/incoming", **about | media).status_code == 200

    assert session.scalars(select(Message.media_count).where(Message.direction == "in")).all() == [2]
    assert rest.asked == []


def test_a_count_of_pictures_that_is_none_loses_no_text(phone_company: PhoneCompany, session: Session):
    for number, count in enumerate(["-1", "many", "", "9" * 30, "٣x"]):
        about = {"MessageSid": f"SM{number:032}", "From": CHILD, "To": HELPLINE, "Body": "hello", "NumMedia": count}
        assert phone_company.post("/sms/incoming", **about).status_code == 200

    assert session.scalars(select(Message.media_count).where(Message.direction == "in")).all() == [0] * 5


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


def test_delivery_states_in_every_order_end_at_the_furthest(session: Session, line: Line, conversation: Contact):
    for order in permutations(["queued", "sending", "sent", "delivered", "a new word"]):
        about = {"direction": "out", "sent_by": "flow", "status": "owed"}
        message = add_message(session, line.keys, conversation, "hello", **about)
        furthest = 0
        for state in order:
            hear_of_message(session, message, state, None)
            furthest = max(furthest, STATUS_RANK.get(state, 0))
            assert message.status_rank == furthest
        assert message.status == "delivered"
    session.rollback()


def test_a_text_that_was_not_delivered_shows_why_and_a_late_sent_changes_nothing(
    phone_company: PhoneCompany, session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    message, _work = write(session, line, counsellor, conversation, "hello")
    callback = f"/sms/status?message={message.id}"

    phone_company.post(callback, MessageSid=FIRST_SID, MessageStatus="undelivered", ErrorCode="30003")
    phone_company.post(callback, MessageSid=FIRST_SID, MessageStatus="sent")

    session.refresh(message)
    assert (message.status, message.error_code, message.message_sid) == ("undelivered", "30003", FIRST_SID)


@pytest.mark.parametrize("about", ["", "?message=nonsense", "?message=00000000-0000-0000-0000-000000000000"])
def test_a_word_about_a_text_that_is_not_ours_is_taken_and_forgotten(phone_company: PhoneCompany, about: str):
    answer = phone_company.post(f"/sms/status{about}", MessageSid=FIRST_SID, MessageStatus="sent")
    assert answer.status_code == 204


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


def company_that_loses_its_first_answer(known: list[str], really_sends: bool) -> Callable[[Asked], Reply]:
    """Answers 503 to the first text, sent or not. `known` are earlier texts of the same words, listed first."""
    texts, lost = [{"sid": sid, "body": "ok"} for sid in known], []

    def reply(asked: Asked) -> Reply:
        if asked.method == "GET":
            return 200, {"messages": texts, "page": 0, "page_size": 20, "next_page_uri": None, "uri": "/"}
        if lost:
            return 201, {"sid": SECOND_SID, "status": "queued"}
        lost.append(asked)
        if really_sends:
            texts.append({"sid": FIRST_SID, "body": "ok"})
        return 503, {"code": 20500, "message": "lost", "status": 503}

    return reply


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


def test_a_delivery_told_while_we_still_hear_the_answer_is_not_taken_back(
    app: Flask, session: Session, line: Line, conversation: Contact, counsellor: Staff, rest: TelephoneRest
):
    message, work_id = write(session, line, counsellor, conversation, "hello")
    conversation_id, message_id = conversation.id, message.id

    def be_delivered(told: threading.Event) -> None:
        """A callback of this text, in the middle of its transaction when the answer to our request comes back."""
        with app.app_context():
            lock_contact(db.session(), conversation_id)
            hear_of_message(db.session(), db.session.get_one(Message, message_id), "delivered", None)
            db.session.flush()
            told.set()
            time.sleep(0.5)
            db.session.commit()

    def reply(_asked: Asked) -> Reply:
        told = threading.Event()
        threading.Thread(target=be_delivered, args=(told,)).start()
        told.wait(5)
        return 201, {"sid": FIRST_SID, "status": "queued"}

    rest.reply = reply
    perform_owed(work_id)

    session.refresh(message)
    assert (message.status, message.message_sid) == ("delivered", FIRST_SID)
