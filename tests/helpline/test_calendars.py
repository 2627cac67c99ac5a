"""Countries' days: weekends, Ramadan, feasts that are announced late or moved by decree; and hours that follow them."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendar_file import WEEKDAYS, easter_sunday
from config.country_calendar import Calendar, load_calendars, read_calendars
from config.data_file import ConfigInvalid
from config.helpline import load_helpline
from config.opening_hours import Hours
from helpline.commands.checks import find_config_faults
from helpline.commands.hours import find_hours_faults, list_hours_notes

SHIPPED = Path(__file__).resolve().parents[2] / "config"
CALENDARS = load_calendars(SHIPPED)
QATAR, UAE, MOROCCO, BELGIUM = (CALENDARS[key] for key in ("qatar", "uae", "morocco", "belgium"))
DOHA, BRUSSELS, CASABLANCA = ZoneInfo("Asia/Qatar"), ZoneInfo("Europe/Brussels"), ZoneInfo("Africa/Casablanca")
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be changed."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "config", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str, str], Calendar | None]:
    def replace(file: str, old: str, new: str) -> Calendar | None:
        path = folder / "calendars" / file
        content = path.read_text(encoding="utf-8")
        assert old in content, old
        path.write_text(content.replace(old, new, 1), encoding="utf-8")
        return read_calendars(folder)[0].get("qatar")

    return replace


def holidays_of(calendar: Calendar, year: int) -> dict[str, list[str]]:
    """Every public holiday of a year with its days, as month-day."""
    days: dict[str, list[str]] = {}
    for n in range(366):
        day = date(year, 1, 1) + n * DAY
        if day.year == year and (found := calendar.holiday_on(day)):
            days.setdefault(found.key, []).append(f"{day:%m-%d}")
    return days


def opening(hours: Hours, zone: ZoneInfo, local: str) -> tuple[bool, str, str | None]:
    found = hours.opening_at(datetime.fromisoformat(local).replace(tzinfo=zone), zone)
    return found.is_open, found.rule, f"{found.until:%Y-%m-%d %H:%M}" if found.until else None


@pytest.mark.parametrize(
    ("calendar", "day", "is_weekend"),
    [
        (QATAR, "2027-01-01", True),  # a Friday
        (QATAR, "2027-01-02", True),
        (QATAR, "2027-01-03", False),
        (UAE, "2021-12-31", True),  # the last Friday of the old weekend
        (UAE, "2022-01-01", True),
        (UAE, "2022-01-02", True),
        (UAE, "2022-01-07", False),
        (BELGIUM, "2027-01-01", False),
        (BELGIUM, "2027-01-03", True),
        (MOROCCO, "2027-01-02", True),
    ],
)
def test_each_country_has_its_own_weekend(calendar: Calendar, day: str, is_weekend: bool):
    assert calendar.is_weekend(date.fromisoformat(day)) == is_weekend


def test_the_public_holidays_of_2027_as_expected():
    assert holidays_of(QATAR, 2027) == {
        "sport_day": ["02-09"],
        "eid_al_fitr": ["03-09", "03-10", "03-11"],
        "eid_al_adha": ["05-16", "05-17", "05-18"],
        "national_day": ["12-18"],
    }
    uae = holidays_of(UAE, 2027)
    assert (uae["arafah"], uae["eid_al_adha"]) == (["05-15"], ["05-16", "05-17", "05-18"])
    assert (uae["islamic_new_year"], uae["prophets_birthday"]) == (["06-06"], ["08-14"])
    assert holidays_of(BELGIUM, 2027) == {
        "new_year": ["01-01"],
        "easter_monday": ["03-29"],
        "labour_day": ["05-01"],
        "ascension": ["05-06"],
        "whit_monday": ["05-17"],
        "national_day": ["07-21"],
        "assumption": ["08-15"],
        "all_saints": ["11-01"],
        "armistice": ["11-11"],
        "christmas": ["12-25"],
    }
    # Two holidays on one day: the first in the file.
    assert holidays_of(MOROCCO, 2027)["oued_ed_dahab"] == ["08-14"]
    assert holidays_of(MOROCCO, 2027)["prophets_birthday"] == ["08-15"]


@pytest.mark.parametrize(("year", "day"), [(2024, "03-31"), (2026, "04-05"), (2027, "03-28"), (2038, "04-25")])
def test_easter(year: int, day: str):
    assert f"{easter_sunday(year):%m-%d}" == day


def test_a_year_may_hold_a_feast_twice():
    assert holidays_of(QATAR, 2033)["eid_al_fitr"] == ["01-02", "01-03", "01-04", "12-23", "12-24", "12-25"]


def test_ramadan_2027_has_its_own_hours_from_the_first_day_to_the_night_before_the_feast():
    hours = load_helpline(SHIPPED).hours.model_copy(update={"always_open": False})
    told = {at: opening(hours, DOHA, at) for at in ("2027-02-07T18:00", "2027-02-08T18:00", "2027-02-09T01:00")}
    assert told == {
        "2027-02-07T18:00": (True, "weekly sun", "2027-02-07 23:00"),
        "2027-02-08T18:00": (False, "outside ramadan workday, expected", "2027-02-08 20:00"),
        "2027-02-09T01:00": (True, "ramadan workday, expected", "2027-02-09 02:00"),
    }
    assert opening(hours, DOHA, "2027-02-12T12:00") == (
        False,
        "outside ramadan weekend, expected",
        "2027-02-12 20:00",
    )
    # The last night of Ramadan goes on into the feast, which then has hours of its own.
    assert opening(hours, DOHA, "2027-03-09T01:30") == (True, "ramadan workday, expected", "2027-03-09 02:00")
    assert opening(hours, DOHA, "2027-03-09T12:00") == (
        False,
        "outside holiday eid_al_fitr, expected",
        "2027-03-09 15:00",
    )
    assert opening(hours, DOHA, "2027-03-14T12:00") == (True, "weekly sun", "2027-03-14 23:00")


def test_sport_day_falls_into_ramadan_and_the_holiday_goes_first():
    hours = load_helpline(SHIPPED).hours.model_copy(update={"always_open": False})
    assert opening(hours, DOHA, "2027-02-09T14:00") == (True, "holiday sport_day", "2027-02-09 23:00")


def test_a_feast_announced_a_day_later_moves_with_all_that_follows_from_it(edit):
    qatar = edit(
        "qatar.toml", "dhu_al_hijja = 2026-05-18 }", "dhu_al_hijja = 2026-05-18 }\n1448 = { shawwal = 2027-03-10 }"
    )
    assert qatar.ramadan_on(date(2027, 3, 9)).year == 1448
    assert str(qatar.holiday_on(date(2027, 3, 10))) == "eid_al_fitr, announced"
    assert holidays_of(qatar, 2027)["eid_al_fitr"] == ["03-10", "03-11", "03-12"]
    assert str(qatar.holiday_on(date(2027, 5, 16))) == "eid_al_adha, expected"


def test_a_fast_announced_later_than_expected_has_at_least_29_days(edit):
    qatar = edit(
        "qatar.toml", "dhu_al_hijja = 2026-05-18 }", "dhu_al_hijja = 2026-05-18 }\n1448 = { ramadan = 2027-02-09 }"
    )
    assert qatar.ramadan_on(date(2027, 2, 8)) is None
    assert holidays_of(qatar, 2027)["eid_al_fitr"][0] == "03-10"


def test_a_decree_moves_a_whole_holiday_and_only_that_one(edit):
    decree = '[[moved]]\nholiday = "eid_al_fitr"\nfrom = 2027-03-07\nto = 2027-03-13\nwhy = "decree"\n# Holidays moved'
    qatar = edit("qatar.toml", "# Holidays moved", decree)
    assert holidays_of(qatar, 2027)["eid_al_fitr"] == [f"03-{day:02}" for day in range(7, 14)]
    assert str(qatar.holiday_on(date(2027, 3, 13))) == "eid_al_fitr, moved"
    assert holidays_of(qatar, 2028)["eid_al_fitr"] == ["02-26", "02-27", "02-28"]


def test_a_single_date_goes_before_everything():
    hours = Hours.model_validate(
        {"calendar": "qatar", "weekly": {"workday": [], "weekend": []}, "dates": {"2027-03-09": ["10:00-11:00"]}},
        context={"calendars": CALENDARS},
    )
    assert opening(hours, DOHA, "2027-03-09T10:30") == (True, "date 2027-03-09", "2027-03-09 11:00")


def test_a_public_holiday_without_hours_of_its_own_is_a_day_like_others():
    hours = belgian({"workday": ["09:00-17:00"], "weekend": []})
    assert opening(hours, BRUSSELS, "2027-03-29T10:00")[0]
    closed = belgian({"workday": ["09:00-17:00"], "weekend": []}, holidays=[])
    assert opening(closed, BRUSSELS, "2027-03-29T10:00") == (False, "outside holiday easter_monday", "2027-03-30 09:00")


def test_a_long_weekend_is_closed_until_the_day_after_it():
    closed = belgian({"workday": ["09:00-17:00"], "weekend": []}, holidays=[])
    assert opening(closed, BRUSSELS, "2027-03-26T17:00") == (False, "outside weekly workday", "2027-03-30 09:00")


def test_hours_that_never_change_have_no_end():
    assert opening(Hours(), DOHA, "2027-01-01T00:00") == (False, "outside weekly fri", None)
    assert opening(Hours(always_open=True), DOHA, "2027-01-01T00:00") == (True, "always open", None)
    every_day = dict.fromkeys(WEEKDAYS, ["00:00-24:00"])
    assert opening(Hours(weekly=every_day), DOHA, "2027-01-01T00:00") == (True, "weekly fri", None)


def test_moroccos_clocks_go_back_for_ramadan_and_the_desk_keeps_to_the_wall():
    desk = Hours(weekly=dict.fromkeys(WEEKDAYS, ["08:00-16:00"]))
    before = desk.opening_at(datetime(2027, 2, 6, 12, tzinfo=UTC), CASABLANCA)
    during = desk.opening_at(datetime(2027, 2, 20, 12, tzinfo=UTC), CASABLANCA)
    assert before.until == datetime(2027, 2, 6, 15, tzinfo=UTC)  # an hour ahead of UTC
    assert during.until == datetime(2027, 2, 20, 16, tzinfo=UTC)  # with UTC
    assert MOROCCO.ramadan_on(date(2027, 2, 20)).year == 1448


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        (BRUSSELS, date(2027, 3, 28)),  # 2:00 becomes 3:00
        (BRUSSELS, date(2027, 10, 31)),  # 3:00 becomes 2:00
        (CASABLANCA, date(2027, 2, 7)),  # 3:00 becomes 2:00, before Ramadan
        (CASABLANCA, date(2027, 3, 14)),  # 2:00 becomes 3:00, after it
    ],
)
@pytest.mark.parametrize("spans", [["01:30-02:30", "02:45-04:00"], ["02:30-05:00"], ["00:00-02:00"], ["22:00-02:30"]])
def test_every_minute_of_a_day_on_which_clocks_are_changed_is_as_the_wall_says(
    zone: ZoneInfo, day: date, spans: list[str]
):
    hours = Hours(weekly={WEEKDAYS[(day - DAY).weekday()]: spans, WEEKDAYS[day.weekday()]: spans})
    instant = datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
    minutes = []
    while (local := instant.astimezone(zone)).date() == day:
        minutes.append((instant, is_within(f"{local:%H:%M}", spans)))
        instant += timedelta(minutes=1)
    for n, (instant, is_open) in enumerate(minutes):
        found = hours.opening_at(instant, zone)
        assert found.is_open == is_open, instant.astimezone(zone)
        turn = next((at for at, then in minutes[n:] if then != is_open), None)
        assert turn is None or found.until.astimezone(UTC) == turn, instant.astimezone(zone)


def is_within(wall: str, spans: list[str]) -> bool:
    """As somebody reads it who looks at a clock and at the spans of two days that are alike."""
    ends = [span.split("-") for span in spans]
    return any(start <= wall < end if start < end else wall >= start or wall < end for start, end in ends)


WALLS = st.sampled_from(["00:00", "01:30", "02:15", "06:00", "09:00", "17:00", "23:00"])
SPANS = st.lists(st.builds(lambda start, end: f"{start}-{end}", WALLS, WALLS), max_size=1)
MOMENTS = st.integers(0, 8 * 24 * 12).map(lambda n: datetime(2027, 3, 24, tzinfo=UTC) + timedelta(minutes=5 * n))


@given(week=st.fixed_dictionaries(dict.fromkeys(("fri", "sat", "sun", "mon"), SPANS)), moment=MOMENTS)
def test_until_is_the_first_moment_at_which_it_is_otherwise(week: dict, moment: datetime):
    hours = Hours(weekly=week)
    found = hours.opening_at(moment, BRUSSELS)
    end = found.until.astimezone(UTC) if found.until else moment + timedelta(days=8)
    step = moment
    while step < end:
        assert hours.rule_at(step.astimezone(BRUSSELS))[0] == found.is_open
        step += timedelta(minutes=15)
    assert not found.until or hours.rule_at(found.until)[0] != found.is_open


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("qatar.toml", 'timezone = "Asia/Qatar"', 'timezone = "Asia/Doha"', "timezone"),
        ("qatar.toml", 'days = ["fri", "sat"]', 'days = ["friday"]', "weekend.0.days"),
        ("qatar.toml", 'key = "sport_day"', 'key = "national_day"', "stands here twice"),
        ("qatar.toml", 'on = "12-18"', 'on = "02-30"', "holiday.3.on"),
        ("qatar.toml", 'on = "12-18"', 'on = "12-18"\neaster = 1', "exactly one of"),
        ("qatar.toml", 'on = "12-18"\n', "", "exactly one of"),
        ("qatar.toml", "ramadan = 2026-02-18", "ramadan = 2026-02-28", "too far from 2026-02-18"),
        ("qatar.toml", "shawwal = 2026-03-20", "shawwal = 2026-03-18", "Ramadan would have 28 days"),
        ("qatar.toml", "1447 =", "1399 =", "announced.1399"),
        ("uae.toml", "since = 2022-01-01\n", "", "weekend"),
        ("moon_months.toml", "shawwal = 2027-03-09", "shawwal = 9", "moon_months.toml: expected"),
        (
            "qatar.toml",
            "# Holidays moved",
            '[[moved]]\nholiday = "eid"\nfrom = 2027-03-07\nto = 2027-03-08\nwhy = ""\n#',
            "there is no holiday 'eid'",
        ),
        (
            "qatar.toml",
            "# Holidays moved",
            '[[moved]]\nholiday = "eid_al_fitr"\nfrom = 2027-07-07\nto = 2027-07-08\nwhy = ""\n#',
            "not expected within 20 days",
        ),
        (
            "qatar.toml",
            "# Holidays moved",
            '[[moved]]\nholiday = "eid_al_fitr"\nfrom = 2027-03-07\nto = 2027-03-06\nwhy = ""\n#',
            "'to' is before 'from'",
        ),
        (
            "qatar.toml",
            "# Holidays moved",
            2 * '[[moved]]\nholiday = "eid_al_fitr"\nfrom = 2027-03-07\nto = 2027-03-09\nwhy = ""\n' + "#",
            "moved twice",
        ),
    ],
)
def test_a_fault_in_a_calendar_is_named_with_its_file(folder: Path, edit, file: str, old: str, new: str, place: str):
    edit(file, old, new)
    faults = find_hours_faults(folder)
    assert any(place in fault for fault in faults), faults
    assert all(fault.startswith(f"calendars/{file}: ") for fault in faults)
    with pytest.raises(ConfigInvalid):
        load_helpline(folder)


def test_a_fault_in_a_calendar_is_told_once_however_many_files_name_calendars(folder: Path, edit):
    edit("qatar.toml", 'timezone = "Asia/Qatar"', 'timezone = "Asia/Doha"')
    assert len(find_config_faults(folder)) == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('calendar = "qatar"', 'calendar = "atlantis"', "there is no calendar 'atlantis'"),
        ('calendar = "qatar"', 'calendar = "belgium"', "the calendar has no holiday eid_al_adha, eid_al_fitr"),
        ('calendar = "qatar"\n', "", "need a calendar"),
        ('timezone = "Asia/Qatar"', 'timezone = "Asia/Riyadh"', "hours.calendar is for Asia/Qatar"),
        ('sun = ["07:00-23:00"]', 'sun = ["07:00-12:00", "11:00-23:00"]', "07:00-12:00 and 11:00-23:00 overlap"),
        ('"20:00-02:00"], weekend', '"20:00-02:00", "23:00-24:00"], weekend', "overlap"),
        ("holidays = [", "holiday_hours = [", "hours.holiday_hours"),
    ],
)
def test_a_fault_in_the_hours_is_named(folder: Path, old: str, new: str, words: str):
    path = folder / "helpline.toml"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=re.escape(words)):
        load_helpline(folder)


def test_a_day_of_which_nothing_is_said_is_a_fault_and_counts_as_closed(folder: Path):
    path = folder / "helpline.toml"
    content = path.read_text(encoding="utf-8").replace("always_open = true", "always_open = false")
    path.write_text(content.replace('sun = ["07:00-23:00"], ', ""), encoding="utf-8")
    assert find_hours_faults(folder) == ["helpline.toml: hours.weekly: says nothing of sun; write [] for a closed day"]
    assert not load_helpline(folder).is_open(datetime(2027, 1, 3, 12, tzinfo=DOHA))


def test_notes_tell_what_wants_a_look_and_are_no_faults(folder: Path):
    assert list_hours_notes(folder, date(2027, 1, 1)) == []
    eve = list_hours_notes(folder, date(2027, 3, 7))
    assert "calendars/qatar.toml: shawwal 1448 is expected on 2027-03-09 and not announced yet" in eve
    assert not any("belgium" in note for note in eve)
    assert any("needs more years" in note for note in list_hours_notes(folder, date(2039, 6, 1)))
    path = folder / "helpline.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("dates = {}", 'dates = { "2026-01-01" = [] }'), encoding="utf-8"
    )
    assert "helpline.toml: hours.dates: 2026-01-01 past; can be taken out" in list_hours_notes(folder, date(2027, 1, 1))
    assert find_hours_faults(folder) == []


def belgian(weekly: dict, **more: object) -> Hours:
    return Hours.model_validate({"calendar": "belgium", "weekly": weekly} | more, context={"calendars": CALENDARS})
