"""What happens once somebody has a child: phases, arrival, outcome, and giving the child back.

Each deed is the same whether the partner does it on its own page or one of us writes down what was said.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.stages import NotPossibleNow
from helpline.handoff.appeal import child_found, publish, purge
from helpline.handoff.fields import Fields, read_code, read_version, read_who
from helpline.handoff.milestones import plan_milestones
from helpline.handoff.models import Handoff, HandoffEvent
from helpline.handoff.moving import Actor, move
from helpline.handoff.offers import end_offer, list_live_offers
from helpline.handoff.paging import start_paging, stop_paging
from helpline.handoff.sealed import CONFIRMATION, seal_said
from helpline.handoff.telling import tell_partner
from helpline.handoff.transitions import PARTNER, return_row
from helpline.handoff.transport import check_arrival, note_arrival
from helpline.line import Line

RETURN_REASONS = (
    "no_capacity",
    "other_area",
    "needs_more_info",
    "not_theirs",
    "technical",
    "left_on_own",
    "not_safe_here",
    "other",
)
PHASE_MOVES = ("advance", "arrive")
MOVED_ON = "moved_on"
# What must hold before a phase begins, and what follows from it, whatever the workflow.
BEFORE = {"publicity": publish}
AFTER = {"found": child_found, "taken_down": purge}


def advance(session: Session, line: Line, handoff: Handoff, by: Actor, fields: Fields) -> None:
    """The next phase has begun. Field: `phase`, a code of the workflow that may follow what has been."""
    workflow = handoff.workflow_as_started
    code = read_code(fields, "phase", [phase.code for phase in workflow.phases])
    phase = workflow.find_phase(code)
    if phase.by != "either" and (phase.by == "partner") != (by.kind == PARTNER):
        raise NotPossibleNow(f"{code} is for {'the partner' if phase.by == 'partner' else 'us'} to say")
    if phase.after and not set(phase.after) & set(reached_phases(session, handoff)):
        raise NotPossibleNow(f"{code} comes after {' or '.join(phase.after)}")
    if code == "arrived" and workflow.responsibility_on == "arrived":
        _arrive(session, line, handoff, by, fields)
    else:
        _go_on(session, line, handoff, by, code, fields)


def _go_on(session: Session, line: Line, handoff: Handoff, by: Actor, code: str, fields: Fields) -> None:
    if code in BEFORE:
        BEFORE[code](session, line, handoff)
    move(session, line, handoff, "advance", by, phase=code, **read_version(fields), phase_reached=code)
    stop_paging(session, handoff)
    if code in AFTER:
        AFTER[code](session, line, handoff)


def _arrive(session: Session, line: Line, handoff: Handoff, by: Actor, fields: Fields) -> None:
    """They are there: from now on the partner alone answers for them, and where they came from does not any more."""
    check_arrival(session, line, handoff, fields)
    move(session, line, handoff, "arrive", by, **read_version(fields), phase_reached="arrived")
    stop_paging(session, handoff)
    note_arrival(session, line, handoff)
    plan_milestones(session, line, handoff)
    if handoff.direction == "between" and handoff.parent_id:
        _end_stay(session, line, session.get_one(Handoff, handoff.parent_id), by)


def _end_stay(session: Session, line: Line, before: Handoff, by: Actor) -> None:
    if before.state in ("accepted", "in_progress"):
        values = {"outcome": MOVED_ON}
        move(session, line, before, "confirm", by, values=values, outcome=MOVED_ON)
        stop_paging(session, before)


def reached_phases(session: Session, handoff: Handoff) -> list[str]:
    """The workflow's phases that have begun so far, in order."""
    moves = select(HandoffEvent).where(HandoffEvent.handoff_id == handoff.id, HandoffEvent.kind.in_(PHASE_MOVES))
    return [event.detail["phase_reached"] for event in session.scalars(moves.order_by(HandoffEvent.seq))]


def confirm(session: Session, line: Line, handoff: Handoff, by: Actor, fields: Fields) -> None:
    """How it ended, as somebody there says. Fields: `outcome`, a code of the workflow; `by`, who said it."""
    workflow = handoff.workflow_as_started
    outcome = read_code(fields, "outcome", workflow.outcomes)
    if workflow.complete_after and not set(workflow.complete_after) & set(reached_phases(session, handoff)):
        raise NotPossibleNow(f"it can be completed after {' or '.join(workflow.complete_after)} only")
    sealed = seal_said(line.keys, handoff, CONFIRMATION, {"by": read_who(fields)})
    values = {"outcome": outcome, "confirmation_sealed": sealed}
    move(session, line, handoff, "confirm", by, values=values, **read_version(fields), outcome=outcome)
    stop_paging(session, handoff)


def hand_back(session: Session, line: Line, handoff: Handoff, by: Actor, fields: Fields) -> None:
    """Whoever has it gives it back. We answer for the child at once, and people are called. Field: `reason`, a code."""
    code = read_code(fields, "reason", RETURN_REASONS)
    row = return_row(handoff.direction)
    told = {"reason": code, "partner": handoff.accepted_by}
    move(session, line, handoff, row, by, **read_version(fields), **told)
    for offer in list_live_offers(session, handoff):
        end_offer(session, offer, "lost", "returned")
    if row == "give_back":
        tell_partner(session, handoff, None, "returned", partner=handoff.origin, channel="portal")
    else:
        start_paging(session, handoff, "returned")
