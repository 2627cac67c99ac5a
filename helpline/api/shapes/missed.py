"""What is answered about missed contacts, safe contact plans and calling back."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from config.calendar_file import Weekday
from helpline.api.shapes.base import Channel, Level, Person, Shape, State
from helpline.contacts.attempts import ENDS
from helpline.contacts.missed import ENDINGS, REASONS
from helpline.contacts.models import OUTCOMES


class Missed(Shape):
    """Somebody we did not get to talk with; several calls from one number that follow each other are one.

    `due_in_s` is what is left of the time in which a person should have looked after it; `came_back` tells that
    somebody from the same number has talked with us since.
    """

    id: UUID
    contact_id: UUID
    reason: Literal[REASONS]
    level: Level
    times: int
    channel: Channel
    language: str
    withheld: bool
    since: AwareDatetime
    latest_at: AwareDatetime
    due_in_s: int
    overdue: bool
    wanted_channel: Channel | None
    said_safe: bool | None
    came_back: bool
    taken_by: Person | None


class MissedList(Shape):
    """All open rows, the one that is due first on top."""

    missed: list[Missed]


class Plan(Shape):
    """What a person has recorded as safe. Times are local."""

    channel: Channel
    days: list[Weekday]
    start: str
    end: str
    open_now: bool
    words: str
    may_pick_up: str
    may_name_us: bool
    may_leave_message: bool
    recorded_by: Person | None
    recorded_at: AwareDatetime
    expires_at: AwareDatetime


class Attempt(Shape):
    """One try to call back; `contact_id` is the contact that the try is."""

    contact_id: UUID
    by: Person | None
    begun_at: AwareDatetime
    past_hours: bool
    how_ended: Literal[ENDS] | None
    left_message: bool
    ended_at: AwareDatetime | None


class EarlierContact(Shape):
    """A contact of the same number; `ours` tells that we called."""

    id: UUID
    opened_at: AwareDatetime
    channel: Channel
    level: Level
    state: State
    outcome: Literal[OUTCOMES] | None
    ours: bool


class MissedRow(Missed):
    """One row in full. `next_call_at` is a suggestion; nothing rings by itself."""

    number: str
    ending: Literal[ENDINGS] | None
    plans: list[Plan]
    attempts: list[Attempt]
    attempts_left: int
    calling: UUID | None
    next_call_at: AwareDatetime | None
    contacts: list[EarlierContact]
    notes: str


class MarkFigures(Shape):
    """Marks on numbers: ever set, confirmed by a second person, reversed after that, and in force now."""

    set: int
    confirmed: int
    reversed: int
    in_force: int
