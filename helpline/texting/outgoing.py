"""Links and telephone numbers in a text to a child: only what the helpline allows for the child's country.

A wrong digit sends a frightened child to a stranger, and a link leaves a trace on a shared phone.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.helpline import Allowed
from helpline.audit.record import record_act
from helpline.contacts.events import record_event
from helpline.contacts.models import Contact, ContactEvent
from helpline.contacts.stages import Invalid
from helpline.line import Line
from helpline.telephony.pointers import find_domains, find_numbers, same_number


class PointsElsewhere(Invalid):
    """A text holds a link or number that is not on the list; `what` names them."""

    def __init__(self, what: list[str]):
        self.what = what
        super().__init__("this link or number is not on the list of those that may be sent: " + ", ".join(what))


def forbid_pointing_elsewhere(session: Session, line: Line, contact: Contact, body: str) -> None:
    """Raises PointsElsewhere for what neither the list nor a shift lead allows in this conversation."""
    allowed = line.helpline.texting.allowed_in(contact.caller_country or line.helpline.helpline.country)
    unlisted = find_unlisted(body, allowed)
    if unlisted and (strange := [what for what in unlisted if not _is_allowed_here(session, line, contact, what)]):
        raise PointsElsewhere(strange)


def find_unlisted(body: str, allowed: Allowed) -> list[str]:
    """The links and numbers of a text that the list does not hold."""
    domains = [name for name in find_domains(body) if not any(_lies_below(name, known) for known in allowed.domains)]
    numbers = [
        number for number in find_numbers(body) if not any(same_number(number, known) for known in allowed.numbers)
    ]
    return domains + numbers


def allow_pointer(session: Session, line: Line, contact: Contact, pointer: str, actor: str) -> list[str]:
    """A shift lead lets one link or number through, in this locked contact only. Returns what was read in it."""
    found = find_domains(pointer) + find_numbers(pointer)
    for what in found:
        record_event(session, contact.id, "outgoing.allowed", actor, what=_name(line, contact, what))
        record_act(session, actor=actor, action="outgoing.allowed", subject=f"contact:{contact.id}")
    return found


def _is_allowed_here(session: Session, line: Line, contact: Contact, what: str) -> bool:
    query = select(ContactEvent.id).where(
        ContactEvent.contact_id == contact.id,
        ContactEvent.kind == "outgoing.allowed",
        ContactEvent.detail["what"].astext == _name(line, contact, what),
    )
    return session.scalars(query.limit(1)).first() is not None


def _name(line: Line, contact: Contact, what: str) -> str:
    # Events hold no number that may be a person's: its pseudonym, bound to this contact, will do to know it again.
    return line.keys.pseudonym(f"{contact.id} {what}").hex()


def _lies_below(name: str, known: str) -> bool:
    return name == known or name.endswith(f".{known}")
