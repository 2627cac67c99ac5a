"""The one function through which a contact's state moves, and the moves there are."""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.contacts.events import record_event
from helpline.contacts.models import Call, Contact, FlowSession
from helpline.store.types import utc_now

MOVES = {
    "menu": {"waiting", "closed"},
    "waiting": {"offered", "connecting", "wrap_up", "closed"},
    "offered": {"waiting", "connecting", "connected", "closed"},
    "connecting": {"connected", "waiting", "wrap_up", "closed"},
    "connected": {"wrap_up", "waiting", "closed"},
    "wrap_up": {"closed", "waiting"},  # waiting again: the child is still on the line and needs a person after all
    "closed": set(),
}

# Built once: every webhook of every call asks this.
OF_CALL = (
    select(Contact, Call, FlowSession)
    .join(Call, Call.contact_id == Contact.id)
    .join(FlowSession, FlowSession.contact_id == Contact.id)
    .where(Call.call_sid == bindparam("call_sid"))
    .with_for_update(of=(Contact, Call, FlowSession))
)


class ContactNotFound(Exception):
    """No such contact."""


class NotPossibleNow(Exception):
    """The contact is not in a state in which this can be done; the words say what is the case."""


class Invalid(ValueError):
    """What was given can not be used; the words say what to do."""


class MoveNotAllowed(Exception):
    """The contact is in a state from which this move does not exist."""


def lock_contact(session: Session, contact_id: UUID) -> Contact:
    """The contact, with its row locked until the commit. Everything that changes a contact starts here."""
    query = select(Contact).where(Contact.id == contact_id).with_for_update()
    contact = session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if contact is None:
        raise ContactNotFound(str(contact_id))
    return contact


def lock_contact_of_call(session: Session, call_sid: str) -> tuple[Contact, Call, FlowSession] | None:
    """The contact that this CallSid is a leg of, locked, with the leg and the flow session; None: the call is not ours.

    As long as the flow session is held on to, a step of a menu finds it without asking again.
    """
    found = session.execute(
        OF_CALL, {"call_sid": call_sid}, execution_options={"populate_existing": True}
    ).one_or_none()
    return tuple(found) if found else None


def move_contact(session: Session, contact: Contact, to: str, actor: str, **detail: object) -> None:
    """Move a locked contact to another state and record who did it. Raises MoveNotAllowed."""
    if to not in MOVES[contact.state]:
        raise MoveNotAllowed(f"{contact.state} -> {to}")
    came_from, contact.state = contact.state, to
    if to == "connected":
        contact.connected_at = contact.connected_at or utc_now()
    record_event(session, contact.id, f"contact.{to}", actor, came_from=came_from, **detail)
    record_act(session, actor=actor, action=f"contact.{to}", subject=f"contact:{contact.id}", **detail)


def reopen_contact(session: Session, contact: Contact, actor: str, why: str) -> None:
    """Take back the end of a locked contact whose child is still on the line; it is as in wrap-up then."""
    if contact.state not in ("wrap_up", "closed"):
        raise MoveNotAllowed(f"{contact.state} is not over")
    contact.state, contact.outcome = "wrap_up", None
    contact.closed_at, contact.talk_ended_at = None, None
    record_event(session, contact.id, "contact.reopened", actor, why=why)
    record_act(session, actor=actor, action="contact.reopened", subject=f"contact:{contact.id}", why=why)


def close_contact(session: Session, contact: Contact, outcome: str, actor: str) -> None:
    """Close a locked contact with its outcome."""
    contact.outcome, contact.closed_at = outcome, utc_now()
    move_contact(session, contact, "closed", actor, outcome=outcome)
