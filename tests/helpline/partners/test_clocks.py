"""Clocks that count a partner's own hours: nights, weekends and feasts stand still, and nothing waits for ever."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.clocks import Clock
from config.partners import load_partners

SHIPPED = Path(__file__).resolve().parents[3] / "config"
CENTRE = load_partners(SHIPPED)["family_centre_city"]  # 07:30 to 14:30, Sunday to Thursday, in Doha (UTC+3)
ALWAYS = load_partners(SHIPPED)["shelter_city"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "begins", "due"),
    [
        ({"wall_s": 900}, "2026-06-04T22:00", "2026-06-04T22:15"),
        # Thursday noon in Doha; two and a half hours are left of the day, the weekend is Friday and Saturday.
        ({"open_hours": 2}, "2026-06-04T09:00", "2026-06-04T11:00"),
        ({"open_hours": 4}, "2026-06-04T09:00", "2026-06-07T06:00"),
        ({"open_days": 1}, "2026-06-04T09:00", "2026-06-07T11:30"),
        # Begun at night, the day that comes is the first.
        ({"open_days": 1}, "2026-06-06T20:00", "2026-06-07T11:30"),
        ({"open_days": 2}, "2026-06-07T06:00", "2026-06-09T11:30"),
    ],
)
def test_when_it_runs_out(clock: dict, begins: str, due: str):
    assert Clock.model_validate(clock).due_at(at(begins), CENTRE.opening_at) == at(due)


def test_a_feast_stands_still():
    # The day before the feast of sacrifice of 2026, as expected: the centre is closed for days.
    due = Clock(open_days=1).due_at(at("2026-05-26T10:00"), CENTRE.opening_at)
    assert due > at("2026-05-29T00:00")


def test_who_is_always_there_is_counted_by_the_wall():
    assert Clock(open_hours=3).due_at(at("2026-06-05T00:00"), ALWAYS.opening_at) == at("2026-06-05T03:00")
    assert Clock(open_days=2).due_at(at("2026-06-05T00:00"), ALWAYS.opening_at) == at("2026-06-07T00:00")


def test_with_nobodys_hours_it_still_runs():
    assert Clock(open_hours=3).due_at(at("2026-06-05T00:00"), None) == at("2026-06-05T03:00")
    assert Clock(open_days=3).due_at(at("2026-06-05T00:00"), None) == at("2026-06-08T00:00")
