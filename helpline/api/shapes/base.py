"""Words and small shapes that many answers share."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from helpline.contacts.models import STATES
from helpline.staff.models import ACTIVITIES, ROLES
from triage.model import RiskLevel

Channel = Literal["voice", "sms", "partner"]
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


class Person(Shape):
    id: int
    name: str


class Leg(Shape):
    """Someone on the line."""

    id: UUID
    role: str
    staff_id: int | None
    status: str
    joined: bool
    on_hold: bool
    muted: bool


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
