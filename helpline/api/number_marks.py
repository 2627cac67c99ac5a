"""Marks on numbers: set by one person, confirmed by a second, undone by anyone who watches; and their figures."""

from uuid import UUID

from flask import Blueprint

from helpline import marking
from helpline.api.bodies import NumberMarkBody
from helpline.api.contacts import show
from helpline.api.guard import ANSWERING, AUDITOR, WATCHING, allowed, the_caller, the_line, the_session
from helpline.api.reading import takes
from helpline.api.replies import answers
from helpline.api.seeing import see_contact
from helpline.api.shapes import Contact, MarkFigures
from helpline.contacts.number_marks import count_marks
from helpline.store.types import utc_now

routes = Blueprint("number_marks", __name__)


@routes.get("/number-marks")
@allowed(*WATCHING, AUDITOR)
@answers(MarkFigures)
def show_figures() -> dict:
    """How many marks were set, confirmed and reversed, and how many are in force."""
    return count_marks(the_session(), utc_now())


@routes.post("/contacts/<uuid:contact_id>/number-mark")
@allowed(*ANSWERING)
@takes(NumberMarkBody)
@answers(Contact, 201)
def set_mark(contact_id: UUID, body: NumberMarkBody) -> dict:
    """Propose a mark on the number of a contact. It has no effect until another person has confirmed it."""
    marking.mark_number(the_session(), the_line(), the_caller(), contact_id, body.kind, body.reason)
    return show(see_contact(contact_id))


@routes.post("/contacts/<uuid:contact_id>/number-mark/confirm")
@allowed(*WATCHING)
@answers(Contact)
def confirm_mark(contact_id: UUID) -> dict:
    """Agree with a mark that somebody else has set: the number gets the slower lane until the mark expires."""
    marking.confirm_number_mark(the_session(), the_line(), the_caller(), contact_id)
    return show(see_contact(contact_id))


@routes.post("/contacts/<uuid:contact_id>/number-mark/lift")
@allowed(*WATCHING)
@answers(Contact)
def lift_mark(contact_id: UUID) -> dict:
    """Undo a mark at once; one that was confirmed counts as a reversal."""
    marking.lift_number_mark(the_session(), the_line(), the_caller(), contact_id)
    return show(see_contact(contact_id))
