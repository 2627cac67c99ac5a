"""Who may know of which contact: counsellors of their own, those who watch the floor and auditors of all."""

from uuid import UUID

from helpline.api.guard import COUNSELLOR, the_caller, the_session
from helpline.audit.record import record_act
from helpline.contacts.models import Contact
from helpline.contacts.stages import ContactNotFound


def see_contact(contact_id: UUID) -> Contact:
    """The contact, if this caller may know of it. Raises ContactNotFound, the same for unknown and not theirs."""
    contact = the_session().get(Contact, contact_id)
    if contact is None or not may_see(contact):
        raise ContactNotFound(str(contact_id))
    return contact


def may_see(contact: Contact) -> bool:
    """Whether this caller may know of this contact."""
    caller = the_caller()
    return caller.role != COUNSELLOR or contact.counsellor_id == caller.id


def record_reading(contact: Contact, what: str) -> None:
    """Record that this caller looks at `what` ('contact', 'messages') of the contact, with the answer's commit."""
    record_act(the_session(), actor=f"staff:{the_caller().id}", action=f"{what}.read", subject=f"contact:{contact.id}")
