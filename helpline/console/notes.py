"""Saving notes without losing a word, although a page, a second page and the shift lead may all add to them."""

from uuid import UUID

from sqlalchemy.orm import Session

from helpline.answering import read_notes, write_notes
from helpline.console.stage import digest_of
from helpline.contacts.stages import ContactNotFound, lock_contact
from helpline.line import Line
from helpline.staff.models import Staff

SEAM = "\n\n--\n\n"


class NotesChangedElsewhere(Exception):
    """Someone has added to the notes since this page read them. `notes` is how they stand."""

    def __init__(self, notes: str):
        self.notes = notes
        super().__init__("notes changed elsewhere")


def save_notes(session: Session, line: Line, staff: Staff, contact_id: UUID, notes: str, seen: str) -> str:
    """Save the notes if the page has `seen` (a digest) the ones it replaces; returns the new digest.

    Raises NotesChangedElsewhere, and as answering.write_notes does.
    """
    tidy = _one_kind_of_line_end(notes)
    contact = lock_contact(session, contact_id)
    if contact.counsellor_id != staff.id:
        raise ContactNotFound(str(contact_id))  # before anything is told of what stands there
    before = read_notes(line, contact)
    if before == tidy:
        return digest_of(before)
    if digest_of(before) != seen:
        raise NotesChangedElsewhere(before)
    write_notes(session, line, staff, contact_id, tidy)
    return digest_of(tidy)


def keep_both(session: Session, line: Line, staff: Staff, contact_id: UUID, notes: str, before: str) -> None:
    """For a page without scripts, which can not put two wordings together: keep one after the other."""
    write_notes(session, line, staff, contact_id, f"{before}{SEAM}{_one_kind_of_line_end(notes)}")


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
