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
    state: str
    why: str | None
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


class HandoffHead(Shape):
    """A contact on its way to a partner. `responsible` is who answers for the child now."""

    ref: str
    contact_id: UUID
    workflow: str
    workflow_version: int
    name: dict[str, str]
    state: str
    phase: str | None
    responsible: Literal["us", "partner"]
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
    timers: list[RunningClock]
    events: list[HandoffEvent]


class OpenHandoff(HandoffHead):
    """One of those that are not over, with its latest offer."""

    offer: HandoffOffer | None
    timers: list[RunningClock]
