"""When a counsellor may leave a child whom she has handed on, and when nobody may end the child's talk."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.call_control.leave import leave_to_partner
from helpline.contacts.calls import in_room
from helpline.contacts.models import Contact
from helpline.contacts.stages import ContactNotFound, NotPossibleNow, lock_contact
from helpline.handoff.models import Handoff
from helpline.handoff.moving import find_live, note, person
from helpline.handoff.transitions import NOT_ACCEPTED
from helpline.line import Line
from helpline.staff.models import Staff

HANDED_OFF = ("accepted", "cancel_requested", "completed", "closed")


def may_leave(session: Session, contact: Contact) -> bool:
    """Whether somebody at a partner's has the child: acceptance is on record, and their desk is in the room."""
    handoff = find_live(session, contact.id)
    return handoff is not None and handoff.state == "accepted" and bool(in_room(session, contact.id, "partner"))


def leave(session: Session, line: Line, staff: Staff, contact_id: UUID) -> Contact:
    """The counsellor leaves the child with the partner; her record is written next. Raises NotPossibleNow."""
    contact = lock_contact(session, contact_id)
    if staff.id != contact.counsellor_id and staff.role != "shift_lead":
        raise ContactNotFound(str(contact_id))
    if contact.state != "connected":
        raise NotPossibleNow(f"there is no talk to leave, the contact is {contact.state}")
    if not may_leave(session, contact):
        raise NotPossibleNow(
            "stay with the child: somebody at the partner's must be on the call, and their name or badge and "
            "incident number on record"
        )
    note(session, find_live(session, contact.id), "counsellor_left", person(staff))
    leave_to_partner(session, line, contact, f"staff:{staff.id}")
    return contact


def forbid_ending_talk(session: Session, contact: Contact) -> None:
    """Refuse to hang up on a child who is being handed on. Raises NotPossibleNow."""
    handoff = find_live(session, contact.id)
    if handoff is None:
        return
    if handoff.state in NOT_ACCEPTED:
        raise NotPossibleNow(f"hand-off {handoff.ref} is under way: stay with the child until it is accepted")
    if in_room(session, contact.id, "partner"):
        raise NotPossibleNow("the partner is talking with the child: leave the call instead of ending it")


def forbid_finishing(session: Session, contact: Contact, staff: Staff) -> None:
    """Refuse to close the record over a hand-off that this person still answers for. Raises NotPossibleNow."""
    handoff = find_live(session, contact.id)
    if handoff and handoff.state in NOT_ACCEPTED and handoff.owner_id == staff.id:
        raise NotPossibleNow(f"hand-off {handoff.ref} is still yours: carry it to the partner, or stop it")


def was_handed_off(session: Session, contact: Contact) -> bool:
    """Whether a partner has taken this contact on."""
    query = select(Handoff.id).where(Handoff.contact_id == contact.id, Handoff.state.in_(HANDED_OFF)).limit(1)
    return session.scalar(query) is not None
