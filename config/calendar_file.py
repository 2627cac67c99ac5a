"""What stands in a country's calendar file, and on which day of a year a holiday falls. Strict, like all data files."""

from datetime import date, timedelta
from itertools import combinations
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from config.data_file import Strict, known_zone
from config.moon_months import Beginnings, MonthName, find_wrong_announcements

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Weekend(Strict):
    """Days on which ordinary offices are closed, from a day on if this has changed."""

    days: tuple[Weekday, ...]
    since: date = date.min


class NthWeekday(Strict):
    """Such as the second Tuesday of February."""

    nth: int = Field(ge=1, le=4)
    weekday: Weekday
    month: int = Field(ge=1, le=12)


class MoonDay(Strict):
    """A day of a month of the moon."""

    month: MonthName
    day: int = Field(ge=1, le=30)


class Holiday(Strict):
    """A public holiday: when it begins (in exactly one of four ways) and how many days it lasts."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{2,40}$")
    name: dict[str, str]
    days: int = Field(default=1, ge=1, le=10)
    on: str | None = Field(default=None, pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")
    nth: NthWeekday | None = None
    easter: int | None = Field(default=None, ge=-60, le=60)
    moon: MoonDay | None = None

    @field_validator("on")
    @classmethod
    def _is_a_day(cls, on: str | None) -> str | None:
        if on is not None:
            date.fromisoformat(f"2027-{on}")  # not 29 February: it would be missing in most years
        return on

    @model_validator(mode="after")
    def _one_way(self) -> "Holiday":
        ways = [way for way in (self.on, self.nth, self.easter, self.moon) if way is not None]
        if len(ways) != 1:
            raise ValueError("say when it is by exactly one of: on, nth, easter, moon")
        return self


class Moved(Strict):
    """A decree: this holiday, wherever it was expected, is from this day until that day, both counted."""

    holiday: str
    start: date = Field(alias="from")
    end: date = Field(alias="to")
    why: str

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Moved":
        if self.end < self.start:
            raise ValueError("'to' is before 'from'")
        return self


class CalendarFile(Strict):
    """Everything in one file of `calendars/`."""

    schema_version: Literal[1] = Field(alias="schema")
    name: dict[str, str]
    country: str = Field(pattern=r"^[A-Z]{2}$")
    timezone: str
    source: str
    reviewed_by: str
    reviewed_on: date | None = None
    weekend: tuple[Weekend, ...] = Field(min_length=1)
    holiday: tuple[Holiday, ...] = ()
    announced: Beginnings = {}
    moved: tuple[Moved, ...] = ()

    _zone = field_validator("timezone")(known_zone)

    @field_validator("weekend")
    @classmethod
    def _in_order(cls, weekends: tuple[Weekend, ...]) -> tuple[Weekend, ...]:
        days = [weekend.since for weekend in weekends]
        if days != sorted(set(days)):
            raise ValueError("each later weekend needs a later 'since'")
        return weekends

    @field_validator("holiday")
    @classmethod
    def _each_once(cls, holidays: tuple[Holiday, ...]) -> tuple[Holiday, ...]:
        keys = [holiday.key for holiday in holidays]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"{', '.join(twice)} stands here twice")
        return holidays

    @field_validator("moved")
    @classmethod
    def _not_over_each_other(cls, moved: tuple[Moved, ...]) -> tuple[Moved, ...]:
        for one, other in combinations(moved, 2):
            if one.holiday == other.holiday and one.start <= other.end and other.start <= one.end:
                raise ValueError(f"{one.holiday} is moved twice to the same days")
        return moved

    @field_validator("announced")
    @classmethod
    def _can_be(cls, announced: Beginnings, info: ValidationInfo) -> Beginnings:
        wrong = list(find_wrong_announcements(info.context["moon"], announced))
        if wrong:
            raise ValueError("; ".join(wrong))
        return announced


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    golden, century = year % 19, year // 100
    leap_correction = (8 * century + 13) // 25
    epact = (19 * golden + century - century // 4 - leap_correction + 15) % 30
    epact -= epact // 28 * (1 - epact // 28 * (29 // (epact + 1)) * ((21 - golden) // 11))
    to_sunday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    offset = epact - to_sunday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


def day_in(year: int, holiday: Holiday) -> date:
    """The day in this year on which a holiday of the sun's calendar begins."""
    if holiday.on:
        return date.fromisoformat(f"{year}-{holiday.on}")
    if holiday.easter is not None:
        return easter_sunday(year) + timedelta(days=holiday.easter)
    first = date(year, holiday.nth.month, 1)
    to_weekday = (WEEKDAYS.index(holiday.nth.weekday) - first.weekday()) % 7
    return first + timedelta(days=to_weekday + 7 * (holiday.nth.nth - 1))
