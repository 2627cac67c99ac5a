"""Webhooks that never reach us: a child's text is found in the telephone company's list, and so is the fate of ours."""

from datetime import timedelta
from email.utils import format_datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.alerts import list_open_alerts
from helpline.contacts.models import Contact, Message
from helpline.jobs.duties import ALARMS, perform_owed
from helpline.line import Line
from helpline.lost_texts import look_is_due
from helpline.outbox.models import OwedWork
from helpline.outbox.timers import take_due
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from tests.helpline.phone_company import CHILD, HELPLINE, PhoneCompany
from tests.helpline.telephone_rest import Asked, Reply, TelephoneRest
from tests.helpline.texting.story import FIRST_SID, SECOND_SID, bodies, contacts, sent, write

TEN_MINUTES = timedelta(minutes=10)


def listed(sid: str, body: str, age: timedelta) -> dict:
    made = format_datetime(utc_now() - age)
    about = {"sid": sid, "body": body, "from": CHILD, "to": HELPLINE, "direction": "inbound", "num_media": "0"}
    return about | {"date_created": made, "date_sent": made}


def company_with(*texts: dict):
    def reply(asked: Asked) -> Reply:
        if asked.method == "GET":
            return 200, {"messages": list(texts), "page": 0, "page_size": 50, "next_page_uri": None, "uri": "/"}
        return 201, {"sid": "SM" + "9" * 32, "status": "queued"}

    return reply


def do_all_owed(session: Session) -> None:
    for work_id in session.scalars(select(OwedWork.id).where(OwedWork.done_at.is_(None)).order_by(OwedWork.id)).all():
        session.rollback()
        perform_owed(work_id)


def look(session: Session, line: Line) -> None:
    look_is_due(session, line, HELPLINE)
    session.commit()
    do_all_owed(session)  # the look itself
    do_all_owed(session)  # and the reply that it may owe


def test_a_text_that_never_reached_us_is_taken_in_from_its_own_time_on_and_answered_once(
    session: Session, line: Line, rest: TelephoneRest
):
    rest.reply = company_with(listed(FIRST_SID, "please help", TEN_MINUTES))

    look(session, line)
    look(session, line)

    [contact] = contacts(session)
    assert contact.state == "waiting"
    assert TEN_MINUTES < utc_now() - contact.opened_at < 2 * TEN_MINUTES
    assert bodies(session, line, contact, "in") == ["please help"]
    assert sent(rest) == [line.speaker.text("text.welcome", "en")]


def test_what_we_have_already_or_what_may_be_in_its_webhook_now_is_left_alone(
    phone_company: PhoneCompany, session: Session, line: Line, rest: TelephoneRest
):
    phone_company.text("hello", sid=FIRST_SID)
    rest.reply = company_with(listed(FIRST_SID, "hello", TEN_MINUTES), listed(SECOND_SID, "now", timedelta(seconds=5)))

    look(session, line)

    [contact] = contacts(session)
    assert bodies(session, line, contact, "in") == ["hello"]


def test_a_telephone_company_that_is_away_parks_nothing(session: Session, line: Line, rest: TelephoneRest):
    rest.fails_with(503, 20503)

    look(session, line)

    assert session.scalars(select(OwedWork.fault)).all() == [None]


def test_a_text_of_which_nothing_is_heard_is_asked_after(
    session: Session, line: Line, conversation: Contact, counsellor: Staff, rest: TelephoneRest
):
    rest.reply = lambda _asked: (201, {"sid": FIRST_SID, "status": "queued"})
    message, work_id = write(session, line, counsellor, conversation, "I am here")
    perform_owed(work_id)
    rest.reply = lambda _asked: (200, {"sid": FIRST_SID, "status": "undelivered", "error_code": 30005})

    ring_alarms_of(session, line, "check_text")
    do_all_owed(session)

    session.refresh(message)
    assert (message.status, message.error_code) == ("undelivered", "30005")
    assert "not_delivered" in [alert.kind for alert, _contact in list_open_alerts(session, conversation.id)]


def test_an_automatic_answer_that_was_never_sent_is_put_before_people(
    phone_company: PhoneCompany, session: Session, line: Line, rest: TelephoneRest
):
    phone_company.text("hello")
    rest.reply = company_with()

    ring_alarms_of(session, line, "check_text")
    do_all_owed(session)

    assert session.scalars(select(Message.status).where(Message.direction == "out")).all() == ["failed"]


def ring_alarms_of(session: Session, line: Line, kind: str) -> None:
    """An hour passes for alarms of this kind."""
    session.connection().exec_driver_sql(
        "UPDATE timers SET due_at = due_at - interval '1 hour' WHERE kind = %(kind)s", {"kind": kind}
    )
    session.commit()
    while timer := take_due(session):
        ALARMS[timer.kind](session, line, timer.subject)
        session.commit()
