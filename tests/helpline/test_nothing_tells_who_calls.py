"""Whoever picks up the child's phone and presses redial hears what a stranger hears, to the byte, to the end."""

import re

import pytest
from sqlalchemy.orm import Session

from tests.helpline.phone_company import ChildsCall, PhoneCompany

KNOWN, STRANGER = "+97455123456", "+97455777666"
# What is different in every call: the names of calls, rooms and legs.
NAMES = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Keys and silences from the first word on; "" is silence.
THROUGH_THE_MENUS = {
    "a whole menu": ["1", "1", "1", "", ""],
    "another language and a way back": ["2", "2", "*", "1", "4", "2"],
    "silence to the end": ["", "", "", ""],
    "wrong keys": ["8", "8", "8", "8"],
    "danger at once": ["9"],
    "a person at once": ["0"],
    "cannot talk": ["1", "4"],
}
SILENCES = [""] * 4  # whatever was pressed, these lead to a person
WHILE_WAITING = ["", "1", "*", "", "4", "2", "", "5", "1", "0", "9", "", "", "", "", ""]


def hear_all(company: PhoneCompany, number: str, keys: list[str]) -> list[str]:
    """Every answer of a call, through menus and waiting, without what names this call."""
    call: ChildsCall = company.call(number)
    heard = [call.heard.xml]
    for key in [*keys, *SILENCES]:
        if call.heard.find("Gather") is None:
            break
        heard.append((call.press(key) if key else call.stay_silent()).xml)
    if call.heard.find("Enqueue") is not None:
        heard.append(call.wait_on_hold().xml)
        heard += [(call.press(key) if key else call.stay_silent()).xml for key in WHILE_WAITING]
    call.hang_up()
    return [NAMES.sub("…", xml) for xml in heard]


@pytest.fixture
def with_a_history(phone_company: PhoneCompany, session: Session) -> str:
    """A number that has called before: hung up, told of violence, pressed 9, asked to be called back, and wrote."""
    phone_company.call(KNOWN).hang_up()
    for keys in (["1", "1", "1"], ["9"]):
        hear_all(phone_company, KNOWN, keys)
    phone_company.text("ساعدوني", KNOWN)
    return KNOWN


@pytest.mark.parametrize("keys", THROUGH_THE_MENUS.values(), ids=THROUGH_THE_MENUS)
def test_a_known_and_an_unknown_caller_hear_the_same_bytes(
    phone_company: PhoneCompany, with_a_history: str, keys: list[str]
):
    known = hear_all(phone_company, with_a_history, keys)
    stranger = hear_all(phone_company, STRANGER, keys)

    assert len(known) > len(WHILE_WAITING)
    assert known == stranger


def test_a_withheld_number_hears_the_same_until_it_asks_to_be_called(phone_company: PhoneCompany, with_a_history: str):
    menus = ["1", "1", "1", "", ""]
    known, withheld = hear_all(phone_company, with_a_history, menus), hear_all(phone_company, "anonymous", menus)
    first_difference = next(n for n, pair in enumerate(zip(known, withheld, strict=True)) if pair[0] != pair[1])

    assert "رقمك لا يظهر" in withheld[first_difference], "only what was asked for by key can not be had"
