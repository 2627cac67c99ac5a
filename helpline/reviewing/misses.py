"""Misses: contacts that the counsellor judged two levels or more above what the rules alone had made of them.

They are what the rules are to learn from. Nothing here holds a word of any child.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from triage.model import RiskLevel

WEEK = timedelta(days=7)
LEVELS_APART = 2


@dataclass(frozen=True, slots=True)
class Miss:
    """One contact, with both opinions; `reasons` are the rules' own, as they are kept with the contact."""

    contact_id: UUID
    opened_at: datetime
    channel: str
    language: str
    closing_level: RiskLevel
    rules_level: RiskLevel
    rules_version: str
    reasons: tuple[dict, ...]


@dataclass(frozen=True, slots=True)
class Misses:
    """Of `finished` talks since then, `judged` have a counsellor's own judgement; these were missed, worst first."""

    since: datetime
    finished: int
    judged: int
    missed: tuple[Miss, ...]


def find_misses(session: Session, since: datetime) -> Misses:
    """Everything that came in since then. Exercises do not count."""
    talked = (Contact.opened_at >= since, Contact.exercise.is_(False), Contact.talk_ended_at.is_not(None))
    finished = session.scalar(select(func.count()).select_from(Contact).where(*talked)) or 0
    judged = session.scalars(
        select(Contact).where(
            Contact.opened_at >= since,
            Contact.exercise.is_(False),
            Contact.closing_level.is_not(None),
            Contact.level_by_rules.is_not(None),
        )
    ).all()
    missed = [_describe(contact) for contact in judged if _levels_missed(contact) >= LEVELS_APART]
    missed.sort(key=lambda miss: (miss.rules_level.rank - miss.closing_level.rank, miss.opened_at))
    return Misses(since, finished, len(judged), tuple(missed))


def _levels_missed(contact: Contact) -> int:
    return RiskLevel(contact.closing_level).rank - RiskLevel(contact.level_by_rules).rank


def _describe(contact: Contact) -> Miss:
    return Miss(
        contact.id,
        contact.opened_at,
        contact.channel,
        contact.language,
        RiskLevel(contact.closing_level),
        RiskLevel(contact.level_by_rules),
        contact.rules_version,
        tuple(reason for reason in contact.reasons if reason["rule"] != "person"),
    )
