"""Proves again and again that no open hand-off lies forgotten: a clock runs for each, or a person is being called.

Where that is not so the clock is set again at once, people are called, and the metric says that it happened. The
record is proved too: events without gaps, and a state that follows from them.
"""

from collections.abc import Iterator
from uuid import UUID

import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy import Text, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from config.handoffs import Workflow
from helpline.contacts.models import Contact
from helpline.handoff.guards import why_never
from helpline.handoff.models import Handoff, HandoffEvent
from helpline.handoff.moving import CLOCK, CLOCK_TIMER, PAGE_TIMER, arm_clock, lock_handoff, note
from helpline.handoff.paging import start_paging
from helpline.handoff.transitions import LIVE, TRANSITIONS, replay
from helpline.line import Line
from helpline.outbox.models import Timer
from helpline.staff.activity import list_by_role
from helpline.staff.models import Staff

log = structlog.get_logger()

AUDIT_LOCK = 7_310_422
OPEN = Gauge("helpline_handoffs_open", "Hand-offs that are not over")
UNWATCHED = Counter("helpline_handoffs_unwatched_total", "Open hand-offs found without a clock or a person called")
MISTOLD = Gauge("helpline_handoffs_mistold", "Open hand-offs whose events do not lead to where they stand")


def audit_handoffs(session: Session, line: Line) -> None:
    """Look once. Several clocks may: one of them does. Whoever calls this commits."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(AUDIT_LOCK))):
        return
    for handoff_id in find_unwatched(session):
        _watch_again(session, line, handoff_id)
    _call_off_wrong_ways(session, line)
    pass_on_owned(session)
    mistold = list(find_mistold(session))
    for ref in mistold:
        log.error("handoff_mistold", handoff=ref)
    MISTOLD.set(len(mistold))
    OPEN.set(session.scalar(select(func.count()).select_from(Handoff).where(Handoff.state.in_(LIVE))))


def find_unwatched(session: Session) -> list[UUID]:
    """The ids of those that are not over, and for which neither a clock runs nor anybody is being called."""
    armed = exists().where(
        Timer.subject == cast(Handoff.id, Text),
        Timer.kind.in_((CLOCK_TIMER, PAGE_TIMER)),
        Timer.fired_at.is_(None),
        Timer.cancelled_at.is_(None),
    )
    return list(session.scalars(select(Handoff.id).where(Handoff.state.in_(LIVE), ~armed)))


def pass_on_owned(session: Session) -> None:
    """Whoever has gone home answers for nothing any more: it passes to a shift lead who is at work, if one is."""
    at_work = next((lead for lead in list_by_role(session, "shift_lead") if lead.activity != "offline"), None)
    if at_work is None:
        return
    gone = or_(Staff.activity == "offline", ~Staff.active)
    left = select(Handoff.id).join(Staff, Staff.id == Handoff.owner_id).where(Handoff.state.in_(LIVE), gone)
    for handoff_id in list(session.scalars(left)):
        _contact, handoff = lock_handoff(session, handoff_id)
        before = handoff.owner_id
        if handoff.state in LIVE and before != at_work.id:
            handoff.owner_id = at_work.id
            note(session, handoff, "owner_passed_on", CLOCK, came_from=before, to=at_work.id)


def find_mistold(session: Session) -> Iterator[str]:
    """The names of those not over whose events have a gap, or do not lead to where they stand."""
    open_ones = {handoff.id: handoff for handoff in session.scalars(select(Handoff).where(Handoff.state.in_(LIVE)))}
    told: dict[UUID, list[HandoffEvent]] = {handoff_id: [] for handoff_id in open_ones}
    events = select(HandoffEvent).where(HandoffEvent.handoff_id.in_(open_ones))
    for event in session.scalars(events.order_by(HandoffEvent.handoff_id, HandoffEvent.seq)):
        told[event.handoff_id].append(event)
    for handoff_id, handoff in open_ones.items():
        if not follows(handoff, told[handoff_id]):
            yield handoff.ref


def follows(handoff: Handoff, events: list[HandoffEvent]) -> bool:
    """Whether these events, from the first on, lead to where this hand-off stands."""
    if [event.seq for event in events] != list(range(1, handoff.last_seq + 1)):
        return False
    first = events[0]
    # Those of before there were other directions name nobody: it was always we.
    began = (first.came_to, first.detail.get("responsible", "us"))
    moves = [event.kind for event in events[1:] if event.came_from and event.kind in TRANSITIONS]
    try:
        return replay(began, moves) == (handoff.state, handoff.responsible)
    except ValueError:
        return False


def _watch_again(session: Session, line: Line, handoff_id: UUID) -> None:
    _contact, handoff = lock_handoff(session, handoff_id)
    # It may have moved on while we waited for its contact.
    if handoff.state not in LIVE or handoff_id not in find_unwatched(session):
        return
    UNWATCHED.inc()
    log.error("handoff_unwatched", handoff=handoff.ref, state=handoff.state)
    note(session, handoff, "watch_was_lost", CLOCK, state=handoff.state)
    arm_clock(session, line, handoff)
    start_paging(session, handoff, "watch_was_lost")


def _call_off_wrong_ways(session: Session, line: Line) -> None:
    """The child's level rose, or the record says what must be reported: this way is not for them any more."""
    guarded = select(Handoff.id).where(Handoff.state.in_(LIVE), Handoff.paged_since.is_(None))
    for handoff_id in list(session.scalars(guarded.where(Handoff.plan.has_key("never_for")))):
        handoff = session.get_one(Handoff, handoff_id)
        if why_never(session.get_one(Contact, handoff.contact_id), Workflow.model_validate(handoff.plan)) is None:
            continue
        if not _was_said(session, handoff):
            _contact, handoff = lock_handoff(session, handoff_id)
            note(session, handoff, "wrong_way_now", CLOCK)
            start_paging(session, handoff, "wrong_way_now")


def _was_said(session: Session, handoff: Handoff) -> bool:
    said = select(HandoffEvent.seq).where(HandoffEvent.handoff_id == handoff.id, HandoffEvent.kind == "wrong_way_now")
    return session.scalar(said.limit(1)) is not None
