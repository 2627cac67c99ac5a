"""What staff do about the mark on a number: set it with a reason, confirm what another has set, or undo it.

Whoever calls these commits. What does not fit raises an exception that states a fact, and has changed nothing.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.contacts.number_marks import NumberMark, confirm_mark, lift_mark, set_mark
from helpline.contacts.stages import ContactNotFound, lock_contact
from helpline.line import Line
from helpline.staff.models import Staff

WATCHERS = ("shift_lead", "administrator")


def mark_number(session: Session, line: Line, staff: Staff, contact_id: UUID, kind: str, reason: str) -> NumberMark:
    """Propose a mark, from an own contact or, for those who watch the floor, from any. Another must confirm it."""
    contact = _lock_seen(session, staff, contact_id)
    lasts = timedelta(days=line.helpline.number_marks.days)
    return set_mark(session, line.keys, contact, kind, reason, lasts=lasts, by=staff.id)


def confirm_number_mark(session: Session, line: Line, staff: Staff, contact_id: UUID) -> NumberMark:
    """Agree with a mark that somebody else has set."""
    return confirm_mark(session, line.keys, _lock_seen(session, staff, contact_id), staff.id)


def lift_number_mark(session: Session, line: Line, staff: Staff, contact_id: UUID) -> NumberMark:
    """Undo a mark, confirmed or not."""
    return lift_mark(session, line.keys, _lock_seen(session, staff, contact_id), staff.id)


def _lock_seen(session: Session, staff: Staff, contact_id: UUID) -> Contact:
    contact = lock_contact(session, contact_id)
    if contact.counsellor_id != staff.id and staff.role not in WATCHERS:
        raise ContactNotFound(str(contact_id))
    return contact
