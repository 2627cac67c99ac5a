"""What a caller said where keys were asked for: read by the rules as a text is, and never more than a reason to raise.

The words themselves are not kept: they are a machine's guess at what was said in a room. What they told is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.contacts.reading import read_spoken
from helpline.line import Line
from helpline.noticing import heed_signals
from helpline.telephony.inbound import field


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the recogniser understood, and how sure it is, from 0 to 1; None where it does not say."""

    words: str
    confidence: float | None = None

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Self | None:
        """From the fields of a webhook, or None when nothing was said. A confidence that is no share is not one."""
        if not (words := field(form, "SpeechResult").strip()):
            return None
        try:
            confidence = float(field(form, "Confidence"))
        except ValueError:
            return cls(words)
        return cls(words, confidence if 0 <= confidence <= 1 else None)


def heed_spoken(session: Session, line: Line, contact: Contact, spoken: Spoken) -> None:
    """Weigh what was said on a locked contact that is not over. Said unclearly, it counts the same: it only raises."""
    signals = read_spoken(spoken.words, line.rules)
    record_event(
        session,
        contact.id,
        "contact.spoke",
        "caller",
        confidence=spoken.confidence,
        signals=[signal.name for signal in signals],
    )
    heed_signals(session, line, contact, signals, "rules")
