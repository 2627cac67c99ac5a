"""Writing the record of an own contact, and finishing it."""

from uuid import UUID

from flask import Blueprint

from helpline import answering
from helpline.api.bodies import RecordChange, WrapUp
from helpline.api.contacts import show
from helpline.api.guard import ANSWERING, allowed, the_caller, the_line, the_session
from helpline.api.reading import takes
from helpline.api.replies import answers
from helpline.api.shapes import Contact as ContactShape
from helpline.contacts.models import Contact
from helpline.contacts.stages import ContactNotFound, lock_contact

routes = Blueprint("records", __name__, url_prefix="/contacts/<uuid:contact_id>")


@routes.put("/record")
@allowed(*ANSWERING)
@takes(RecordChange)
@answers(ContactShape)
def save_record(contact_id: UUID, body: RecordChange) -> dict:
    """Save the fields that are named; the others stay as they are."""
    session, line, caller = the_session(), the_line(), the_caller()
    fields = body.model_dump(exclude_unset=True)
    notes = fields.pop("notes", None)
    contact = _own(contact_id)
    if "closing_level" in fields:
        contact = answering.judge_afterwards(session, caller, contact_id, fields.pop("closing_level"))
    if "notes" in body.model_fields_set:
        contact = answering.write_notes(session, line, caller, contact_id, notes or "")
    if fields:
        contact = answering.save_record(session, line, caller, contact_id, fields)
    return show(contact)


@routes.post("/wrap-up")
@allowed(*ANSWERING)
@takes(WrapUp, optional=True)
@answers(ContactShape)
def wrap_up(contact_id: UUID, body: WrapUp) -> dict:
    """Finish the record and be free for the next contact. From a talk that is still on: ends it first."""
    session, line, caller = the_session(), the_line(), the_caller()
    if _own(contact_id).state == "connected":
        answering.end_talk(session, line, caller, contact_id)
    if body.category:
        answering.save_record(session, line, caller, contact_id, {"category": body.category})
    return show(answering.finish(session, line, caller, contact_id, body.outcome))


def _own(contact_id: UUID) -> Contact:
    contact = lock_contact(the_session(), contact_id)
    if contact.counsellor_id != the_caller().id:
        raise ContactNotFound(str(contact_id))
    return contact
