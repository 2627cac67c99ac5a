"""A child calls: what is on record before a word is spoken, and how every way leads to a person."""

import time

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow
from helpline.contacts.models import Call, Contact, ContactEvent
from helpline.live_queue.entries import list_queue
from helpline.outbox.models import Timer
from tests.helpline.phone_company import CHILD, PhoneCompany


def only_contact(session: Session) -> Contact:
    session.expire_all()
    return session.scalars(select(Contact)).one()


def test_the_call_is_on_record_before_any_menu(phone_company: PhoneCompany, session: Session):
    call = phone_company.call()

    contact = only_contact(session)
    assert (contact.state, contact.channel) == ("menu", "voice")
    assert session.scalars(select(Call.call_sid)).one() == call.call_sid
    assert session.scalars(select(ContactEvent.kind)).all() == ["contact.opened"]
    assert session.scalars(select(AuditRow.action)).all() == ["contact.opened"]
    assert session.scalars(select(Timer.kind)).all() == ["check_call"]
    assert call.heard.find("Gather") is not None


def test_the_number_is_stored_sealed_and_nowhere_in_clear(phone_company: PhoneCompany, session: Session):
    phone_company.call()

    contact = only_contact(session)
    assert CHILD.encode() not in contact.caller_sealed
    assert CHILD.encode() not in contact.caller_pseudonym


def test_the_same_first_webhook_again_gives_the_same_answer_and_changes_nothing(
    phone_company: PhoneCompany, session: Session
):
    call = phone_company.call()
    first = call.heard.xml

    again = call.ask("/voice/incoming", CallStatus="ringing")

    assert again.xml == first
    assert len(session.scalars(select(ContactEvent)).all()) == 1


def test_the_danger_key_queues_the_child_as_critical_with_its_reason(phone_company: PhoneCompany, session: Session):
    call = phone_company.call()

    heard = call.press("9")

    assert heard.find("Enqueue") is not None
    [(entry, contact)] = list_queue(session)
    assert (contact.state, contact.level, entry.rank) == ("waiting", "critical", 0)
    assert contact.reasons[0]["rule"] == "danger_key"


def test_the_same_key_webhook_again_gives_the_same_answer_and_changes_nothing(
    phone_company: PhoneCompany, session: Session
):
    call = phone_company.call()
    step = call.heard.find("Gather").get("action")
    first = call.ask(step, Digits="9").xml
    events = len(session.scalars(select(ContactEvent)).all())

    again = call.ask(step, Digits="1")

    assert again.xml == first
    session.expire_all()
    assert len(session.scalars(select(ContactEvent)).all()) == events


def test_a_caller_who_says_and_presses_nothing_reaches_the_queue(phone_company: PhoneCompany, session: Session):
    call = phone_company.call()

    for _silence in range(8):
        if call.heard.find("Enqueue") is not None:
            break
        call.stay_silent()

    assert call.heard.find("Enqueue") is not None
    contact = only_contact(session)
    assert contact.state == "waiting"
    assert contact.level in ("elevated", "high")


def test_pressing_9_while_waiting_raises_the_level_at_once(phone_company: PhoneCompany, session: Session):
    call = phone_company.call()
    call.press("0")
    assert only_contact(session).level != "critical"
    call.wait_on_hold()

    call.press("9")

    [(entry, contact)] = list_queue(session)
    session.refresh(contact)
    session.refresh(entry)
    assert (contact.level, entry.rank) == ("critical", 0)


def test_a_lesser_need_that_came_earlier_is_served_after(phone_company: PhoneCompany, session: Session):
    earlier = phone_company.call("+97455000001")
    earlier.press("0")
    later = phone_company.call("+97455000002")
    later.press("9")

    order = [contact.level for _entry, contact in list_queue(session)]

    assert order == ["critical", "routine"]


def test_hanging_up_while_waiting_closes_the_contact_as_abandoned(phone_company: PhoneCompany, session: Session):
    call = phone_company.call()
    call.press("9")

    call.hang_up()

    contact = only_contact(session)
    assert (contact.state, contact.outcome) == ("closed", "abandoned")
    assert list_queue(session) == []


def test_a_known_and_an_unknown_number_hear_the_same(phone_company: PhoneCompany):
    first = phone_company.call()
    first.press("9")
    first.hang_up()

    known, unknown = phone_company.call(), phone_company.call("+97466000000")

    assert known.heard.xml == unknown.heard.xml


def test_withheld_numbers_are_never_joined_into_one_caller(phone_company: PhoneCompany, session: Session):
    phone_company.call("anonymous")
    phone_company.call("+266696687")

    pseudonyms = session.scalars(select(Contact.caller_pseudonym)).all()
    assert pseudonyms == [None, None]


def test_a_call_that_comes_back_after_a_fault_goes_straight_to_the_queue(phone_company: PhoneCompany, session: Session):
    call = phone_company.call()

    heard = call.ask("/voice/incoming?chance=1&since=0&danger=0")

    assert heard.find("Enqueue") is not None
    assert only_contact(session).state == "waiting"


def test_a_danger_key_pressed_while_we_failed_is_not_lost(phone_company: PhoneCompany, session: Session):
    call = phone_company.call()

    call.ask("/voice/incoming?chance=1&since=0&danger=1")

    assert only_contact(session).level == "critical"


def test_a_call_whose_first_webhook_was_never_written_keeps_its_true_arrival(
    phone_company: PhoneCompany, session: Session
):
    arrived = int(time.time()) - 90

    call = phone_company.call(first=f"/voice/incoming?chance=2&since={arrived * 1000}&danger=0")

    assert call.heard.find("Enqueue") is not None
    assert int(only_contact(session).opened_at.timestamp()) == arrived


def test_a_database_that_is_away_still_answers_with_a_way_to_a_person(phone_company: PhoneCompany, session: Session):
    call = phone_company.call()
    step = call.heard.find("Gather").get("action")
    session.execute(text("ALTER TABLE contacts RENAME TO contacts_away"))
    session.commit()

    heard = call.ask(step, Digits="9")

    assert heard.status == 200
    assert "danger=1" in heard.find("Redirect").text
    session.execute(text("ALTER TABLE contacts_away RENAME TO contacts"))
    session.commit()
    back = call.ask(heard.find("Redirect").text)
    assert back.find("Enqueue") is not None
    assert only_contact(session).level == "critical"
