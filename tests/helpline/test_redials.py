"""A child who dials again and again: each try raises by the rules, and the counsellor sees them as one story.

Number and person are two things: what was done from a number lifts its next call, and opens nothing by itself.
"""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from helpline.console.conversation import read_conversation
from helpline.contacts.history import read_history
from helpline.contacts.models import Call, Contact
from helpline.line import Line
from helpline.privacy.keys import KeyRing
from helpline.staff.accounts import create_staff
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from tests.helpline.phone_company import CHILD, ChildsCall, PhoneCompany

OTHER_CHILD = "+97455999888"
FOR_ME, VIOLENCE = "1", "1"


def contact_of(session: Session, call: ChildsCall) -> Contact:
    session.rollback()
    session.expire_all()
    leg = session.scalars(select(Call).where(Call.call_sid == call.call_sid)).one()
    return session.get_one(Contact, leg.contact_id)


def rules_of(session: Session, call: ChildsCall) -> set[str]:
    return {reason["rule"] for reason in contact_of(session, call).reasons}


def ring_off_at_once(company: PhoneCompany, number: str = CHILD) -> None:
    company.call(number).hang_up()


def hang_up_on_hold(company: PhoneCompany, *keys: str, number: str = CHILD) -> None:
    call = company.call(number)
    for key in keys:
        call.press(key)
    call.hang_up()


def ask_for_person(company: PhoneCompany, number: str = CHILD) -> ChildsCall:
    call = company.call(number)
    call.press("0")
    return call


def let_pass(session: Session, **ago: float) -> None:
    """Everything so far happened so much earlier."""
    session.rollback()
    earlier = func.make_interval(0, 0, 0, 0, 0, 0, timedelta(**ago).total_seconds())
    moved = {"opened_at": Contact.opened_at - earlier, "closed_at": Contact.closed_at - earlier}
    session.execute(update(Contact).values(moved))
    session.commit()


def test_three_short_calls_within_the_hour_lift_the_fourth(phone_company: PhoneCompany, session: Session):
    for _try in range(3):
        ring_off_at_once(phone_company)
        let_pass(session, minutes=12)

    call = ask_for_person(phone_company)

    assert contact_of(session, call).level == "high"
    assert "short_hangups_in_the_hour" in rules_of(session, call)


def test_two_short_calls_lift_a_little_and_never_lower(phone_company: PhoneCompany, session: Session):
    first = ask_for_person(phone_company)
    alone = contact_of(session, first).score
    first.hang_up()
    ring_off_at_once(phone_company)

    again = ask_for_person(phone_company)

    assert contact_of(session, again).score > alone
    assert contact_of(session, again).level != "high"


def test_who_hung_up_after_telling_of_violence_comes_back_high_even_if_they_say_nothing_now(
    phone_company: PhoneCompany, session: Session
):
    hang_up_on_hold(phone_company, "1", FOR_ME, VIOLENCE)
    let_pass(session, hours=3)

    call = ask_for_person(phone_company)

    assert contact_of(session, call).level == "high"
    assert "abandoned_after_disclosure" in rules_of(session, call)


@pytest.mark.parametrize(("hours", "level"), [(0.2, "critical"), (5, "high")])
def test_who_hung_up_after_pressing_9_comes_back_lifted(
    phone_company: PhoneCompany, session: Session, hours: float, level: str
):
    hang_up_on_hold(phone_company, "9")
    let_pass(session, hours=hours)

    assert contact_of(session, ask_for_person(phone_company)).level == level


def test_who_asked_to_be_called_back_after_pressing_9_is_lifted_as_well(phone_company: PhoneCompany, session: Session):
    call = phone_company.call()
    call.press("9")
    call.wait_on_hold()
    call.press("4")
    call.press("1")
    call.hang_up()
    assert contact_of(session, call).outcome == "callback"

    assert contact_of(session, ask_for_person(phone_company)).level == "critical"


def test_who_said_by_key_not_to_be_safe_comes_back_critical(phone_company: PhoneCompany, session: Session):
    call = ask_for_person(phone_company)
    contact_of(session, call).signals = [{"name": "safe_now_no", "value": None}]
    session.commit()
    call.hang_up()
    let_pass(session, hours=5)

    again = ask_for_person(phone_company)

    assert contact_of(session, again).level == "critical"
    assert "unsafe_earlier_24h" in rules_of(session, again)


def test_another_number_is_lifted_by_nothing_of_this(phone_company: PhoneCompany, session: Session):
    hang_up_on_hold(phone_company, "9")

    call = ask_for_person(phone_company, OTHER_CHILD)

    assert not {rule for rule in rules_of(session, call) if rule.startswith(("abandoned", "short", "attempts"))}


def test_withheld_numbers_are_nobodys_and_never_one_story(
    phone_company: PhoneCompany, session: Session, line: Line, reader: Staff
):
    hang_up_on_hold(phone_company, "9", number="anonymous")

    call = ask_for_person(phone_company, "anonymous")

    assert not {rule for rule in rules_of(session, call) if rule.startswith(("abandoned", "attempts", "recent"))}
    assert read_conversation(session, line, contact_of(session, call), reader)["same_number"]["contacts"] == []


@pytest.fixture
def reader(session: Session, line: Line) -> Staff:
    facts = {"name": "Mariam", "role": "counsellor", "languages": ["ar"], "device_number": None, "actor": "operator"}
    person = create_staff(session, line.keys, email="mariam@helpline.example", **facts)
    session.commit()
    return person


def test_the_counsellor_sees_the_tries_before_as_one_story(
    phone_company: PhoneCompany, session: Session, line: Line, reader: Staff
):
    hang_up_on_hold(phone_company, "1", FOR_ME, VIOLENCE)
    let_pass(session, minutes=20)
    ring_off_at_once(phone_company)
    call = ask_for_person(phone_company)

    story = read_conversation(session, line, contact_of(session, call), reader)["same_number"]

    assert story["in_vain"] == 2
    latest, first = story["contacts"]
    assert (latest["told"], latest["may_open"]) == ([], False)
    assert "Chose: someone is hurting me." in [words["en"] for words in first["told"]]
    assert latest["lasted_s"] < 60


@pytest.fixture
def renewed() -> Callable[[Line], KeyRing]:
    """The ring after its keys were renewed: a new one first, the old one kept to read with."""
    return lambda line: KeyRing([b"n" * 32, base64.b64decode(line.settings.field_keys.get_secret_value())])


def test_earlier_tries_are_found_after_the_keys_were_renewed(
    phone_company: PhoneCompany, session: Session, renewed: Callable[[Line], KeyRing], line: Line
):
    hang_up_on_hold(phone_company, "9")
    now_known_as = contact_of(session, phone_company.call())
    ring = renewed(line)
    now_known_as.caller_pseudonym = ring.pseudonym(CHILD)
    session.commit()

    history = read_history(session, ring, now_known_as, utc_now())

    assert (history.attempts_24h, history.abandoned_after_danger_within_hour) == (1, 1)
