"""What a caller would rather have: another language, a woman or a man. It counts in the queue at once."""

from sqlalchemy.orm import Session

from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.line import Line
from helpline.live_queue.entries import rank_anew


def choose_language(session: Session, line: Line, contact: Contact, language: str) -> None:
    """Everything is said in this language from now on, and who waits is offered to people who speak it."""
    contact.language = language
    record_event(session, contact.id, "language.chosen", "caller", language=language)
    if contact.state != "menu":
        rank_anew(session, contact, line.targets(contact.channel), line.policy, "caller")


def choose_person(session: Session, line: Line, contact: Contact, wish: str | None) -> None:
    """The child would rather talk with a woman or a man, or (None) with anyone."""
    contact.wish = wish
    record_event(session, contact.id, "contact.wished", "caller", wish=wish)
    rank_anew(session, contact, line.targets(contact.channel), line.policy, "caller")
