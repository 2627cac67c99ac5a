"""Reads partners.toml: who takes over a child we hand on, when they are there, and what was agreed with them.

Strict like every data file: an unknown key or a wrong value is refused with its place.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from config.country_calendar import load_calendars
from config.data_file import Strict, known_zone, read_table
from config.opening_hours import Hours, Opening, refuse_other_clock
from config.shelters import Site

Kind = Literal[
    "police_desk",
    "operations_room",
    "community_desk",
    "shelter",
    "counselling_centre",
    "missing_children_body",
    "school_authority",
    "prosecution",
    "peer_helpline",
    "reintegration",
]
# How much of a child's story may be told: D0 that there is something urgent, D1 no identity, D2 what is needed to
# act, D3 the case. Counselling notes and recordings (D4) are never handed on, so no agreement can name them.
DisclosureLevel = Literal["D0", "D1", "D2", "D3"]
DISCLOSURE_LEVELS: tuple[DisclosureLevel, ...] = ("D0", "D1", "D2", "D3")
LANGUAGES = ("ar", "en")


def in_every_language(name: dict[str, str]) -> dict[str, str]:
    """Check a name that people of either language read."""
    if missing := [language for language in LANGUAGES if not name.get(language, "").strip()]:
        raise ValueError(f"no name in {', '.join(missing)}")
    return name


ADDRESSES = {
    "call": r"\+[1-9][0-9]{6,14}",
    "sms": r"\+[1-9][0-9]{6,14}",
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "webhook": r"https://\S+",
    "paper": r"\S.{2,200}",
    "portal": r"",
}


class Endpoint(Strict):
    """One way to reach a partner. Only one that `can_ack` may be a step that must be answered.

    `address` is a number for call and sms, a mailbox for email, https for webhook, an office for paper, and
    nothing for the portal, where partners come to us.
    """

    channel: Literal["call", "sms", "email", "webhook", "paper", "portal"]
    address: str = ""
    can_ack: bool
    order: int = Field(ge=1)

    @model_validator(mode="after")
    def _fits_its_channel(self) -> "Endpoint":
        if not re.fullmatch(ADDRESSES[self.channel], self.address):
            raise ValueError(f"address: {self.address!r} is no address for {self.channel}")
        if self.channel == "sms" and self.can_ack:
            raise ValueError("can_ack: a text message can not carry an answer")
        return self


class Agreement(Strict):
    """What was signed: for which workflows, how much may be told, and from when until when."""

    workflows: tuple[str, ...] = Field(min_length=1)
    max_level: DisclosureLevel
    valid_from: date
    valid_to: date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Agreement":
        if self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self

    def covers(self, workflow: str, level: str, day: date) -> bool:
        """Whether this workflow may tell them this much on this day."""
        enough = DISCLOSURE_LEVELS.index(level) <= DISCLOSURE_LEVELS.index(self.max_level)
        return workflow in self.workflows and enough and self.valid_from <= day <= self.valid_to


class Partner(Strict):
    """One partner: a desk, not a person. `languages` in the order they are answered in."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{2,60}$")
    kind: Kind
    name: dict[str, str]
    area: str = Field(pattern=r"^[a-z][a-z0-9_]{1,60}$")
    languages: tuple[str, ...] = Field(min_length=1)
    timezone: str
    hours: Hours
    endpoints: tuple[Endpoint, ...] = Field(min_length=1)
    agreement: Agreement
    sites: tuple[Site, ...] = ()

    _names = field_validator("name")(in_every_language)

    _zone = field_validator("timezone")(known_zone)

    @model_validator(mode="after")
    def _one_clock(self) -> "Partner":
        refuse_other_clock(self.hours, self.timezone)
        return self

    @model_validator(mode="after")
    def _beds_in_shelters_only(self) -> "Partner":
        if (self.kind == "shelter") != bool(self.sites):
            raise ValueError("sites: a shelter has them, and nobody else")
        return self

    @field_validator("endpoints")
    @classmethod
    def _in_order(cls, endpoints: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
        return tuple(sorted(endpoints, key=lambda endpoint: endpoint.order))

    def local(self, at: datetime) -> datetime:
        """This instant on the partner's own clock."""
        return at.astimezone(ZoneInfo(self.timezone))

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at this instant (any time zone)."""
        return self.hours.rule_at(self.local(at))[0]

    def opening_at(self, at: datetime) -> Opening:
        """Whether somebody is there at this instant (any time zone), by which rule, and until when."""
        return self.hours.opening_at(at, ZoneInfo(self.timezone))

    @property
    def number(self) -> str | None:
        """The first number at which somebody can take a call on with a PIN."""
        return next((end.address for end in self.endpoints if end.channel == "call" and end.can_ack), None)

    def find_endpoint(self, channels: Collection[str], *, must_answer: bool = True) -> Endpoint | None:
        """The first way to reach them by one of these channels; with `must_answer`, one they can answer by."""
        fitting = (end for end in self.endpoints if end.channel in channels and (end.can_ack or not must_answer))
        return next(fitting, None)


class PartnersFile(Strict):
    """Everything in partners.toml."""

    schema_version: Literal[1] = Field(alias="schema")
    partner: tuple[Partner, ...] = ()

    @field_validator("partner")
    @classmethod
    def _each_once(cls, partners: tuple[Partner, ...]) -> tuple[Partner, ...]:
        keys = [partner.key for partner in partners]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"{', '.join(twice)} stands here twice")
        numbers = [end.address for partner in partners for end in partner.endpoints if end.channel == "call"]
        if len(numbers) != len(set(numbers)):
            # Two desks behind one number could not be told apart by who answers.
            raise ValueError("one number stands here for two endpoints")
        return partners


def load_partners(folder: Path) -> Mapping[str, Partner]:
    """Read `folder`/partners.toml, by key in the file's order. Raises ConfigInvalid naming each fault."""
    partners = read_table(folder / "partners.toml", PartnersFile, {"calendars": load_calendars(folder)}).partner
    return MappingProxyType({partner.key: partner for partner in partners})
