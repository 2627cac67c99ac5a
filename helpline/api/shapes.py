"""What the API answers, as models. Answers are not checked against them as they go out; the tests check every one."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from helpline.contacts.models import OUTCOMES, STATES
from helpline.staff.models import ACTIVITIES, ROLES
from triage.model import RiskLevel

Channel = Literal["voice", "sms"]
Level = Literal[tuple(str(level) for level in RiskLevel)]
State = Literal[STATES]
Activity = Literal[ACTIVITIES]
Role = Literal[ROLES]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Reason(Shape):
    """Why a rule spoke; `text` holds a sentence for each language."""

    rule: str
    points: int
    floor: Level | None
    text: dict[str, str]
    actor: str | None = None


class Risk(Shape):
    level: Level
    reasons: list[Reason]


class FullRisk(Risk):
    score: int
    by_person: Level | None
    rules_version: str | None


class Person(Shape):
    id: int
    name: str


class Waiting(Shape):
    """One who waits. `due_in_s` is what is left of the level's target; below zero it is passed."""

    contact_id: UUID
    channel: Channel
    risk: Risk
    language: str
    waited_s: int
    state: State
    due_in_s: int
    overdue: bool
    offered_to: Person | None
    on_call_rung: bool


class Queue(Shape):
    """Those who wait, in the order they will be served."""

    entries: list[Waiting]


class Leg(Shape):
    """Someone on the line."""

    id: UUID
    role: str
    staff_id: int | None
    status: str
    joined: bool
    on_hold: bool
    muted: bool


class Event(Shape):
    at: AwareDatetime
    kind: str
    actor: str
    detail: dict[str, Any]


class Contact(Shape):
    """One call or conversation with its story. `outcome` is set once it is closed; `number` is masked.

    `notes` is there only for those who may read what was written about a child.
    """

    id: UUID
    state: State
    outcome: Literal[OUTCOMES] | None
    channel: Channel
    language: str
    risk: FullRisk
    number: str
    country: str | None
    wish: Literal["woman", "man"] | None
    counsellor: Person | None
    mine: bool
    opened_at: AwareDatetime
    connected_at: AwareDatetime | None
    talk_ended_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    exercise: bool
    record: dict[str, Any]
    notes: str | None = None
    legs: list[Leg]
    events: list[Event]


class Reservation(Shape):
    """What is offered to me, until `expires_at`."""

    id: UUID
    contact_id: UUID
    channel: Channel
    risk: Risk
    language: str
    waited_s: int
    expires_at: AwareDatetime


class HeldContact(Shape):
    """The contact I have, until its record is finished."""

    id: UUID
    state: State
    channel: Channel
    language: str
    risk: Risk
    connected_at: AwareDatetime | None
    talked_s: int | None
    legs: list[Leg]


class Me(Shape):
    id: int
    name: str
    role: Role
    languages: list[str]
    activity: Activity
    activity_since: AwareDatetime
    reservation: Reservation | None
    contact: HeldContact | None


class Message(Shape):
    """One text: `in` from the child, `out` from us."""

    id: UUID
    direction: Literal["in", "out"]
    sent_by: str
    body: str
    media_count: int
    status: str
    error_code: str | None
    at: AwareDatetime


class Conversation(Shape):
    """The texts, oldest first."""

    messages: list[Message]


class CounsellorsContact(Shape):
    id: UUID
    state: State
    channel: Channel
    level: Level
    since_s: int


class Counsellor(Shape):
    id: int
    name: str
    role: Role
    activity: Activity
    since_s: int
    languages: list[str]
    on_call: bool
    contact: CounsellorsContact | None


class LiveContact(Shape):
    """A contact beyond the menus and not closed."""

    contact_id: UUID
    state: State
    channel: Channel
    level: Level
    language: str
    counsellor_id: int | None
    opened_at: AwareDatetime
    talked_s: int | None
    legs: list[Leg]


class MenuCaller(Shape):
    contact_id: UUID
    language: str
    since_s: int


class Menus(Shape):
    """Callers who are still in the menus."""

    count: int
    callers: list[MenuCaller]


class Breach(Shape):
    """Whose target is passed or soon will be."""

    contact_id: UUID
    channel: Channel
    level: Level
    due_in_s: int


class Alert(Shape):
    """What stops the line from working as it should."""

    kind: Literal["clock_silent", "work_parked", "nobody_on_shift"]
    since_s: int | None = None
    count: int | None = None


class Floor(Shape):
    """Everything at once, for the shift lead."""

    queue: Queue
    counsellors: list[Counsellor]
    calls: list[LiveContact]
    menus: Menus
    handoffs: list[dict[str, Any]]
    predicted_breaches: list[Breach]
    alerts: list[Alert]
    generated_at: AwareDatetime


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


class Handoff(Shape):
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
    offers: list[HandoffOffer]
    timers: list[RunningClock]
    events: list[HandoffEvent]


class FieldFault(Shape):
    field: str
    message: str


class ProblemDocument(Shape):
    """RFC 9457. `type` is stable; docs/api.md lists every one."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldFault] | None = None
