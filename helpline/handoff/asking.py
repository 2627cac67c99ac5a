"""A counsellor asks a partner to take a child on: the hand-off, its first offer and the owed ring in one commit."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.handoffs import Workflow
from helpline.audit.record import record_act
from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.contacts.stages import ContactNotFound, Invalid, NotPossibleNow, lock_contact
from helpline.handoff.brief import write_brief
from helpline.handoff.chain import child_is_on_line, offer_next
from helpline.handoff.models import Handoff, HandoffEvent
from helpline.handoff.moving import arm_clock, find_live
from helpline.handoff.refs import new_ref
from helpline.line import Line
from helpline.staff.models import Staff
from helpline.store.types import utc_now

MAY_ASK = ("counsellor", "shift_lead")


def request_handoff(
    session: Session,
    line: Line,
    staff: Staff,
    contact_id: UUID,
    workflow: str,
    *,
    area: str | None = None,
    exercise: bool = False,
) -> Handoff:
    """Begin a hand-off of a live contact. Raises ContactNotFound, Invalid or NotPossibleNow; then nothing changed."""
    contact = lock_contact(session, contact_id)
    if staff.role not in MAY_ASK or (staff.id != contact.counsellor_id and staff.role != "shift_lead"):
        raise ContactNotFound(str(contact_id))
    definition = line.workflows.get(workflow)
    if definition is None:
        raise Invalid(f"there is no workflow {workflow!r}")
    if area is not None and area not in {partner.area for partner in line.partners.values()}:
        raise Invalid(f"no partner is in an area {area!r}")
    if not child_is_on_line(session, contact):
        raise NotPossibleNow(f"the child is not talking with a counsellor by telephone, the contact is {contact.state}")
    if (running := find_live(session, contact.id)) is not None:
        raise NotPossibleNow(f"hand-off {running.ref} of this contact is under way")
    handoff = _begin(session, contact, definition, staff, area, exercise or contact.exercise)
    offer_next(session, line, contact, handoff)
    return handoff


def _begin(
    session: Session, contact: Contact, workflow: Workflow, staff: Staff, area: str | None, exercise: bool
) -> Handoff:
    now, actor = utc_now(), f"staff:{staff.id}"
    handoff = Handoff(
        ref=_unused_ref(session),
        contact_id=contact.id,
        workflow=workflow.workflow,
        workflow_version=workflow.version,
        workflow_sha=workflow.sha,
        plan=workflow.frozen(),
        brief=write_brief(contact),
        area=area,
        state="offering",
        phase="ringing",
        last_seq=1,
        owner_id=contact.counsellor_id,
        exercise=exercise,
        requested_at=now,
    )
    session.add(handoff)
    session.flush()
    told = {"workflow": workflow.workflow, "workflow_version": workflow.version, "level": contact.level}
    event = {"handoff_id": handoff.id, "seq": 1, "at": now, "kind": "request", "actor": actor}
    session.add(HandoffEvent(**event, came_to="offering", version=handoff.version, detail=told))
    record_event(session, contact.id, "handoff.request", actor, ref=handoff.ref, state="offering", **told)
    record_act(session, actor=actor, action="handoff.request", subject=f"handoff:{handoff.ref}", **told)
    arm_clock(session, handoff)
    return handoff


def _unused_ref(session: Session) -> str:
    while session.scalar(select(Handoff.id).where(Handoff.ref == (ref := new_ref()))):
        pass
    return ref
