"""The browser as a phone: whom the telephone company rings, and what its token allows."""

import time

import jwt
import pytest
from sqlalchemy.orm import Session

from helpline.line import Line
from helpline.staff.accounts import create_staff, device_address
from helpline.telephony.softphone import SoftphoneNotReady, make_token
from tests.helpline.conftest import settings_for

KEYS = {
    "TWILIO_API_KEY_SID": "SK" + "1" * 32,
    "TWILIO_API_KEY_SECRET": "a secret of the softphone's own key",
    "TWILIO_TWIML_APP_SID": "AP" + "2" * 32,
}


def test_a_token_lets_one_person_receive_calls_for_an_hour():
    settings = settings_for("postgresql://x/y", "redis://x", **KEYS)

    claims = jwt.decode(make_token(settings, 7), KEYS["TWILIO_API_KEY_SECRET"], algorithms=["HS256"])

    assert claims["grants"]["identity"] == "staff_7"
    assert claims["grants"]["voice"]["incoming"] == {"allow": True}
    assert 3500 < claims["exp"] - time.time() <= 3600


def test_without_keys_there_is_no_token():
    with pytest.raises(SoftphoneNotReady):
        make_token(settings_for("postgresql://x/y", "redis://x"), 7)


def test_whoever_chose_the_browser_is_rung_there_and_nowhere_else(session: Session, line: Line):
    facts = {"role": "counsellor", "name": "one", "languages": ["ar"], "actor": "operator"}
    person = create_staff(session, line.keys, email="one@helpline.example", device_number="+97455000101", **facts)
    assert device_address(line.keys, person) == "+97455000101"

    person.device = "browser"

    assert device_address(line.keys, person) == f"client:staff_{person.id}"
