"""When a desk is open, be it ours or a partner's: by weekday, in Ramadan, on public holidays, on single dates.

Pure: asked about a moment, it says open or closed, by which rule, and until when. The clock on the wall decides,
so a night shift of eight hours has seven or nine in the nights in which clocks are changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, ValidationInfo, field_validator, model_validator

from config.calendar_file import WEEKDAYS, Weekday
from config.country_calendar import Calendar
from config.data_file import Strict

# Days of the week, or both kinds of them as the country's calendar has its weekend.
DayName = Literal[Weekday, "workday", "weekend"]
DAY_NAMES: tuple[DayName, ...] = (*WEEKDAYS, "workday", "weekend")
LOOK_AHEAD_DAYS = 400
DAY = timedelta(days=1)
MINUTES_A_DAY = 24 * 60


class Span(Strict):
    """Open from `start` until `end`, local time; an end at or before the start is on the next day."""

    start: time
    end: time | None  # None: the end of the day, written 24:00

    @classmethod
    def parse(cls, text: str) -> "Span":
        start, dash, end = text.partition("-")
        if not dash:
            raise ValueError(f"{text!r} is not of the form 07:00-23:00")
        return cls(start=time.fromisoformat(start), end=None if end == "24:00" else time.fromisoformat(end))

    @property
    def crosses_midnight(self) -> bool:
        return self.end is not None and self.end <= self.start

    @property
    def minutes(self) -> tuple[float, float]:
        """Start and end in minutes of the day it begins on."""
        start, end = _minute_of(self.start), MINUTES_A_DAY if self.end is None else _minute_of(self.end)
        return start, end + MINUTES_A_DAY if self.crosses_midnight else end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{'24:00' if self.end is None else f'{self.end:%H:%M}'}"


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Opening:
    """Open or closed at a moment, by which rule, and until when; `until` is None if nothing changes for a year."""

    is_open: bool
    rule: str
    until: datetime | None


class Hours(Strict):
    """The hours of one desk. A date goes before a holiday, a holiday before Ramadan, Ramadan before the week.

    `holidays` are the hours on any public holiday and `holiday` those on some by name; where neither is given a
    public holiday is a day like others.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    always_open: bool = False
    calendar: Calendar | None = None
    weekly: dict[DayName, Spans] = {}
    ramadan: dict[DayName, Spans] = {}
    holidays: Spans | None = None
    holiday: dict[str, Spans] = {}
    dates: dict[date, Spans] = {}

    @field_validator("calendar", mode="before")
    @classmethod
    def _named(cls, name: object, info: ValidationInfo) -> object:
        calendars: Mapping[str, Calendar] = (info.context or {}).get("calendars", {})
        if isinstance(name, str):
            if name not in calendars:
                raise ValueError(f"there is no calendar {name!r} in calendars/")
            return calendars[name]
        return name

    @field_validator("weekly", "ramadan", "holiday", "dates", mode="before")
    @classmethod
    def _spans(cls, value: object) -> object:
        return {key: _parse_spans(spans) for key, spans in value.items()} if isinstance(value, dict) else value

    @field_validator("holidays", mode="before")
    @classmethod
    def _spans_alone(cls, value: object) -> object:
        return _parse_spans(value)

    @field_validator("dates", mode="before")
    @classmethod
    def _real_dates(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {date.fromisoformat(key) if isinstance(key, str) else key: spans for key, spans in value.items()}

    @field_validator("weekly", "ramadan", "holiday", "dates")
    @classmethod
    def _no_overlap(cls, tables: dict) -> dict:
        for day, spans in tables.items():
            _refuse_overlap(day, spans)
        return tables

    @model_validator(mode="after")
    def _has_what_it_names(self) -> "Hours":
        kinds = {"workday", "weekend"} & {*self.weekly, *self.ramadan}
        if self.calendar is None and (kinds or self.ramadan or self.holiday or self.holidays is not None):
            raise ValueError("workday, weekend, ramadan and holidays need a calendar")
        known = {holiday.key for holiday in self.calendar.file.holiday} if self.calendar else set()
        if unknown := sorted(self.holiday.keys() - known):
            raise ValueError(f"the calendar has no holiday {', '.join(unknown)}")
        return self

    def find_gaps(self) -> Iterator[str]:
        """Days of the week of which nothing is said, not even that they are closed ([]). They count as closed."""
        missing = [day for day in WEEKDAYS if day not in self.weekly]
        if missing and not self.always_open and not self.weekly.keys() >= {"workday", "weekend"}:
            yield f"hours.weekly: says nothing of {', '.join(missing)}; write [] for a closed day"

    def list_notes(self, today: date) -> Iterator[str]:
        """What somebody should look at: single dates that are over."""
        if past := sorted(day for day in self.dates if day < today):
            yield f"hours.dates: {', '.join(map(str, past))} past; can be taken out"

    def opening_at(self, moment: datetime, zone: ZoneInfo) -> Opening:
        """Open or closed at this instant on a clock of this zone, by which rule, and until when."""
        is_open, rule = self.rule_at(moment.astimezone(zone))
        if self.always_open:
            return Opening(True, rule, None)
        turns = (turn for turn in self._turns_after(moment, zone) if self.rule_at(turn)[0] != is_open)
        return Opening(is_open, rule, next(turns, None))

    def rule_at(self, local: datetime) -> tuple[bool, str]:
        """Whether it is open at this local time, and the words of the rule that says so."""
        if self.always_open:
            return True, "always open"
        for day, from_day_before in ((local.date(), False), (local.date() - DAY, True)):
            spans, rule = self._spans_of(day)
            for span in spans:
                if _covers(span, local.time(), from_day_before):
                    return True, rule
        return False, f"outside {self._spans_of(local.date())[1]}"

    def _spans_of(self, day: date) -> tuple[Spans, str]:
        if day in self.dates:
            return self.dates[day], f"date {day.isoformat()}"
        if self.calendar and (found := self.calendar.holiday_on(day)):
            spans = self.holiday.get(found.key, self.holidays)
            if spans is not None:
                return spans, f"holiday {found}"
        month = self.calendar.ramadan_on(day) if self.ramadan and self.calendar else None
        if month and (name := self._name_in(self.ramadan, day)):
            return self.ramadan[name], f"ramadan {name}, {month.how_known}"
        name = self._name_in(self.weekly, day)
        return (self.weekly[name], f"weekly {name}") if name else ((), f"weekly {WEEKDAYS[day.weekday()]}")

    def _name_in(self, table: Mapping[DayName, Spans], day: date) -> DayName | None:
        """Under which name a table speaks of this day: its own, else whether it is a workday or the weekend."""
        weekday = WEEKDAYS[day.weekday()]
        if weekday in table:
            return weekday
        kind = "weekend" if self.calendar and self.calendar.is_weekend(day) else "workday"
        return kind if kind in table else None

    def _turns_after(self, moment: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Every instant after this one at which open and closed may change places, in order, on the zone's clock."""
        today = moment.astimezone(zone).date()
        for ahead in range(LOOK_AHEAD_DAYS):
            instants = self._turns_on(today + ahead * DAY, zone)
            yield from (turn.astimezone(zone) for turn in sorted(instants) if turn > moment)

    def _turns_on(self, day: date, zone: ZoneInfo) -> set[datetime]:
        before, own = self._spans_of(day - DAY)[0], self._spans_of(day)[0]
        walls = {time.min, *(span.start for span in own)}
        walls |= {span.end for span in own if span.end and not span.crosses_midnight}
        walls |= {span.end for span in before if span.end and span.crosses_midnight}
        # An hour that comes twice has each of its minutes twice.
        instants = [datetime.combine(day, wall, zone).replace(fold=fold) for wall in walls for fold in (0, 1)]
        return {instant.astimezone(UTC) for instant in instants} | set(_clock_changes_on(day, zone))


def refuse_other_clock(hours: Hours, timezone: str) -> None:
    """Raise ValueError for hours whose calendar lives by another clock than the desk."""
    if hours.calendar and hours.calendar.timezone != timezone:
        raise ValueError(f"hours.calendar is for {hours.calendar.timezone}, but the time zone here is {timezone}")


def _parse_spans(value: object) -> object:
    if isinstance(value, list):
        return tuple(Span.parse(item) if isinstance(item, str) else item for item in value)
    return value


def _refuse_overlap(day: object, spans: Spans) -> None:
    in_order = sorted(spans, key=lambda span: span.minutes)
    for one, following in pairwise(in_order):
        if following.minutes[0] < one.minutes[1]:
            raise ValueError(f"{day}: {one} and {following} overlap")


def _minute_of(wall: time) -> float:
    return wall.hour * 60 + wall.minute + wall.second / 60


def _covers(span: Span, at: time, from_day_before: bool) -> bool:
    if from_day_before:
        return span.crosses_midnight and at < span.end
    if span.end is None or span.crosses_midnight:
        return at >= span.start
    return span.start <= at < span.end


def _clock_changes_on(day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """The instant at which clocks are changed on this day, if they are; at most once a day, to the second."""
    early = datetime.combine(day, time.min, zone).astimezone(UTC)
    late = datetime.combine(day + DAY, time.min, zone).astimezone(UTC)
    offset = early.astimezone(zone).utcoffset()
    if late.astimezone(zone).utcoffset() == offset:
        return
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            early = middle
        else:
            late = middle
    yield late.replace(microsecond=0)
