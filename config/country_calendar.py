"""A country's calendar: its weekend, its public holidays, and when Ramadan is. Says what a day is, never who is open.

One reviewed file a country in `calendars/`. Feasts of the moon are expected until the country announces them;
whole holidays may be moved by decree. Pure: nothing here asks what day it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from config.calendar_file import WEEKDAYS, CalendarFile, Holiday, Moved, day_in
from config.data_file import ConfigInvalid, read_table
from config.moon_months import MoonMonth, read_moon_months, settle_months

MOON_FILE = "moon_months.toml"
# A decree moves a holiday by days, never by a season: so far it is taken to speak of the same feast.
SAME_FEAST = timedelta(days=20)
ANNOUNCED_AHEAD, ANNOUNCED_BEFORE = timedelta(days=3), timedelta(days=30)
PAST_AFTER = timedelta(days=365)
END_AHEAD = timedelta(days=730)


@dataclass(frozen=True)
class HolidayTime:
    """One time that a holiday is: its days, and how it is known (fixed, expected, announced, moved)."""

    key: str
    start: date
    end: date
    how_known: str

    def __str__(self) -> str:
        return self.key if self.how_known == "fixed" else f"{self.key}, {self.how_known}"


@dataclass(frozen=True)
class Calendar:
    """A country's days. `key` is its file's name."""

    key: str
    file: CalendarFile
    months: Mapping[tuple[str, int], MoonMonth]

    @property
    def timezone(self) -> str:
        return self.file.timezone

    def is_weekend(self, day: date) -> bool:
        """Whether ordinary offices are closed on this day of the week, as the weekend was at that time."""
        in_force = [weekend for weekend in self.file.weekend if weekend.since <= day]
        return bool(in_force) and WEEKDAYS[day.weekday()] in in_force[-1].days

    def ramadan_on(self, day: date) -> MoonMonth | None:
        """The Ramadan that this day is in, if it is."""
        for (name, year), month in self.months.items():
            feast = self.months.get(("shawwal", year))
            if name == "ramadan" and feast and month.begins <= day < feast.begins:
                return month
        return None

    def holiday_on(self, day: date) -> HolidayTime | None:
        """The public holiday on this day; of two, the one that stands first in the file."""
        for holiday in self.file.holiday:
            for time in self._times_of(holiday, day.year):
                if time.start <= day <= time.end:
                    return time
        return None

    def find_faults(self) -> Iterator[str]:
        """What only the whole calendar shows: decrees that move nothing."""
        holidays = {holiday.key: holiday for holiday in self.file.holiday}
        for n, moved in enumerate(self.file.moved):
            if moved.holiday not in holidays:
                yield f"moved.{n}: there is no holiday {moved.holiday!r}"
            elif not any(self._speaks_of(moved, time) for time in self._expected_times(holidays[moved.holiday], moved)):
                yield f"moved.{n}: {moved.holiday} is not expected within {SAME_FEAST.days} days of {moved.start}"

    def list_notes(self, today: date) -> Iterator[str]:
        """What somebody should look at: days not announced yet, entries long past, and where the calendar ends."""
        by_the_moon = any(holiday.moon for holiday in self.file.holiday)
        for month in self.months.values() if by_the_moon else ():
            if not month.announced and today - ANNOUNCED_BEFORE <= month.begins <= today + ANNOUNCED_AHEAD:
                yield f"{month.name} {month.year} is expected on {month.begins} and not announced yet"
        for moved in self.file.moved:
            if moved.end < today - PAST_AFTER:
                yield f"{moved.holiday} moved to {moved.start} is long past and can be taken out"
        if (last := max(month.begins for month in self.months.values())) < today + END_AHEAD:
            yield f"months of the moon are known until {last} only; {MOON_FILE} needs more years"

    def _times_of(self, holiday: Holiday, year: int) -> Iterator[HolidayTime]:
        """Every time of this holiday that touches a year: by decree, or as expected where no decree speaks of it."""
        moves = [moved for moved in self.file.moved if moved.holiday == holiday.key]
        for moved in moves:
            yield HolidayTime(holiday.key, moved.start, moved.end, "moved")
        for time in self._starts_near(holiday, year):
            if not any(self._speaks_of(moved, time) for moved in moves):
                yield time

    def _starts_near(self, holiday: Holiday, year: int) -> Iterator[HolidayTime]:
        for start, how_known in self._starts(holiday, year):
            yield HolidayTime(holiday.key, start, start + timedelta(days=holiday.days - 1), how_known)

    def _starts(self, holiday: Holiday, year: int) -> Iterator[tuple[date, str]]:
        if holiday.moon:
            for (name, _year), month in self.months.items():
                if name == holiday.moon.month:
                    yield month.begins + timedelta(days=holiday.moon.day - 1), month.how_known
            return
        for near in (year - 1, year):  # one that began last year may still last
            yield day_in(near, holiday), "fixed"

    def _expected_times(self, holiday: Holiday, moved: Moved) -> Iterator[HolidayTime]:
        yield from self._starts_near(holiday, moved.start.year)
        yield from self._starts_near(holiday, moved.start.year + 1)

    @staticmethod
    def _speaks_of(moved: Moved, time: HolidayTime) -> bool:
        return abs(moved.start - time.start) <= SAME_FEAST


def read_calendars(folder: Path) -> tuple[dict[str, Calendar], list[str]]:
    """Every calendar in `folder`/calendars by key, and the faults of those that could not be read."""
    shelf = folder / "calendars"
    paths = [path for path in sorted(shelf.glob("*.toml")) if path.name != MOON_FILE]
    calendars: dict[str, Calendar] = {}
    faults: list[str] = []
    try:
        moon = read_moon_months(shelf) if paths else {}
    except ConfigInvalid as error:
        return {}, [f"calendars/{fault}" for fault in error.faults]
    for path in paths:
        try:
            file = read_table(path, CalendarFile, {"moon": moon})
        except ConfigInvalid as error:
            faults += [f"calendars/{fault}" for fault in error.faults]
            continue
        calendar = Calendar(path.stem, file, settle_months(moon, file.announced))
        faults += [f"calendars/{path.name}: {fault}" for fault in calendar.find_faults()]
        calendars[path.stem] = calendar
    return calendars, faults


def load_calendars(folder: Path) -> Mapping[str, Calendar]:
    """Every calendar in `folder`/calendars, by key. Raises ConfigInvalid naming each fault."""
    calendars, faults = read_calendars(folder)
    if faults:
        raise ConfigInvalid(faults)
    return calendars
