"""What the API answers, as models. Answers are not checked against them as they go out; the tests check every one."""

from helpline.api.shapes.base import ProblemDocument, Shape
from helpline.api.shapes.contact import Contact, ContactState, Conversation, Me, Message
from helpline.api.shapes.floor import Floor, Queue, Switches
from helpline.api.shapes.handoff import Handoff, Shelters
from helpline.api.shapes.missed import MarkFigures, MissedList, MissedRow

__all__ = [
    "Contact",
    "ContactState",
    "Conversation",
    "Floor",
    "Handoff",
    "Me",
    "Message",
    "MarkFigures",
    "MissedList",
    "MissedRow",
    "ProblemDocument",
    "Queue",
    "Shape",
    "Shelters",
    "Switches",
]
