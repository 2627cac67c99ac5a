"""What is answered about the queue and the floor."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from helpline.api.shapes.base import Activity, Channel, Leg, Level, Person, Risk, Role, Shape, State
from helpline.api.shapes.handoff import OpenHandoff
from helpline.contacts.alerts import KINDS


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


class CounsellorsContact(Shape):
    id: UUID
    state: State
    channel: Channel
    level: Level
    since_s: int
    overdue: bool


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

    kind: Literal["clock_silent", "work_parked", "flows_faulty", "rules_faulty", "nobody_on_shift", "missed_overdue"]
    since_s: int | None = None
    count: int | None = None


class SwitchTime(Shape):
    """One time that a switch of the line was on; `off_at` is empty while it is."""

    on_at: AwareDatetime
    on_by: str
    until: AwareDatetime
    reason: str
    off_at: AwareDatetime | None
    off_by: str | None


class Switches(Shape):
    """The line's switches: null while off."""

    surge: SwitchTime | None
    outage: SwitchTime | None


class ContactAlert(Shape):
    """What about one contact needs a person now."""

    contact_id: UUID
    kind: Literal[KINDS]
    level: Level
    since_s: int
    counsellor_id: int | None


class Floor(Shape):
    """Everything at once, for the shift lead."""

    queue: Queue
    counsellors: list[Counsellor]
    calls: list[LiveContact]
    menus: Menus
    handoffs: list[OpenHandoff]
    predicted_breaches: list[Breach]
    alerts: list[Alert]
    switches: Switches
    contact_alerts: list[ContactAlert]
    generated_at: AwareDatetime
