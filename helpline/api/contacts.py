"""One contact with its story, and a person's judgement of its risk."""

from uuid import UUID

from flask import Blueprint
from sqlalchemy import select

from helpline import answering
from helpline.api.bodies import Offer, RiskChange
from helpline.api.guard import (
    ANSWERING,
    AUDITOR,
    EVERYONE_HERE,
    WATCHING,
    allowed,
    the_caller,
    the_line,
    the_session,
)
from helpline.api.reading import asks, takes
from helpline.api.replies import answers
from helpline.api.seeing import record_reading, see_contact
from helpline.api.shapes import Contact as ContactShape
from helpline.contacts.models import Call, Contact
from helpline.contacts.stages import ContactNotFound
from helpline.floor import view_contact

routes = Blueprint("contacts", __name__)


@routes.get("/contacts/<uuid:contact_id>")
@allowed(*EVERYONE_HERE)
@answers(ContactShape)
def show_contact(contact_id: UUID) -> dict:
    """One contact with its events. That it was read is recorded."""
    return show(see_contact(contact_id))


@routes.get("/contacts")
@allowed(*EVERYONE_HERE)
@asks("call_sid", "the CallSid of any leg of the call")
@answers(ContactShape)
def find_contact(call_sid: str) -> dict:
    """The contact of a call: `?call_sid=` names any of its legs."""
    contact_id = the_session().scalar(select(Call.contact_id).where(Call.call_sid == call_sid))
    if contact_id is None:
        raise ContactNotFound
    return show(see_contact(contact_id))


@routes.put("/contacts/<uuid:contact_id>/risk")
@allowed(*ANSWERING)
@takes(RiskChange)
@answers(ContactShape)
def judge_risk(contact_id: UUID, body: RiskChange) -> dict:
    """Set the level as a person judges it. Rules never lower it again."""
    return show(answering.set_level(the_session(), the_line(), the_caller(), contact_id, body.level, body.reason))


@routes.post("/contacts/<uuid:contact_id>/offer")
@allowed(*WATCHING)
@takes(Offer)
@answers(ContactShape)
def offer_contact(contact_id: UUID, body: Offer) -> dict:
    """Offer a waiting contact to a counsellor by name, past skills and order."""
    answering.offer_to_named(the_session(), the_line(), the_caller(), contact_id, body.counsellor_id)
    return show(see_contact(contact_id))


def show(contact: Contact) -> dict:
    """The contact as this caller may see it, with the reading recorded. Notes are not for auditors."""
    session, line, caller = the_session(), the_line(), the_caller()
    session.flush()
    record_reading(contact, "contact")
    view = view_contact(session, line, contact, caller)
    if caller.role != AUDITOR:
        view["notes"] = answering.read_notes(line, contact)
    return view
