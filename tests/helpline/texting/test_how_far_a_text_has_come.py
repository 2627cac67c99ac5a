"""Delivery: states that never move back, and a failure that people see at once."""

import threading
import time
from itertools import permutations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import conversing
from helpline.contacts.alerts import list_open_alerts
from helpline.contacts.messages import STATUS_RANK, add_message, hear_of_message, open_body
from helpline.contacts.missed import MissedContact
from helpline.contacts.models import Contact, Message
from helpline.contacts.stages import NotPossibleNow, lock_contact
from helpline.floor import view_floor
from helpline.jobs.duties import perform_owed
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.outbox.owed import MAX_ATTEMPTS, replay_parked
from helpline.staff.models import Staff
from helpline.store.db import db
from helpline.texting.sending import text_status
from tests.helpline.phone_company import PhoneCompany
from tests.helpline.telephone_rest import Asked, Reply, TelephoneRest
from tests.helpline.texting.story import (
    FIRST_SID,
    try_again,
    write,
)


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


def test_a_failure_is_put_before_the_counsellor_and_the_floor_and_can_be_sent_again_once(
    phone_company: PhoneCompany, session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    message, _work = write(session, line, counsellor, conversation, "hello")
    phone_company.post(
        f"/sms/status?message={message.id}", MessageSid=FIRST_SID, MessageStatus="undelivered", ErrorCode="30003"
    )
    session.expire_all()
    assert [alert.kind for alert, _contact in list_open_alerts(session, conversation.id)] == ["not_delivered"]
    assert [alert["kind"] for alert in view_floor(session, line)["contact_alerts"]] == ["not_delivered"]

    again = conversing.send_again(session, line, counsellor, conversation.id, message.id)
    commit(session, line.bell)

    assert open_body(line.keys, again) == "hello" and again.status == "owed"
    with pytest.raises(NotPossibleNow):
        conversing.send_again(session, line, counsellor, conversation.id, message.id)


def test_a_text_given_up_after_many_tries_reads_as_failed_and_not_as_being_sent(
    session: Session, line: Line, conversation: Contact, counsellor: Staff, rest: TelephoneRest
):
    rest.fails_with(503, 20503)
    message, work_id = write(session, line, counsellor, conversation, "hello")
    for _try in range(MAX_ATTEMPTS):
        try_again(session, work_id)

    session.refresh(message)
    assert (message.status, message.error_code) == ("failed", "given_up")
    assert [alert.kind for alert, _contact in list_open_alerts(session, conversation.id)] == ["not_delivered"]


def test_work_given_up_can_be_taken_up_again_by_an_operator(
    session: Session, line: Line, conversation: Contact, counsellor: Staff, rest: TelephoneRest
):
    rest.fails_with(503, 20503)
    message, work_id = write(session, line, counsellor, conversation, "hello")
    for _try in range(MAX_ATTEMPTS):
        try_again(session, work_id)
    rest.reply = lambda _asked: (201, {"sid": FIRST_SID, "status": "queued"})

    replay_parked(session, work_id)
    commit(session, line.bell)
    perform_owed(work_id)
    phone_company_says(session, line, message, "delivered")

    assert message.status == "delivered"


def phone_company_says(session: Session, line: Line, message: Message, status: str) -> None:
    session.refresh(message)
    text_status(session, line, message_id=message.id, message_sid=FIRST_SID, status=status, error_code=None)
    session.commit()


def test_an_automatic_answer_that_fails_puts_a_waiting_child_on_the_list_of_missed(
    phone_company: PhoneCompany, session: Session, line: Line
):
    phone_company.text("hello")
    reply = session.scalars(select(Message).where(Message.direction == "out")).one()

    phone_company.post(
        f"/sms/status?message={reply.id}", MessageSid=FIRST_SID, MessageStatus="undelivered", ErrorCode="30005"
    )

    assert session.scalars(select(MissedContact.reason)).all() == ["text_failed"]
