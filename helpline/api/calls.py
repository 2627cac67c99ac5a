"""The live call of an own contact: hold it, take it back, ask by key, end the talk."""

from uuid import UUID

from flask import Blueprint

from helpline import answering
from helpline.api.bodies import QuestionAsked
from helpline.api.contacts import show
from helpline.api.guard import ANSWERING, allowed, the_caller, the_line, the_session
from helpline.api.reading import takes
from helpline.api.replies import answers
from helpline.api.shapes import Contact

routes = Blueprint("calls", __name__, url_prefix="/contacts/<uuid:contact_id>")


@routes.post("/call/hold")
@allowed(*ANSWERING)
@answers(Contact)
def hold(contact_id: UUID) -> dict:
    """Put the child on hold; they hear now and then that we are still there."""
    return show(answering.hold(the_session(), the_line(), the_caller(), contact_id, True))


@routes.post("/call/unhold")
@allowed(*ANSWERING)
@answers(Contact)
def unhold(contact_id: UUID) -> dict:
    """Talk on."""
    return show(answering.hold(the_session(), the_line(), the_caller(), contact_id, False))


@routes.post("/ask")
@allowed(*ANSWERING)
@takes(QuestionAsked)
@answers(Contact)
def ask(contact_id: UUID, body: QuestionAsked) -> dict:
    """Put a question to a child who can not speak; its answer by key comes as an event."""
    return show(answering.ask_by_key(the_session(), the_line(), the_caller(), contact_id, body.question))


@routes.post("/call/end")
@allowed(*ANSWERING)
@answers(Contact)
def end(contact_id: UUID) -> dict:
    """End the talk, by call or text; the record is written next."""
    return show(answering.end_talk(the_session(), the_line(), the_caller(), contact_id))
