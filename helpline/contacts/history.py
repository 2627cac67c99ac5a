"""What earlier contacts from the same number tell. A withheld number has no history: it is nobody's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact

HOUR, DAY, WEEK, MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30)
SHORT_HANG_UP = timedelta(minutes=10)


def _noted(signal: str) -> ColumnElement[bool]:
    return Contact.signals.contains([{"name": signal}])


HUNG_UP = Contact.outcome == "abandoned"
# Built once: every contact that joins the queue asks this.
EARLIER = select(
    func.count().filter(Contact.opened_at > bindparam("day_ago")),
    func.count().filter(Contact.opened_at > bindparam("week_ago")),
    func.count().filter(HUNG_UP, _noted("danger_key"), Contact.opened_at > bindparam("day_ago")),
    func.count().filter(HUNG_UP, _noted("danger_key"), Contact.opened_at > bindparam("hour_ago")),
    func.count().filter(Contact.level.in_(("critical", "high"))),
    func.count().filter(HUNG_UP, Contact.opened_at > bindparam("just_now")),
    func.count().filter(_noted("silent_line"), Contact.opened_at > bindparam("day_ago")),
).where(
    Contact.caller_pseudonym == bindparam("pseudonym"),
    Contact.opened_at > bindparam("month_ago"),
    Contact.id != bindparam("this"),
    Contact.calls_back.is_(None),  # our own tries to reach them tell nothing of the child
)


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
    row = session.execute(
        EARLIER,
        {
            "pseudonym": contact.caller_pseudonym,
            "this": contact.id,
            "month_ago": now - MONTH,
            "week_ago": now - WEEK,
            "day_ago": now - DAY,
            "hour_ago": now - HOUR,
            "just_now": now - SHORT_HANG_UP,
        },
    ).one()
    return History(row[0], row[1], row[2] > 0, row[3] > 0, row[4] > 0, row[5], row[6])
