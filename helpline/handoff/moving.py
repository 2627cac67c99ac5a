"""The one function through which a hand-off moves. Everything else is refused and changes nothing."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.clocks import Clock, OpeningAt
from helpline.audit.record import record_act
from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.contacts.stages import lock_contact
from helpline.handoff.models import Handoff, HandoffEvent
from helpline.handoff.transitions import LIVE, PARTNER, SYSTEM, TRANSITIONS
from helpline.line import Line
from helpline.outbox.timers import cancel_timers, set_timer
from helpline.staff.models import Staff
from helpline.store.types import utc_now

CLOCK_TIMER, PAGE_TIMER = "handoff_clock", "handoff_page"


class HandoffNotFound(Exception):
    """No such hand-off, or not one that this person may know of."""


class TransitionRefused(Exception):
    """The hand-off is not in a state from which this can be done, or not by this person; nothing has changed."""

    def __init__(self, name: str, state: str):
        self.name, self.state = name, state
        super().__init__(f"{name} is not possible now: the hand-off is {state.replace('_', ' ')}")


@dataclass(frozen=True)
class Actor:
    """Who moves it: `kind` for the table's `who`, `name` for the record."""

    kind: str
    name: str


CLOCK = Actor(SYSTEM, "clock")
PHONE_COMPANY = Actor(SYSTEM, "twilio")
CHILD = Actor(SYSTEM, "caller")


def person(staff: Staff) -> Actor:
    """Someone who works here."""
    return Actor(staff.role, f"staff:{staff.id}")


def desk(partner_key: str) -> Actor:
    """A partner's desk."""
    return Actor(PARTNER, f"partner:{partner_key}")


def lock_handoff(session: Session, handoff_id: UUID) -> tuple[Contact, Handoff]:
    """The hand-off with its contact locked: everything that changes a hand-off starts here."""
    handoff = session.get(Handoff, handoff_id)
    if handoff is None:
        raise HandoffNotFound(str(handoff_id))
    contact = lock_contact(session, handoff.contact_id)
    session.refresh(handoff)
    return contact, handoff


def find_live(session: Session, contact_id: UUID) -> Handoff | None:
    """The hand-off that rides on the contact's call and is not over, the latest if workflows run side by side."""
    query = select(Handoff).where(Handoff.contact_id == contact_id, Handoff.live_call, Handoff.state.in_(LIVE))
    newest = query.order_by(Handoff.requested_at.desc()).limit(1)
    return session.scalars(newest, execution_options={"populate_existing": True}).one_or_none()


def find_paged(session: Session, contact_id: UUID) -> Handoff | None:
    """The contact's hand-off that people are being called to, the longest waiting first."""
    query = select(Handoff).where(
        Handoff.contact_id == contact_id, Handoff.paged_since.is_not(None), Handoff.state.in_(LIVE)
    )
    longest = query.order_by(Handoff.paged_since).limit(1)
    return session.scalars(longest, execution_options={"populate_existing": True}).one_or_none()


def move(
    session: Session,
    line: Line,
    handoff: Handoff,
    name: str,
    actor: Actor,
    *,
    phase: str | None = None,
    values: dict[str, object] | None = None,
    expected_version: int | None = None,
    **detail: object,
) -> None:
    """Make the move `name` of the table, with its event, its audit row and the clock of the state it leads to.

    `phase` is the workflow's own, where the table names none. `values` are columns that change with it, `detail`
    identifiers and plain facts for the record. Raises TransitionRefused.
    """
    rule = TRANSITIONS[name]
    came_from, stale = handoff.state, expected_version not in (None, handoff.version)
    if came_from not in rule.came_from or actor.kind not in rule.who or stale:
        raise TransitionRefused(name, came_from)
    changes = {"state": rule.to or came_from, "phase": rule.phase or phase or handoff.phase}
    changes |= {"responsible": rule.responsible or handoff.responsible} | (values or {})
    moved = (
        update(Handoff)
        .where(Handoff.id == handoff.id, Handoff.state == came_from, Handoff.version == handoff.version)
        .values(version=Handoff.version + 1, last_seq=Handoff.last_seq + 1, **changes)
        .returning(Handoff)
    )
    if session.scalars(moved, execution_options={"populate_existing": True}).one_or_none() is None:
        session.refresh(handoff)
        raise TransitionRefused(name, handoff.state)
    _append(session, handoff, name, actor.name, came_from, detail)
    if handoff.state != came_from or handoff.state == "in_progress":
        arm_clock(session, line, handoff)


def note(session: Session, handoff: Handoff, kind: str, actor: Actor, **detail: object) -> None:
    """Append what happened without a move: a step skipped, a clock run out, a person called."""
    numbered = update(Handoff).where(Handoff.id == handoff.id).values(last_seq=Handoff.last_seq + 1).returning(Handoff)
    session.scalars(numbered, execution_options={"populate_existing": True}).one()
    _append(session, handoff, kind, actor.name, None, detail)


def arm_clock(session: Session, line: Line, handoff: Handoff, seconds: int | None = None) -> None:
    """Set the clock of where it stands, or one of so many seconds; when it is over, silence all."""
    if handoff.state not in LIVE:
        cancel_timers(session, handoff.id)
        return
    now = utc_now()
    due_at = now + timedelta(seconds=seconds) if seconds else _clock_of(handoff).due_at(now, _hours_of(line, handoff))
    set_timer(session, CLOCK_TIMER, handoff.id, due_at)


def _clock_of(handoff: Handoff) -> Clock:
    workflow = handoff.workflow_as_started
    phase = workflow.find_phase(handoff.phase or "") if handoff.state == "in_progress" else None
    if phase and phase.within:
        return phase.within
    # Only a hand-off that began before its workflow had phases can stand in a state without a clock of its own.
    return workflow.clocks.get(handoff.state) or workflow.clocks["accepted"]


def _hours_of(line: Line, handoff: Handoff) -> OpeningAt | None:
    """The hours of the partner that is to act; None while it is we who are."""
    partner = line.partners.get(handoff.accepted_by or "")
    return partner.opening_at if partner else None


def _append(
    session: Session, handoff: Handoff, kind: str, actor: str, came_from: str | None, detail: dict[str, object]
) -> None:
    event = HandoffEvent(
        handoff_id=handoff.id,
        seq=handoff.last_seq,
        at=utc_now(),
        kind=kind,
        actor=actor,
        came_from=came_from,
        came_to=handoff.state if came_from else None,
        version=handoff.version,
        detail=detail,
    )
    session.add(event)
    told = {"ref": handoff.ref, "state": handoff.state, **detail}
    record_event(session, handoff.contact_id, f"handoff.{kind}", actor, **told)
    record_act(session, actor=actor, action=f"handoff.{kind}", subject=f"handoff:{handoff.ref}", **told)
