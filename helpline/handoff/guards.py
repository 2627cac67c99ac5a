"""Ways that a child must not be sent: danger is not counselled first, and others are not asked before the police."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.handoffs import Workflow
from helpline.contacts.models import Contact
from helpline.contacts.stages import NotPossibleNow
from helpline.handoff.models import Handoff


def forbid_way(session: Session, contact: Contact, workflow: Workflow) -> None:
    """Refuse a way that is never for this child, or not yet. Raises NotPossibleNow."""
    if why := why_never(contact, workflow):
        raise NotPossibleNow(why)
    if workflow.requires_before and not _was_taken_on(session, contact, workflow.requires_before):
        raise NotPossibleNow(f"first one of {', '.join(workflow.requires_before)} must have been taken on")


def why_never(contact: Contact, workflow: Workflow) -> str | None:
    """Why this way is not for this child: in danger now, or what happened must be reported. None: it may be."""
    never = workflow.never_for
    if never is None:
        return None
    if contact.level in never.levels:
        return f"a child at level {contact.level} does not go this way: ask for the police"
    if (contact.record or {}).get("category") in never.categories:
        return "what is on record must be reported: it does not go this way"
    return None


def _was_taken_on(session: Session, contact: Contact, workflows: tuple[str, ...]) -> bool:
    taken = select(Handoff.id).where(Handoff.contact_id == contact.id, Handoff.accepted_at.is_not(None))
    return session.scalar(taken.where(Handoff.workflow.in_(workflows)).limit(1)) is not None
