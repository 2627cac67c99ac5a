"""What is answered about hand-offs."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from helpline.api.shapes.base import Person, Shape


class Partner(Shape):
    key: str
    name: dict[str, str]


class HandoffOffer(Shape):
    """One partner that was asked, and what came of it."""

    seq: int
    partner: Partner
    channel: str
    state: str
    why: str | None
    decline_code: str | None
    expires_at: AwareDatetime | None
    seen_at: AwareDatetime | None
    made_at: AwareDatetime
    joined_at: AwareDatetime | None
    ended_at: AwareDatetime | None


class RunningClock(Shape):
    kind: str
    due_at: AwareDatetime


class HandoffEvent(Shape):
    """One thing that happened; `seq` has no gaps."""

    seq: int
    at: AwareDatetime
    kind: str
    actor: str
    came_from: str | None = Field(alias="from")
    came_to: str | None = Field(alias="to")
    version: int
    detail: dict[str, Any]


class HandedOn(Shape):
    """One person that a hand-off is about."""

    number: int
    sex: str | None
    age: int | None
    needs: list[str]
    taken_on: bool


class Milestone(Shape):
    """A look at how the child is, due on a day."""

    code: str
    track: str
    due_at: AwareDatetime
    overdue: bool
    answered_at: AwareDatetime | None
    answer: str | None


class Related(Shape):
    """Another hand-off of the same story."""

    ref: str
    state: str


class Bed(Shape):
    """One class of beds of a shelter; `free` are neither taken nor kept for somebody on the way."""

    partner: str
    site: str
    bed: str
    ages: list[int]
    sex: Literal["any", "female", "male"]
    household: Literal["alone", "family"]
    places: int
    free: int


class Shelters(Shape):
    """Every class of beds there is."""

    beds: list[Bed]


class HandoffHead(Shape):
    """A contact on its way to a partner. `responsible` is who answers for the child now."""

    ref: str
    shared_ref: str
    direction: Literal["out", "in", "between"]
    origin: Partner | None
    live_call: bool
    priority: Literal["emergency", "urgent", "routine"]
    basis: str
    services: dict[str, str]
    serial: str | None
    phases: list[str]
    paged_since: AwareDatetime | None
    contact_id: UUID
    workflow: str
    workflow_version: int
    name: dict[str, str]
    state: str
    phase: str | None
    responsible: Literal["us", "partner", "shared"]
    owner: Person
    version: int
    exercise: bool
    requested_at: AwareDatetime
    taken_at: AwareDatetime | None
    accepted_at: AwareDatetime | None
    accepted_by: Partner | None
    outcomes: list[str]
    outcome: str | None
    closed_at: AwareDatetime | None


class Handoff(HandoffHead):
    """One hand-off, whole."""

    offers: list[HandoffOffer]
    members: list[HandedOn]
    milestones: list[Milestone]
    waits_for_second: list[str]
    family: list[Related]
    timers: list[RunningClock]
    events: list[HandoffEvent]


class OpenHandoff(HandoffHead):
    """One of those that are not over, with its latest offer."""

    offer: HandoffOffer | None
    timers: list[RunningClock]
