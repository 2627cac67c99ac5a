"""Who hung up before a person was there stands on a list for people, and nothing goes out because of it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.contacts.callbacks import ask_for_callback
from helpline.contacts.missed import MissedContact
from helpline.contacts.models import Contact
from helpline.contacts.stages import lock_contact
from helpline.line import Line
from helpline.outbox.models import OwedWork
from tests.helpline.phone_company import PhoneCompany

WITHHELD = "+266696687"


def rows(session: Session) -> list[MissedContact]:
    session.expire_all()
    return list(session.scalars(select(MissedContact).order_by(MissedContact.latest_at)))


def only_contact(session: Session) -> Contact:
    return session.scalars(select(Contact)).one()


def test_a_hang_up_in_the_menu_is_listed(phone_company: PhoneCompany, session: Session):
    phone_company.call().hang_up()
    [row] = rows(session)
    assert (row.reason, row.level, row.times) == ("hung_up_in_menu", "routine", 1)


def test_a_hang_up_after_9_is_listed_as_such_and_as_critical(phone_company: PhoneCompany, session: Session):
    call = phone_company.call()
    call.press("9")
    call.hang_up()
    [row] = rows(session)
    assert (row.reason, row.level) == ("hung_up_after_9", "critical")


def test_calls_from_one_number_are_one_row_with_the_gravest_reason(phone_company: PhoneCompany, session: Session):
    worst = phone_company.call()
    worst.press("9")
    worst.hang_up()
    for _again in range(3):
        phone_company.call().hang_up()
    [row] = rows(session)
    assert (row.reason, row.level, row.times) == ("hung_up_after_9", "critical", 4)


def test_withheld_numbers_never_become_one_story(phone_company: PhoneCompany, session: Session):
    phone_company.call(WITHHELD).hang_up()
    phone_company.call(WITHHELD).hang_up()
    assert [row.times for row in rows(session)] == [1, 1]


def test_who_asked_to_be_called_back_and_hung_up_has_not_abandoned(
    phone_company: PhoneCompany, session: Session, line: Line
):
    call = phone_company.call()
    contact = lock_contact(session, only_contact(session).id)
    ask_for_callback(session, line.keys, contact, channel="voice", safe=True, by="caller")
    session.commit()
    call.hang_up()
    [row] = rows(session)
    assert (row.reason, row.wanted_channel, row.said_safe) == ("asked_for_callback", "voice", True)
    assert only_contact(session).outcome == "callback"


def test_fifty_abandoned_calls_owe_nothing_to_anyone(phone_company: PhoneCompany, session: Session):
    for number in range(25):
        phone_company.call(f"+9745500{number:04}").hang_up()
        waiting = phone_company.call(f"+9745511{number:04}")
        waiting.press("9")
        waiting.hang_up()
    assert len(rows(session)) == 50
    assert session.scalar(select(func.count()).select_from(OwedWork)) == 0
