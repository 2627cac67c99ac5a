"""Looks at how the child is, so many days after a partner took them on. Each is answered before the close."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.handoff.fields import Fields, read_code
from helpline.handoff.models import Handoff, HandoffMilestone
from helpline.handoff.moving import CLOCK, Actor, lock_handoff, note
from helpline.handoff.paging import start_paging
from helpline.handoff.transitions import LIVE
from helpline.line import Line
from helpline.outbox.timers import cancel_timers, set_timer
from helpline.store.types import utc_now

MILESTONE_TIMER = "handoff_milestone"
MILESTONE_ANSWERS = ("well", "concern", "not_reached", "moved_away", "refused")


def plan_milestones(session: Session, line: Line, handoff: Handoff) -> None:
    """Set every milestone of the workflow, counted from now, unless they are set already."""
    if list_milestones(session, handoff):
        return
    now = utc_now()
    for milestone in handoff.workflow_as_started.milestones:
        due_at = now + timedelta(days=milestone.after_days)
        about = {"handoff_id": handoff.id, "code": milestone.code, "track": milestone.track}
        session.add(HandoffMilestone(**about, due_at=due_at))
        set_timer(session, MILESTONE_TIMER, f"{handoff.id} {milestone.code}", due_at)
    session.flush()


def milestone_is_due(session: Session, line: Line, subject: str) -> None:
    """Timer: nobody has said yet how it is. Somebody of ours looks."""
    handoff_id, code = subject.split()
    milestone = session.get_one(HandoffMilestone, (UUID(handoff_id), code))
    _contact, handoff = lock_handoff(session, milestone.handoff_id)
    session.refresh(milestone)
    if milestone.answered_at or handoff.state not in LIVE:
        return
    milestone.overdue_at = utc_now()
    note(session, handoff, "milestone_due", CLOCK, milestone=code, track=milestone.track)
    start_paging(session, handoff, "milestone_due")


def answer_milestone(session: Session, line: Line, handoff: Handoff, by: Actor, fields: Fields) -> None:
    """Say how it is. Fields: `milestone`, a code; `answer`, one of MILESTONE_ANSWERS. A concern calls people."""
    found = {milestone.code: milestone for milestone in list_milestones(session, handoff)}
    milestone = found[read_code(fields, "milestone", tuple(found))]
    answer = read_code(fields, "answer", MILESTONE_ANSWERS)
    if milestone.answered_at:
        raise NotPossibleNow("this milestone is answered already")
    milestone.answered_at, milestone.answer = utc_now(), answer
    cancel_timers(session, f"{handoff.id} {milestone.code}")
    note(session, handoff, "milestone_answered", by, milestone=milestone.code, answer=answer)
    if answer == "concern":
        start_paging(session, handoff, "concern")


def list_milestones(session: Session, handoff: Handoff) -> list[HandoffMilestone]:
    """All of them, the first due first."""
    query = select(HandoffMilestone).where(HandoffMilestone.handoff_id == handoff.id)
    return list(session.scalars(query.order_by(HandoffMilestone.due_at, HandoffMilestone.code)))


def forbid_unanswered(session: Session, handoff: Handoff) -> None:
    """Refuse to close over a milestone that nobody has answered. Raises Invalid."""
    if open_ones := [milestone.code for milestone in list_milestones(session, handoff) if not milestone.answered_at]:
        raise Invalid(f"milestones: answer {', '.join(open_ones)} first")
