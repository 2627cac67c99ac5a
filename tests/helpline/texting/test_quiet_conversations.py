"""A conversation that falls silent: people are reminded, nothing is sent, and in the end it closes."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.alerts import list_open_alerts
from helpline.contacts.models import Contact
from helpline.jobs.duties import ALARMS
from helpline.line import Line
from helpline.outbox.timers import list_armed, take_due
from helpline.staff.models import Staff
from tests.helpline.phone_company import PhoneCompany
from tests.helpline.telephone_rest import TelephoneRest
from tests.helpline.texting.story import contacts, sent, write

UNANSWERED, IDLE, CLOSE = "text_unanswered", "text_idle", "text_close"


def armed(session: Session, contact: Contact) -> set[str]:
    session.rollback()
    return {timer.kind for timer in list_armed(session, contact.id)} & {UNANSWERED, IDLE, CLOSE}


def pass_time(session: Session, line: Line, by: timedelta) -> None:
    """Every alarm that would have rung by then rings."""
    session.execute(text("UPDATE timers SET due_at = due_at - :by"), {"by": by})
    session.commit()
    while timer := take_due(session):
        ALARMS[timer.kind](session, line, timer.subject)
        session.commit()


def alerts(session: Session) -> list[str]:
    return [alert.kind for alert, _contact in list_open_alerts(session)]


def test_whoever_leaves_a_child_unanswered_is_reminded_until_she_writes(
    session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    assert armed(session, conversation) == {UNANSWERED}
    pass_time(session, line, timedelta(seconds=line.helpline.texting.unanswered_after_s))
    assert alerts(session) == ["unanswered"]

    write(session, line, counsellor, conversation, "I am here")

    assert alerts(session) == []
    assert armed(session, conversation) == {IDLE, CLOSE}


def test_a_quiet_child_is_left_in_peace_and_the_counsellor_decides(
    phone_company: PhoneCompany,
    session: Session,
    line: Line,
    conversation: Contact,
    counsellor: Staff,
    rest: TelephoneRest,
):
    write(session, line, counsellor, conversation, "I am here")
    pass_time(session, line, timedelta(seconds=line.helpline.texting.idle_after_s))
    assert alerts(session) == ["idle"] and sent(rest) == []

    phone_company.text("back")

    assert alerts(session) == []
    assert armed(session, conversation) == {UNANSWERED}


@pytest.mark.parametrize(("level", "state"), [("routine", "wrap_up"), ("high", "connected"), ("critical", "connected")])
def test_in_the_end_it_closes_by_itself_but_not_on_a_child_in_danger(
    session: Session, line: Line, conversation: Contact, counsellor: Staff, level: str, state: str
):
    answering.set_level(session, line, counsellor, conversation.id, level, "as she told it")
    write(session, line, counsellor, conversation, "I am here")

    pass_time(session, line, timedelta(seconds=line.helpline.texting.close_after_s))

    assert contacts(session)[0].state == state
    assert alerts(session) == ([] if state == "wrap_up" else ["idle"])
