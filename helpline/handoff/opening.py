"""Writes down a new hand-off: its name, the workflow it will keep, its first event, its clock. Asks nobody yet."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.handoffs import Workflow
from helpline.audit.record import record_act
from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.handoff.brief import write_brief
from helpline.handoff.models import Handoff, HandoffEvent
from helpline.handoff.moving import arm_clock
from helpline.handoff.refs import new_ref
from helpline.line import Line
from helpline.store.types import utc_now

FIRST_PHASE = {"draft": "drafting", "offering": "asking"}


def open_handoff(
    session: Session,
    line: Line,
    contact: Contact,
    workflow: Workflow,
    *,
    owner_id: int,
    actor: str,
    area: str | None = None,
    basis: str | None = None,
    exercise: bool = False,
    state: str = "offering",
    parent: Handoff | None = None,
    excluded: Sequence[str] = (),
    origin: str | None = None,
    origin_ref: str | None = None,
) -> Handoff:
    """A hand-off of a locked contact in its first state, with whoever answers for the child by its direction."""
    ref = _unused_ref(session)
    live_call = workflow.live_call == "needed"
    handoff = Handoff(
        ref=ref,
        shared_ref=parent.shared_ref if parent else ref,
        parent_id=parent.id if parent else None,
        direction=workflow.direction,
        origin=origin,
        origin_ref=origin_ref,
        live_call=live_call,
        priority=workflow.priority,
        basis=basis or workflow.basis_allowed[0],
        responsible="us" if workflow.direction == "out" else "partner",
        contact_id=contact.id,
        workflow=workflow.workflow,
        workflow_version=workflow.version,
        workflow_sha=workflow.sha,
        plan=workflow.frozen(),
        brief=write_brief(contact),
        area=area,
        services=dict.fromkeys(workflow.services, "asked"),
        excluded=list(excluded),
        state=state,
        phase="ringing" if live_call else FIRST_PHASE[state],
        last_seq=1,
        owner_id=owner_id,
        exercise=exercise,
        requested_at=utc_now(),
    )
    session.add(handoff)
    session.flush()
    _record(session, handoff, actor, contact.level)
    arm_clock(session, line, handoff)
    return handoff


def _record(session: Session, handoff: Handoff, actor: str, level: str) -> None:
    told = {"workflow": handoff.workflow, "workflow_version": handoff.workflow_version, "level": level}
    told |= {"direction": handoff.direction, "responsible": handoff.responsible, "basis": handoff.basis}
    event = {"handoff_id": handoff.id, "seq": 1, "at": handoff.requested_at, "kind": "request", "actor": actor}
    session.add(HandoffEvent(**event, came_to=handoff.state, version=handoff.version, detail=told))
    record_event(session, handoff.contact_id, "handoff.request", actor, ref=handoff.ref, state=handoff.state, **told)
    record_act(session, actor=actor, action="handoff.request", subject=f"handoff:{handoff.ref}", **told)


def _unused_ref(session: Session) -> str:
    while session.scalar(select(Handoff.id).where(Handoff.ref == (ref := new_ref()))):
        pass
    return ref
