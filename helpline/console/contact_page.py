"""One contact's whole story, for the shift lead and for the counsellor who has it. Each look is on record."""

from uuid import UUID

from flask import Blueprint, abort, current_app, render_template
from sqlalchemy.orm import Session

from helpline.answering import WATCHERS, actor_of, read_notes
from helpline.audit.record import record_act
from helpline.console.conversation import read_conversation
from helpline.console.floor import free_counsellors
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.handoff_panel import show_handoff, show_said
from helpline.console.story import tell_story
from helpline.contacts.models import Contact
from helpline.contacts.number_marks import find_mark, open_reason
from helpline.floor import view_contact, view_floor
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.staff.models import Staff
from helpline.store.types import utc_now

contact_pages = Blueprint("contact_pages", __name__, url_prefix="/contacts")


@contact_pages.get("/<uuid:contact_id>")
@open_to("counsellor", *WATCHERS)
def contact_page(contact_id: UUID) -> str:
    """The page. Nothing is shown unless the look could be written down."""
    session, line, person = the_session(), the_line(), the_person()
    contact = _find_seen(session, person, contact_id)
    record_act(session, actor=actor_of(person), action="contact.read", subject=f"contact:{contact.id}")
    said = show_said(session, line, person, contact)
    commit(session, line.bell)
    seen = view_contact(session, line, contact, person)
    return render_template(
        "console/contact.html",
        contact=seen,
        story=tell_story(session, line, seen["events"]),
        notes=read_notes(line, contact),
        talk=read_conversation(session, line, contact, person),
        handoff=show_handoff(session, line, contact),
        who_said=said,
        free=free_counsellors(view_floor(session, line)) if person.role in WATCHERS else [],
        watching=person.role in WATCHERS,
        mark=show_mark(session, line, contact, person) if person.role in WATCHERS else None,
        categories=current_app.extensions["categories"],
    )


def show_mark(session: Session, line: Line, contact: Contact, person: Staff) -> dict | None:
    """The mark on this contact's number with why and by whom; None when there is none."""
    mark = find_mark(session, line.keys, contact, utc_now())
    if mark is None:
        return None
    return {
        "kind": mark.kind,
        "reason": open_reason(line.keys, mark),
        "set_by": session.get_one(Staff, mark.set_by).name,
        "confirmed_by": session.get_one(Staff, mark.confirmed_by).name if mark.confirmed_by else None,
        "mine": mark.set_by == person.id,
        "expires_at": mark.expires_at,
    }


def _find_seen(session: Session, person: Staff, contact_id: UUID) -> Contact:
    """The contact, if this person may know of it. Others' and unknown ones are answered alike."""
    contact = session.get(Contact, contact_id)
    if contact is None or (contact.counsellor_id != person.id and person.role not in WATCHERS):
        abort(404)
    return contact
