"""The texts of a contact."""

from uuid import UUID

from flask import Blueprint

from helpline import answering
from helpline.api.bodies import NewMessage
from helpline.api.guard import ANSWERING, allowed, the_caller, the_line, the_session
from helpline.api.reading import takes
from helpline.api.replies import answers
from helpline.api.seeing import record_reading, see_contact
from helpline.api.shapes import Conversation
from helpline.api.shapes import Message as MessageShape
from helpline.contacts.messages import list_messages, open_body
from helpline.contacts.models import Message
from helpline.floor.wording import written

routes = Blueprint("conversation", __name__, url_prefix="/contacts/<uuid:contact_id>/messages")


@routes.get("")
@allowed(*ANSWERING)
@answers(Conversation)
def show_messages(contact_id: UUID) -> dict:
    """The conversation, oldest first. That it was read is recorded."""
    contact = see_contact(contact_id)
    record_reading(contact, "messages")
    return {"messages": [describe_message(message) for message in list_messages(the_session(), contact.id)]}


@routes.post("")
@allowed(*ANSWERING)
@takes(NewMessage)
@answers(MessageShape, status=201)
def write_message(contact_id: UUID, body: NewMessage) -> dict:
    """Write to the child of an own, connected conversation. `status` tells how far the text has come."""
    see_contact(contact_id)
    return describe_message(answering.write_text(the_session(), the_line(), the_caller(), contact_id, body.body))


def describe_message(message: Message) -> dict:
    """One text in the shape of its answer, with its words."""
    return {
        "id": str(message.id),
        "direction": message.direction,
        "sent_by": message.sent_by,
        "body": open_body(the_line().keys, message),
        "media_count": message.media_count,
        "status": message.status,
        "error_code": message.error_code,
        "at": written(message.created_at),
    }
