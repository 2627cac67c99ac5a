"""Open or closed: every minute of a week, past midnight, on days that differ, and where clocks are changed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.opening_hours import Hours

# As an operator writes them: a day of its own for each way of writing a span.
WEEK = {
    "mon": ["07:00-23:00"],
    "tue": ["00:00-24:00"],
    "wed": ["08:00-12:00", "13:00-17:00"],
    "thu": ["22:00-06:00"],
    "fri": ["20:00-00:00"],
    "sat": ["09:00-09:00"],
}
# The same, counted by hand in hours since Monday's midnight. Saturday's span ends on Sunday at nine.
OPEN_HOURS = [
    *range(7, 23),
    *range(24, 48),
    *range(56, 60),
    *range(61, 65),
    *range(94, 102),
    *range(116, 120),
    *range(129, 153),
]
BERLIN, DOHA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Qatar")
MONDAY = datetime(2026, 6, 1, tzinfo=DOHA)


def june(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=DOHA)


def test_every_quarter_of_an_hour_of_a_week_is_open_or_closed_as_written():
    hours = Hours(weekly=WEEK)
    for quarter in range(7 * 24 * 4):
        at = MONDAY + timedelta(minutes=15 * quarter)
        assert hours.rule_at(at)[0] == (quarter // 4 in OPEN_HOURS), at


def test_the_last_minute_is_open_and_the_end_is_not():
    hours = Hours(weekly=WEEK)
    assert hours.rule_at(MONDAY.replace(hour=22, minute=59, second=59))[0]
    assert not hours.rule_at(MONDAY.replace(hour=23))[0]


def test_the_rule_that_decides_is_named():
    hours = Hours(weekly=WEEK, dates={"2026-06-02": []})
    assert hours.rule_at(MONDAY.replace(hour=8)) == (True, "weekly mon")
    assert hours.rule_at(MONDAY.replace(hour=6)) == (False, "outside weekly mon")
    assert hours.rule_at(june(2, 8)) == (False, "outside date 2026-06-02")
    assert hours.rule_at(june(5, 3)) == (True, "weekly thu")
    assert Hours(always_open=True).rule_at(MONDAY) == (True, "always open")
    assert Hours().rule_at(MONDAY) == (False, "outside weekly mon")


def test_a_day_that_differs_counts_instead_of_its_weekday():
    hours = Hours(weekly=WEEK, dates={"2026-06-02": [], "2026-06-07": ["10:00-12:00"]})
    assert not hours.rule_at(june(2, 12))[0]
    assert hours.rule_at(june(9, 12))[0]
    assert hours.rule_at(june(7, 11))[0]
    assert not hours.rule_at(june(7, 12))[0]


def test_a_night_shift_goes_on_into_a_day_that_differs_and_does_not_begin_on_it():
    hours = Hours(weekly={"thu": ["22:00-06:00"], "fri": ["22:00-06:00"]}, dates={"2026-06-05": []})  # a Friday
    assert hours.rule_at(june(5, 5, 59))[0]
    assert not hours.rule_at(june(5, 22, 30))[0]
    assert not hours.rule_at(june(6, 3))[0]


@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        # Clocks go forward from 2 to 3 on 29 March 2026; the night shift of Saturday lasts an hour less.
        (datetime(2026, 3, 28, 20, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 28, 21, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 3, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 4, 0, tzinfo=UTC), False),
        # Clocks go back from 3 to 2 on 25 October 2026; it lasts an hour more, and is open in both of the hours.
        (datetime(2026, 10, 24, 19, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 24, 20, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 4, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 5, 0, tzinfo=UTC), False),
    ],
)
def test_a_night_shift_keeps_to_the_clock_on_the_wall_when_clocks_are_changed(instant: datetime, is_open: bool):
    hours = Hours(weekly={"sat": ["22:00-06:00"]})
    assert hours.rule_at(instant.astimezone(BERLIN))[0] == is_open


def test_a_year_has_as_many_open_minutes_as_its_rules_say():
    hours = Hours(weekly={"sun": ["07:00-23:00"], "tue": ["22:00-02:00"]}, dates={"2026-12-27": [], "2026-12-28": []})
    step = timedelta(minutes=30)
    instant, minutes = datetime(2026, 1, 1, tzinfo=BERLIN).astimezone(UTC), 0
    end = datetime(2027, 1, 1, tzinfo=BERLIN).astimezone(UTC)
    while instant < end:
        minutes += 30 * hours.rule_at(instant.astimezone(BERLIN))[0]
        instant += step

    sundays = sum(1 for day in days_of_2026() if day.weekday() == 6) - 1
    tuesdays = sum(1 for day in days_of_2026() if day.weekday() == 1)
    assert minutes == sundays * 16 * 60 + tuesdays * 4 * 60


def days_of_2026() -> list[date]:
    return [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
