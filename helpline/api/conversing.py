"""What staff do with a conversation by text beyond writing in it: send again, heed a stop, hand over, see to."""

from uuid import UUID

from flask import Blueprint

from helpline import conversing
from helpline.api.bodies import AlertSeen, HandOver, TextsWanted
from helpline.api.contacts import show
from helpline.api.conversation import describe_message
from helpline.api.guard import ANSWERING, allowed, the_caller, the_line, the_session
from helpline.api.reading import takes
from helpline.api.replies import answers
from helpline.api.shapes import Contact as ContactShape
from helpline.api.shapes import ContactState
from helpline.api.shapes import Message as MessageShape
from helpline.contacts.models import Contact

routes = Blueprint("conversing", __name__, url_prefix="/contacts/<uuid:contact_id>")


@routes.post("/messages/<uuid:message_id>/again")
@allowed(*ANSWERING)
@answers(MessageShape, status=201)
def send_again(contact_id: UUID, message_id: UUID) -> dict:
    """Send the words of a text of an own conversation that has failed once more. Answers the new text."""
    return describe_message(conversing.send_again(the_session(), the_line(), the_caller(), contact_id, message_id))


@routes.put("/texts-wanted")
@allowed(*ANSWERING)
@takes(TextsWanted)
@answers(ContactShape)
def decide_texts(contact_id: UUID, body: TextsWanted) -> dict:
    """Record what a word such as 'stop' meant: no more texts go to this number, or they go on."""
    act = conversing.resume_texts if body.wanted else conversing.stop_all_texts
    act(the_session(), the_line(), the_caller(), contact_id)
    return show(the_session().get_one(Contact, contact_id))


@routes.post("/hand-over")
@allowed(*ANSWERING)
@takes(HandOver, optional=True)
@answers(ContactState)
def hand_over(contact_id: UUID, body: HandOver) -> dict:
    """Give a conversation back to its place in the queue, or offer it to a free counsellor by name.

    Whoever gave it away may not read it any more, so only its new state is answered.
    """
    contact = conversing.hand_over(the_session(), the_line(), the_caller(), contact_id, body.counsellor_id)
    return {"id": str(contact.id), "state": contact.state}


@routes.post("/alerts/seen-to")
@allowed(*ANSWERING)
@takes(AlertSeen)
@answers(ContactShape)
def see_to(contact_id: UUID, body: AlertSeen) -> dict:
    """Record that an alert of this contact was seen to."""
    conversing.see_to(the_session(), the_caller(), contact_id, body.alert)
    return show(the_session().get_one(Contact, contact_id))
