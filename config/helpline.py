"""Reads helpline.toml into frozen, checked objects.

Unknown keys and wrong values are refused with their place, so that a typing mistake is seen at start.
"""

import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

Level = Literal["critical", "high", "elevated", "routine", "benign"]
LEVELS: tuple[Level, ...] = ("critical", "high", "elevated", "routine", "benign")  # most severe first
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
E164 = Field(pattern=r"^\+[1-9][0-9]{6,14}$")
Number = Annotated[str, E164]
# Texts also come to the short numbers of a country, and by WhatsApp.
TextNumber = Annotated[str, Field(pattern=r"^((whatsapp:)?\+[1-9][0-9]{6,14}|[0-9]{3,8})$")]
T = TypeVar("T", bound="Strict")


class ConfigInvalid(Exception):
    """A data file is wrong. `faults` are lines of 'file: place: what'."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("\n".join(faults))


class Strict(BaseModel):
    """A table of a data file: frozen, and a key that nobody reads is an error, not a silent wish."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


def _parse_spans(value: object) -> object:
    if isinstance(value, list):
        return tuple(Span.parse(item) if isinstance(item, str) else item for item in value)
    return value


class Hours(Strict):
    """When the line is open for ordinary talk. Danger is taken at every hour."""

    always_open: bool = False
    weekly: dict[Weekday, tuple[Span, ...]] = {}
    dates: dict[date, tuple[Span, ...]] = {}

    @field_validator("weekly", "dates", mode="before")
    @classmethod
    def _spans(cls, value: object) -> object:
        return {key: _parse_spans(spans) for key, spans in value.items()} if isinstance(value, dict) else value

    @field_validator("dates", mode="before")
    @classmethod
    def _real_dates(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {date.fromisoformat(key) if isinstance(key, str) else key: spans for key, spans in value.items()}

    def rule_at(self, local: datetime) -> tuple[bool, str]:
        """Whether the line is open at this local time, and the words of the rule that says so."""
        if self.always_open:
            return True, "always open"
        for day, from_day_before in ((local.date(), False), (_day_before(local), True)):
            spans, rule = self._spans_of(day)
            for span in spans:
                if _covers(span, local.time(), from_day_before):
                    return True, rule
        return False, f"outside {self._spans_of(local.date())[1]}"

    def _spans_of(self, day: date) -> tuple[tuple[Span, ...], str]:
        if day in self.dates:
            return self.dates[day], f"date {day.isoformat()}"
        weekday = WEEKDAYS[day.weekday()]
        return self.weekly.get(weekday, ()), f"weekly {weekday}"


def _day_before(local: datetime) -> date:
    return date.fromordinal(local.date().toordinal() - 1)


def _covers(span: Span, at: time, from_day_before: bool) -> bool:
    if from_day_before:
        return span.crosses_midnight and at < span.end
    if span.end is None or span.crosses_midnight:
        return at >= span.start
    return span.start <= at < span.end


class About(Strict):
    name: dict[str, str]
    country: str = Field(pattern=r"^[A-Z]{2}$")
    timezone: str
    emergency_number: str = Field(pattern=r"^[0-9]{2,8}$")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{name!r} is not a time zone") from error
        return name


class Numbers(Strict):
    voice: tuple[Number, ...] = Field(min_length=1)
    sms: tuple[TextNumber, ...] = ()
    caller_id: Number
    duty_phones: tuple[Number, ...] = ()


class Languages(Strict):
    offered: tuple[str, ...] = Field(min_length=1)


class Targets(Strict):
    voice: dict[Level, int]
    text: dict[Level, int]

    @field_validator("voice", "text")
    @classmethod
    def _every_level_and_rising(cls, targets: dict[Level, int]) -> dict[Level, int]:
        if missing := [level for level in LEVELS if level not in targets]:
            raise ValueError(f"no target for {', '.join(missing)}")
        in_order = [targets[level] for level in LEVELS]
        if in_order != sorted(in_order):
            # Otherwise raising a child's level could move them back in the queue.
            raise ValueError("a more severe level must not have a later target than a milder one")
        return targets

    def for_channel(self, channel: str) -> dict[Level, int]:
        """Seconds until a person should have answered, by level."""
        return self.voice if channel == "voice" else self.text


class Queue(Strict):
    reserve: int = Field(ge=0)
    reserve_from_on_shift: int = Field(ge=1)
    reserve_release_overdue_s: int = Field(ge=0)
    reserve_release_waiting: int = Field(ge=1)
    offer_s: int = Field(ge=5, le=120)
    ring_s: int = Field(ge=5, le=60)
    missed_offers_until_away: int = Field(ge=1)
    on_call_after_s: int = Field(ge=5)
    language_patience_s: int = Field(ge=0)
    critical_language_patience_s: int = Field(ge=0)
    wish_patience_s: int = Field(ge=0)
    critical_wish_patience_s: int = Field(ge=0)


class CallingBack(Strict):
    """Missed contacts and calling back. `due` holds seconds by level; the rest is in what its name says."""

    due: dict[Level, int]
    most_attempts: int = Field(ge=1, le=10)
    between_attempts_s: int = Field(ge=60)
    ring_s: int = Field(ge=5, le=60)
    plan_days: int = Field(ge=1, le=90)

    @field_validator("due")
    @classmethod
    def _every_level(cls, due: dict[Level, int]) -> dict[Level, int]:
        if missing := [level for level in LEVELS if level not in due]:
            raise ValueError(f"nothing for {', '.join(missing)}")
        return due


class WrapUp(Strict):
    expected_s: int = Field(ge=30)


class SwitchTimes(Strict):
    """How long a switch of the line is on when nobody says otherwise, and at the longest, at a time."""

    usual_s: int = Field(ge=60)
    longest_s: int = Field(ge=60)

    @model_validator(mode="after")
    def _usual_fits(self) -> "SwitchTimes":
        if self.usual_s > self.longest_s:
            raise ValueError("usual_s is longer than longest_s")
        return self


class Switches(Strict):
    """Both go off by themselves, so that nobody has to remember."""

    surge: SwitchTimes = SwitchTimes(usual_s=7200, longest_s=43200)
    outage: SwitchTimes = SwitchTimes(usual_s=3600, longest_s=43200)

    def of(self, name: str) -> SwitchTimes:
        """The times of this switch."""
        return {"surge": self.surge, "outage": self.outage}[name]


class Allowed(Strict):
    """What a text to a child in one country may point to: internet domains (with what lies below them), numbers."""

    domains: tuple[Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")], ...] = ()
    numbers: tuple[Annotated[str, Field(pattern=r"^\+?[0-9]{3,15}$")], ...] = ()


class Texting(Strict):
    """Rules of text conversations."""

    unanswered_after_s: int = Field(ge=30)
    idle_after_s: int = Field(ge=60)
    close_after_s: int = Field(ge=300)
    thread_days: int = Field(ge=0)
    most_in_30_s: int = Field(ge=1, le=15)
    allowed: dict[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], Allowed]

    @model_validator(mode="after")
    def _reminded_before_closed(self) -> "Texting":
        if self.idle_after_s >= self.close_after_s:
            raise ValueError("idle_after_s must come before close_after_s")
        return self

    def allowed_in(self, country: str) -> Allowed:
        """What texts to this country may point to; nothing, where nothing is said of it."""
        return self.allowed.get(country, Allowed())


class Retention(Strict):
    contacts_days: int = Field(ge=1)


class Helpline(Strict):
    """Everything in helpline.toml."""

    schema_version: Literal[1] = Field(alias="schema")
    helpline: About
    numbers: Numbers
    languages: Languages
    hours: Hours
    targets: Targets
    queue: Queue
    calling_back: CallingBack
    wrap_up: WrapUp
    switches: Switches = Switches()
    texting: Texting
    retention: Retention

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.helpline.timezone)

    def is_open(self, at: datetime) -> bool:
        """Whether the line is open for ordinary talk at this instant (any time zone)."""
        return self.hours.rule_at(at.astimezone(self.zone))[0]


def load_helpline(folder: Path) -> Helpline:
    """Read `folder`/helpline.toml. Raises ConfigInvalid naming each fault with its place."""
    path = folder / "helpline.toml"
    return read_table(path, Helpline)


def read_table(path: Path, model: type[T]) -> T:
    """Read a TOML file into `model`. Raises ConfigInvalid naming the file and the place of each fault."""
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigInvalid([f"{path.name}: cannot be read ({error.strerror})"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigInvalid([f"{path.name}: {error}"]) from error
    except ValidationError as error:
        faults = [f"{path.name}: {_place(fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        raise ConfigInvalid(faults) from error


def _place(location: tuple) -> str:
    return ".".join(str(part) for part in location)
