"""When the months of the moon begin: as a printed calendar expects them, until a country announces the day.

The moon is seen, not computed: a country may announce on the evening before that a month begins a day earlier or
later than expected. What is announced counts, and what follows from it moves along.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from config.data_file import Strict, read_table

MonthName = Literal["muharram", "rabi_al_awwal", "ramadan", "shawwal", "dhu_al_hijja"]
Year = Annotated[str, StringConstraints(pattern=r"^1[4-9][0-9]{2}$")]
Beginnings = dict[Year, dict[MonthName, date]]
# A month of the moon has 29 or 30 days, whoever looks for it.
SHORTEST, LONGEST = timedelta(days=29), timedelta(days=30)
FARTHEST_OFF = timedelta(days=2)


class MoonFile(Strict):
    """Everything in moon_months.toml: the first day of each month that some rule needs, by Islamic year."""

    schema_version: Literal[1] = Field(alias="schema")
    source: str
    expected: Beginnings = Field(min_length=1)


@dataclass(frozen=True)
class MoonMonth:
    """One month of one year: its first day, and whether that was announced or is only expected."""

    name: MonthName
    year: int
    begins: date
    announced: bool

    @property
    def how_known(self) -> str:
        return "announced" if self.announced else "expected"


def read_moon_months(folder: Path) -> Beginnings:
    """Read `folder`/moon_months.toml. Raises ConfigInvalid."""
    return read_table(folder / "moon_months.toml", MoonFile).expected


def settle_months(expected: Beginnings, announced: Beginnings) -> Mapping[tuple[str, int], MoonMonth]:
    """All months by name and year, announced days instead of expected ones."""
    months = {(month.name, month.year): month for month in _months(expected, announced)}
    for (name, year), fast in list(months.items()):
        feast = months.get(("shawwal", year))
        if name == "ramadan" and feast and not feast.announced:
            # A fast that began a day later than expected does not end as if it had not.
            begins = min(max(feast.begins, fast.begins + SHORTEST), fast.begins + LONGEST)
            months["shawwal", year] = MoonMonth("shawwal", year, begins, announced=False)
    return months


def find_wrong_announcements(expected: Beginnings, announced: Beginnings) -> Iterator[str]:
    """What can not have been announced: a month nobody expects, or one on a day on which no moon could begin it."""
    for year, months in announced.items():
        for name, begins in months.items():
            likely = expected.get(year, {}).get(name)
            if likely is None:
                yield f"announced.{year}.{name}: this month is not in moon_months.toml"
            elif abs(begins - likely) > FARTHEST_OFF:
                yield f"announced.{year}.{name}: {begins} is too far from {likely}, the day that is expected"
        fast, feast = months.get("ramadan"), months.get("shawwal")
        if fast and feast and not SHORTEST <= feast - fast <= LONGEST:
            yield f"announced.{year}.shawwal: Ramadan would have {(feast - fast).days} days"


def _months(expected: Beginnings, announced: Beginnings) -> Iterator[MoonMonth]:
    for year, months in expected.items():
        for name, likely in months.items():
            begins = announced.get(year, {}).get(name)
            yield MoonMonth(name, int(year), begins or likely, announced=begins is not None)
