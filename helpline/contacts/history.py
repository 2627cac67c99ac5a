"""What earlier contacts from the same number tell. A withheld number has no history: it is nobody's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.contacts.numbers import pseudonyms_of
from helpline.privacy.keys import KeyRing

HOUR, DAY, WEEK, MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30)
JUST_NOW = timedelta(minutes=10)
# Who is gone so soon has heard little more than the first words.
SHORT = timedelta(minutes=2)
DISCLOSURES = ("about_violence", "about_self_harm", "about_runaway")
UNSAFE = ("safe_now_no", "frightening_near_yes", "needs_police_yes")


def _noted(*signals: str) -> ColumnElement[bool]:
    """Any of these was noticed."""
    return or_(*(Contact.signals.contains([{"name": signal}]) for signal in signals))


def _since(moment: str) -> ColumnElement[bool]:
    return Contact.opened_at > bindparam(moment)


HUNG_UP = Contact.outcome == "abandoned"
# Who asks to be called back has hung up before a person was there as well.
UNANSWERED = Contact.outcome.in_(("abandoned", "callback"))
WAS_SHORT = Contact.closed_at - Contact.opened_at < SHORT
# Built once: every contact that joins the queue asks this.
EARLIER = select(
    func.count().filter(_since("day_ago")).label("attempts_24h"),
    func.count().filter(_since("week_ago")).label("attempts_7d"),
    func.count().filter(UNANSWERED, _noted("danger_key"), _since("day_ago")).label("abandoned_after_danger"),
    func.count()
    .filter(UNANSWERED, _noted("danger_key"), _since("hour_ago"))
    .label("abandoned_after_danger_within_hour"),
    func.count().filter(UNANSWERED, _noted(*DISCLOSURES), _since("day_ago")).label("abandoned_after_disclosure"),
    func.count().filter(_noted(*UNSAFE), _since("day_ago")).label("unsafe_earlier_24h"),
    func.count().filter(Contact.level.in_(("critical", "high"))).label("recent_high_within_30d"),
    func.count().filter(HUNG_UP, _since("just_now")).label("short_hangups_10min"),
    func.count().filter(HUNG_UP, WAS_SHORT, _since("hour_ago")).label("short_hangups_60min"),
    func.count().filter(_noted("silent_line"), _since("day_ago")).label("silent_earlier_24h"),
).where(
    Contact.caller_pseudonym.in_(bindparam("pseudonyms", expanding=True)),
    Contact.opened_at > bindparam("month_ago"),
    Contact.id != bindparam("this"),
    Contact.calls_back.is_(None),  # our own tries to reach them tell nothing of the child
)


@dataclass(frozen=True)
class History:
    """Counts of earlier contacts of one number, this one left out. The number is a hint, never proof of who it is."""

    attempts_24h: int = 0
    attempts_7d: int = 0
    abandoned_after_danger: int = 0
    abandoned_after_danger_within_hour: int = 0
    abandoned_after_disclosure: int = 0
    unsafe_earlier_24h: int = 0
    recent_high_within_30d: int = 0
    short_hangups_10min: int = 0
    short_hangups_60min: int = 0
    silent_earlier_24h: int = 0


def read_history(session: Session, keys: KeyRing, contact: Contact, now: datetime) -> History:
    """Look back along the pseudonymous number, under every key that is still in use. One query."""
    known_as = pseudonyms_of(keys, contact)
    if not known_as:
        return History()
    moments = {"month_ago": MONTH, "week_ago": WEEK, "day_ago": DAY, "hour_ago": HOUR, "just_now": JUST_NOW}
    since = {name: now - ago for name, ago in moments.items()}
    row = session.execute(EARLIER, {"pseudonyms": known_as, "this": contact.id, **since}).one()
    return History(**row._mapping)
