"""Reads helpline.toml into frozen, checked objects.

Unknown keys and wrong values are refused with their place, so that a typing mistake is seen at start.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from config.country_calendar import load_calendars
from config.data_file import Strict, known_zone, read_table
from config.opening_hours import Hours, Opening, refuse_other_clock

Level = Literal["critical", "high", "elevated", "routine", "benign"]
LEVELS: tuple[Level, ...] = ("critical", "high", "elevated", "routine", "benign")  # most severe first
E164 = Field(pattern=r"^\+[1-9][0-9]{6,14}$")
Number = Annotated[str, E164]
# Texts also come to the short numbers of a country, and by WhatsApp.
TextNumber = Annotated[str, Field(pattern=r"^((whatsapp:)?\+[1-9][0-9]{6,14}|[0-9]{3,8})$")]


class About(Strict):
    name: dict[str, str]
    country: str = Field(pattern=r"^[A-Z]{2}$")
    timezone: str
    emergency_number: str = Field(pattern=r"^[0-9]{2,8}$")

    _zone = field_validator("timezone")(known_zone)


class Numbers(Strict):
    voice: tuple[Number, ...] = Field(min_length=1)
    sms: tuple[TextNumber, ...] = ()
    caller_id: Number
    duty_phones: tuple[Number, ...] = ()


Code = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class Languages(Strict):
    """Languages of calls in their speaking order, those of texts besides, and which to begin with."""

    offered: tuple[Code, ...] = Field(min_length=1, max_length=8)
    in_texts: tuple[Code, ...] = ()
    by_number: dict[TextNumber, Code] = {}
    by_country: dict[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], Code] = {}

    @model_validator(mode="after")
    def _each_once_and_guesses_known(self) -> "Languages":
        every = self.offered + self.in_texts
        if twice := sorted({code for code in every if every.count(code) > 1}):
            raise ValueError(f"{', '.join(twice)} stands there twice")
        guessed = {*self.by_number.values(), *self.by_country.values()}
        if unknown := sorted(guessed - set(every)):
            raise ValueError(f"{', '.join(unknown)} is in neither offered nor in_texts")
        return self

    def likely(self, dialled: str, country: str | None) -> str:
        """The language of calls to begin with: of the number called, else of the caller's country; "" if unknown.

        A guess from what everyone with such a number shares, never from what this number did before.
        """
        guesses = (self.by_number.get(dialled, ""), self.by_country.get(country or "", ""))
        return next((code for code in guesses if code in self.offered), "")


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
    on_call_from_when_closed: Level = "high"
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


class NumberMarks(Strict):
    """Numbers used to abuse or to flood the line: for how long a mark holds, and how much slower their lane is."""

    days: int = Field(ge=1, le=365)
    slower_by_s: int = Field(ge=0, le=86400)


class PartnerPages(Strict):
    """A partner's page behind a link: for how many days a link opens, how long after its PIN details are shown, ..."""

    link_days: int = Field(default=30, ge=1, le=200)
    shown_s: int = Field(default=1800, ge=60, le=43200)
    wrong_pins_until_locked: int = Field(default=5, ge=3, le=10)
    # New links for one offer that may be asked for in an hour.
    new_links_an_hour: int = Field(default=3, ge=1, le=20)


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
    taken_back_after_s: int = Field(ge=60)
    idle_after_s: int = Field(ge=60)
    close_after_s: int = Field(ge=300)
    thread_days: int = Field(ge=0)
    most_in_30_s: int = Field(ge=1, le=15)
    allowed: dict[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], Allowed]

    @model_validator(mode="after")
    def _reminded_before_closed(self) -> "Texting":
        if self.idle_after_s >= self.close_after_s:
            raise ValueError("idle_after_s must come before close_after_s")
        if self.unanswered_after_s >= self.taken_back_after_s:
            raise ValueError("unanswered_after_s must come before taken_back_after_s")
        return self

    def allowed_in(self, country: str) -> Allowed:
        """What texts to this country may point to; nothing, where nothing is said of it."""
        return self.allowed.get(country, Allowed())


class Survey(Strict):
    """The small question after a talk."""

    voice: bool = False
    text: bool = False
    least_shown: int = Field(default=5, ge=2)


class Triage(Strict):
    """Whether a text is weighed a second time, by nearness to examples, after its answer has gone out."""

    second_opinion: bool = True


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
    number_marks: NumberMarks
    partner_pages: PartnerPages = PartnerPages()
    wrap_up: WrapUp
    switches: Switches = Switches()
    survey: Survey = Survey()
    triage: Triage = Triage()
    texting: Texting
    retention: Retention

    @model_validator(mode="after")
    def _one_clock(self) -> "Helpline":
        refuse_other_clock(self.hours, self.helpline.timezone)
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.helpline.timezone)

    def is_open(self, at: datetime) -> bool:
        """Whether the line is open for ordinary talk at this instant (any time zone)."""
        return self.hours.rule_at(at.astimezone(self.zone))[0]

    def opening_at(self, at: datetime) -> Opening:
        """Open or closed at this instant (any time zone), by which rule, and until when."""
        return self.hours.opening_at(at, self.zone)


def load_helpline(folder: Path) -> Helpline:
    """Read `folder`/helpline.toml. Raises ConfigInvalid naming each fault with its place."""
    return read_table(folder / "helpline.toml", Helpline, {"calendars": load_calendars(folder)})
