"""What clients send, as models: they check each request and they are what the OpenAPI document is made from.

Every model names its fields; a field that is not named is refused, so that nothing can be set in passing.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from config.calendar_file import Weekday
from config.helpline import LEVELS
from helpline.answering import LONGEST_NOTES
from helpline.contacts.alerts import KINDS as ALERTS
from helpline.contacts.missed import ENDINGS
from helpline.contacts.models import OUTCOMES
from helpline.contacts.number_marks import KINDS
from helpline.contacts.number_marks import LONGEST_REASON as LONGEST_MARK_REASON
from helpline.contacts.safe_plans import CHANNELS, LONGEST_WORDS
from helpline.staff.models import ACTIVITIES
from helpline.telephony.segments import LONGEST_TEXT
from triage.model import RiskLevel

LONGEST_REASON = 1000
MOST_RECORD_FIELDS = 60
# What PostgreSQL or a terminal cannot hold; line breaks and tabs are fine.
CONTROL_CHARACTERS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Words = Annotated[str, StringConstraints(pattern=CONTROL_CHARACTERS)]
Reason = Annotated[Words, StringConstraints(min_length=1, max_length=LONGEST_REASON)]
Said = Annotated[Words, StringConstraints(min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(pattern=r"^[\w.:+-]{1,60}$")]
WorkflowName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,60}$")]
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Category = Annotated[str, StringConstraints(pattern=r"^[\w .:+/-]{1,80}$")]
Level = Literal[tuple(str(level) for level in RiskLevel)]
RecordValue = bool | int | Code | Annotated[list[Code], Field(max_length=MOST_RECORD_FIELDS)] | None


class Body(BaseModel):
    """A JSON object with exactly these fields, of exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ActivityChange(Body):
    """What someone does from now on."""

    activity: Literal[ACTIVITIES]


class RiskChange(Body):
    """A person's judgement of the level, with why."""

    level: Level
    reason: Reason


class NewMessage(Body):
    """A text to the child."""

    body: Annotated[Words, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]


class TextsWanted(Body):
    """Whether the child wants texts, as a person understands it."""

    wanted: bool


class HandOver(Body):
    """The free counsellor whom a conversation is offered to; without one it goes back to the queue."""

    counsellor_id: int | None = None


class AlertSeen(Body):
    """Which alert was seen to."""

    alert: Literal[ALERTS]


class QuestionAsked(Body):
    """A question of the helpline's file of questions, by its code."""

    question: Code


class RecordChange(Body):
    """Fields of the record; those not named stay as they are, and null empties one.

    `closing_level` is the counsellor's own judgement after the talk: ask for it before you show what the rules think.
    Beside `category` and `notes` any field of the helpline's form may be given: a code, a number, yes or no,
    or a list of codes. Sentences belong into `notes`, which alone are kept encrypted.
    """

    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[FieldName, RecordValue]

    category: Category | None = None
    closing_level: Level | None = None
    notes: Annotated[Words, StringConstraints(max_length=LONGEST_NOTES)] | None = None

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        if len(self.model_extra) > MOST_RECORD_FIELDS:
            raise ValueError(f"a record holds at most {MOST_RECORD_FIELDS} fields")
        return self


class WrapUp(Body):
    """Finishes the record. A category given here counts as written in the record."""

    category: Category | None = None
    outcome: Literal[OUTCOMES] = "completed"


class Member(Body):
    """One person that a hand-off is about."""

    sex: Literal["female", "male"] | None = None
    age: Annotated[int, Field(ge=0, le=110)] | None = None
    born: date | None = None
    needs: Annotated[list[Code], Field(max_length=20)] = []


class HandoffRequest(Body):
    """Which workflow; the partner of an `area` is asked first; an exercise is never real."""

    workflow: WorkflowName
    area: Code | None = None
    exercise: bool = False
    basis: Code | None = None
    members: Annotated[list[Member], Field(max_length=12)] = []
    excluded: Annotated[list[Code], Field(max_length=20)] = []
    draft: bool = False


class InboundHandoff(Body):
    """What a partner told us by telephone when it handed a child to us. The answer's `ref` is its receipt."""

    partner: Code
    workflow: WorkflowName
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    level: Literal[LEVELS] = "elevated"
    area: Code | None = None
    basis: Code | None = None
    members: Annotated[list[Member], Field(max_length=12)] = []
    origin_ref: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/._-]{1,40}$")] | None = None
    exercise: bool = False


class HandoffAct(Body):
    """What a step of a hand-off may take; each step says which of these it needs."""

    name: Said | None = None
    badge: Said | None = None
    incident_number: Said | None = None
    no_incident_reason: Said | None = None
    partner: Code | None = None
    outcome: Code | None = None
    by: Said | None = None
    call_back: Code | None = None
    reason: Code | None = None
    follow_up: Code | None = None
    feedback: Code | None = None
    phase: Code | None = None
    code: Code | None = None
    milestone: Code | None = None
    answer: Code | None = None
    plan: Code | None = None
    receipt_number: Said | None = None
    services: dict[Code, Code] | None = None
    members: Annotated[list[int], Field(max_length=12)] | None = None
    workflow: WorkflowName | None = None
    area: Code | None = None
    basis: Code | None = None
    mode: Code | None = None
    escort: Code | None = None
    same_sex: bool | None = None
    pickup: Said | None = None
    eta_minutes: int | None = None
    code_word: Said | None = None
    party: Code | None = None
    text: Annotated[Words, StringConstraints(min_length=1, max_length=4000)] | None = None
    version: int | None = None


class BedCount(Body):
    """How full one class of beds is, and whether anybody is taken in."""

    occupied: Annotated[int, Field(ge=0, le=500)]
    accepting: bool = True


class Offer(Body):
    """Whom a waiting contact is offered to."""

    counsellor_id: int


LocalTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Agreed = Annotated[Words, StringConstraints(max_length=LONGEST_WORDS)]


class MissedNote(Body):
    """A note on a missed contact."""

    words: Reason


class PlanChannel(Body):
    """Which plan."""

    channel: Literal[CHANNELS]


class SafePlanBody(PlanChannel):
    """How a child can be reached safely. Days and times are local; a time ends after it starts."""

    days: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    start: LocalTime
    end: LocalTime
    words: Agreed = ""
    may_pick_up: Agreed = ""
    may_name_us: bool = False
    may_leave_message: bool = False
    lasts_days: int


class CallBack(Body):
    """A shift lead's reason to call or write outside the plan's hours."""

    why_past_hours: Reason | None = None


class MissedEnding(Body):
    """Why nothing is left to do."""

    ending: Literal[ENDINGS]


class WantedBack(Body):
    """How the child wants to be reached, and whether they said that it is safe."""

    channel: Literal[CHANNELS]
    said_safe: bool | None = None


class SwitchTurn(Body):
    """Turns a switch of the line. `for_s` is how long, in seconds; if not given, as the helpline's file says."""

    on: bool
    for_s: int | None = None
    reason: Annotated[Words, StringConstraints(max_length=LONGEST_REASON)] = ""


class NumberMarkBody(Body):
    """What the number is used for, and why this is thought."""

    kind: Literal[KINDS]
    reason: Annotated[Reason, StringConstraints(max_length=LONGEST_MARK_REASON)]
