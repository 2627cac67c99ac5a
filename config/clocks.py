"""How long something may take: by the clock on the wall, or in the hours and days in which a partner is there.

Pure: told when it begins and when the partner is open, a clock says at which instant it runs out.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import Field, model_validator

from config.data_file import Strict
from config.opening_hours import Opening

OpeningAt = Callable[[datetime], Opening]
# More turns of a door than a partner has in a year and a half; beyond that its hours are no hours.
MOST_TURNS = 3000


class Clock(Strict):
    """One of: seconds on the wall, hours in which the partner is open, or open days after the one it begins on.

    In a file a bare number is seconds on the wall.
    """

    wall_s: int | None = Field(default=None, gt=0)
    open_hours: float | None = Field(default=None, gt=0)
    open_days: int | None = Field(default=None, gt=0, le=200)

    @model_validator(mode="before")
    @classmethod
    def _from_seconds(cls, value: object) -> object:
        return {"wall_s": value} if isinstance(value, int) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _one_way_to_count(self) -> "Clock":
        if sum(given is not None for given in (self.wall_s, self.open_hours, self.open_days)) != 1:
            raise ValueError("give seconds, or open_hours, or open_days")
        return self

    def due_at(self, start: datetime, opening_at: OpeningAt | None) -> datetime:
        """When it runs out. Nobody's hours to count by, or one who never opens: counted by the wall, never stopped."""
        if self.wall_s is not None:
            return start + timedelta(seconds=self.wall_s)
        if self.open_hours is not None:
            return _after_open_time(start, timedelta(hours=self.open_hours), opening_at)
        return _end_of_open_day(start, self.open_days, opening_at)


def _after_open_time(start: datetime, left: timedelta, opening_at: OpeningAt | None) -> datetime:
    at = start
    for _turn in range(MOST_TURNS if opening_at else 0):
        opening = opening_at(at)
        if opening.until is None:
            return at + left
        if opening.is_open:
            if left <= opening.until - at:
                return at + left
            left -= opening.until - at
        at = opening.until
    return start + left


def _end_of_open_day(start: datetime, days: int, opening_at: OpeningAt | None) -> datetime:
    """The close of the last open time that begins on the asked day."""
    seen, at, due = set(), start, None
    for _turn in range(MOST_TURNS if opening_at else 0):
        opening = opening_at(at)
        if opening.until is None:
            break
        if opening.is_open and at > start:
            day = at.date()
            if day != _day_beside(start, at):
                seen.add(day)
            if len(seen) > days:
                return due
            if seen:
                due = opening.until
        at = opening.until
    return due or start + timedelta(days=days)


def _day_beside(start: datetime, other: datetime) -> object:
    """The date of `start` on the clock that `other` is told by."""
    return start.astimezone(other.tzinfo).date()
