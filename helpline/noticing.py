"""Takes in what was noticed about a contact: kept while it is in the menus, weighed and ranked at once after them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from helpline.contacts.level import note_signals
from helpline.contacts.models import Contact
from helpline.line import Line
from helpline.live_queue.entries import rank_anew
from triage.model import Signal


def heed_signals(session: Session, line: Line, contact: Contact, signals: Sequence[Signal], noticed_by: str) -> None:
    """Add signals to a locked contact that is not over. In the menus they wait for the whole to be assessed."""
    if contact.state == "menu":
        told = [{"name": signal.name, "value": signal.value} for signal in signals]
        contact.signals = contact.signals + [signal for signal in told if signal not in contact.signals]
    elif note_signals(session, contact, signals, line.rules):
        rank_anew(session, contact, line.targets(contact.channel), line.policy, noticed_by)
