"""The pieces that a workflow is written with: whom to ask and how, phases, milestones, what is told at each stage."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.clocks import Clock
from config.data_file import Strict
from config.partners import DISCLOSURE_LEVELS, DisclosureLevel, Kind

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,60}$")]
# By which a partner can say that it takes a hand-off on. A text message is none of them.
AnswerChannel = Literal["portal", "email", "webhook", "paper"]


class CallStep(Strict):
    """Ring the best desk of a kind that has not been tried yet. Voicemail can not pass the PIN."""

    do: Literal["call"]
    to: Kind
    ring_s: int = Field(ge=5, le=60)
    screen: Literal["keypad_pin"]

    @property
    def kinds(self) -> tuple[str, ...]:
        """One desk of each of these is asked."""
        return (self.to,)


class CallParallelStep(Strict):
    """Ring one desk of each kind at the same time. Whoever takes the call first has it; the others are told."""

    do: Literal["call_parallel"]
    to: tuple[Kind, ...] = Field(min_length=2, max_length=4)
    ring_s: int = Field(ge=5, le=60)
    screen: Literal["keypad_pin"]

    @property
    def kinds(self) -> tuple[str, ...]:
        """One desk of each of these is asked."""
        return self.to


class OfferStep(Strict):
    """Offer it in writing to the best partners of a kind, up to so many at a time; the first to accept has it.

    `ack` is how long they have to say that they have seen it, `accept` from there until they have decided.
    """

    do: Literal["offer"]
    to: Kind
    by: tuple[AnswerChannel, ...] = Field(min_length=1)
    up_to: int = Field(default=1, ge=1, le=3)
    ack: Clock
    accept: Clock

    @property
    def kinds(self) -> tuple[str, ...]:
        """As many of this kind as may be asked at a time."""
        return (self.to,) * self.up_to


class PageStep(Strict):
    """Nobody was reached: call the shift lead until a person takes it. `board`: show it first, ring when overdue."""

    do: Literal["page"]
    to: Literal["shift_lead"]
    by: Literal["call", "board"] = "call"
    repeat_s: int = Field(ge=10, le=3600)
    until: Literal["taken"]


AskStep = CallStep | CallParallelStep | OfferStep
Step = Annotated[CallStep | CallParallelStep | OfferStep | PageStep, Field(discriminator="do")]


class Notice(Strict):
    """A word beside the chain that something waits, without content. It never counts as an answer."""

    do: Literal["notify"]
    by: Literal["portal", "email", "sms"]
    to: Kind


class Levels(Strict):
    """How much is told at each stage; never less later than before."""

    offer: DisclosureLevel
    acknowledged: DisclosureLevel
    accepted: DisclosureLevel
    # A placement tells more only once the child is there.
    arrived: DisclosureLevel | None = None

    @model_validator(mode="after")
    def _rising(self) -> "Levels":
        order = [DISCLOSURE_LEVELS.index(level) for level in self.in_order]
        if order != sorted(order):
            raise ValueError("a later stage tells less than an earlier one")
        return self

    @property
    def in_order(self) -> tuple[DisclosureLevel, ...]:
        """From the first stage to the last."""
        return tuple(filter(None, (self.offer, self.acknowledged, self.accepted, self.arrived)))

    @property
    def highest(self) -> DisclosureLevel:
        """The most that is ever told."""
        return self.in_order[-1]


class DeskTimes(Strict):
    """Seconds that an answered desk has: until the PIN is right, and from there until it has chosen."""

    enter_pin_s: int = Field(ge=20, le=300)
    choose_s: int = Field(ge=20, le=300)


class Phase(Strict):
    """One part of what happens after acceptance. `after` none: may follow acceptance itself.

    `within` is how long it may last; then people are called, and where `overdue` says so the child counts as not
    having come. `by` is who may say that it has begun.
    """

    code: Code
    after: tuple[Code, ...] = ()
    within: Clock | None = None
    overdue: Literal["page", "no_show"] = "page"
    by: Literal["partner", "us", "either"] = "either"


class Milestone(Strict):
    """A look at how the child is, so many days after acceptance (or arrival). It must be answered before the close."""

    code: Code
    track: Code
    after_days: int = Field(ge=1, le=400)
