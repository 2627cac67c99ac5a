"""What earlier contacts from the same number tell. A withheld number has no history: it is nobody's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact

HOUR, DAY, WEEK, MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30)
SHORT_HANG_UP = timedelta(minutes=10)


@dataclass(frozen=True)
class History:
    """Counts of earlier contacts of one number, this one left out."""

    attempts_24h: int = 0
    attempts_7d: int = 0
    abandoned_after_danger: bool = False
    abandoned_after_danger_within_hour: bool = False
    recent_high_within_30d: bool = False
    short_hangups_10min: int = 0
    silent_earlier_24h: int = 0


def read_history(session: Session, contact: Contact, now: datetime) -> History:
    """Look back along the pseudonymous number. One query."""
    if contact.caller_pseudonym is None:
        return History()
    hung_up = Contact.outcome == "abandoned"
    in_danger, silent = _noted("danger_key"), _noted("silent_line")
    row = session.execute(
        select(
            func.count().filter(Contact.opened_at > now - DAY),
            func.count().filter(Contact.opened_at > now - WEEK),
            func.count().filter(hung_up, in_danger, Contact.opened_at > now - DAY),
            func.count().filter(hung_up, in_danger, Contact.opened_at > now - HOUR),
            func.count().filter(Contact.level.in_(("critical", "high"))),
            func.count().filter(hung_up, Contact.opened_at > now - SHORT_HANG_UP),
            func.count().filter(silent, Contact.opened_at > now - DAY),
        ).where(
            Contact.caller_pseudonym == contact.caller_pseudonym,
            Contact.opened_at > now - MONTH,
            Contact.id != contact.id,
        )
    ).one()
    return History(row[0], row[1], row[2] > 0, row[3] > 0, row[4] > 0, row[5], row[6])


def _noted(signal: str) -> ColumnElement[bool]:
    return Contact.signals.contains([{"name": signal}])
