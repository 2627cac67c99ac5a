"""The PIN of a desk: kept as a hash, and locked after five wrong tries for a quarter of an hour."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from helpline.partners.models import PartnerPin
from helpline.partners.pins import PinNotUsable, check_pin, set_pin
from helpline.store.types import utc_now

DESK = "community_police_north"


def test_only_a_hash_is_kept(session: Session):
    set_pin(session, DESK, "4711", "operator")
    session.flush()
    stored = session.execute(text("SELECT partner_pins::text FROM partner_pins")).scalar_one()
    assert "4711" not in stored.replace(DESK, "")
    assert "argon2" in stored


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "١٢٣٤"])
def test_a_pin_has_four_to_eight_digits(session: Session, pin: str):
    with pytest.raises(PinNotUsable):
        set_pin(session, DESK, pin, "operator")


def test_the_right_pin_is_right_and_a_wrong_one_wrong(session: Session):
    set_pin(session, DESK, "4711", "operator")
    assert check_pin(session, DESK, "4712") == "wrong"
    assert check_pin(session, DESK, "4711") == "right"


def test_nobody_without_a_pin_gets_in(session: Session):
    assert check_pin(session, DESK, "") == "locked"


def test_five_wrong_tries_lock_it_even_for_the_right_pin_until_a_quarter_of_an_hour_is_over(session: Session):
    set_pin(session, DESK, "4711", "operator")
    for _try in range(5):
        assert check_pin(session, DESK, "0000") == "wrong"
    assert check_pin(session, DESK, "4711") == "locked"
    session.flush()
    session.execute(update(PartnerPin).values(locked_until=utc_now() - timedelta(seconds=1)))
    assert check_pin(session, DESK, "4711") == "right"


def test_a_right_pin_forgets_the_wrong_ones(session: Session):
    set_pin(session, DESK, "4711", "operator")
    for _round in range(3):
        for _try in range(4):
            check_pin(session, DESK, "0000")
        assert check_pin(session, DESK, "4711") == "right"
