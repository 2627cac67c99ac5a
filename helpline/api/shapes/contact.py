"""What is answered about one contact, its messages, and oneself."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime

from helpline.api.shapes.base import Activity, Channel, Leg, Level, Person, Risk, Role, Shape, State
from helpline.contacts.models import OUTCOMES


class FullRisk(Risk):
    score: int
    by_person: Level | None
    at_closing: Level | None
    rules_version: str | None


class Event(Shape):
    at: AwareDatetime
    kind: str
    actor: str
    detail: dict[str, Any]


class Contact(Shape):
    """One call or conversation with its story. `outcome` is set once it is closed; `number` is masked.

    `calls_back` names the missed contact that this call of ours answers, if it is one.
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
    calls_back: UUID | None
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


class ContactState(Shape):
    """Where a contact stands, for whoever may not read it any more."""

    id: UUID
    state: State


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
