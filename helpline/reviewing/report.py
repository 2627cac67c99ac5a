"""Every contact whose level would change under the rules on trial, with both sets of reasons; lowerings first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.reviewing.models import ShadowOpinion
from helpline.rule_book.models import RuleCandidate
from triage.model import RiskLevel


@dataclass(frozen=True, slots=True)
class Change:
    """One contact at the moment when the two opinions were farthest apart; a lowering outweighs any raising."""

    contact_id: UUID
    opened_at: datetime
    channel: str
    language: str
    live_level: RiskLevel
    shadow_level: RiskLevel
    live_reasons: tuple[dict, ...]
    shadow_reasons: tuple[dict, ...]
    closing_level: RiskLevel | None

    @property
    def steps(self) -> int:
        """Levels up; below zero, down."""
        return self.shadow_level.rank - self.live_level.rank


@dataclass(frozen=True, slots=True)
class TrialReport:
    """What a trial has shown so far. `faulty` contacts are those that the candidate failed on at least once."""

    compared: int
    faulty: int
    changes: tuple[Change, ...]

    @property
    def lowered(self) -> int:
        """How many contacts would have had a lower level at some moment."""
        return sum(change.steps < 0 for change in self.changes)

    @property
    def raised(self) -> int:
        """How many contacts would have had a higher level, and never a lower one."""
        return sum(change.steps > 0 for change in self.changes)


def report_trial(session: Session, candidate: RuleCandidate) -> TrialReport:
    """The report on one candidate. Order: the farthest lowered first, of those the gravest; then the raised."""
    of_candidate = ShadowOpinion.candidate_id == candidate.id
    contacts = func.count(distinct(ShadowOpinion.contact_id))
    counts = select(contacts, contacts.filter(ShadowOpinion.fault.is_not(None))).where(of_candidate)
    compared, faulty = session.execute(counts).one()
    differing = (
        select(ShadowOpinion, Contact)
        .join(Contact, Contact.id == ShadowOpinion.contact_id)
        .where(of_candidate, ShadowOpinion.shadow_level.is_not(None))
        .where(ShadowOpinion.shadow_level != ShadowOpinion.live_level)
        .order_by(ShadowOpinion.event_id)
    )
    worst: dict[UUID, Change] = {}
    for opinion, contact in session.execute(differing):
        change = _describe(opinion, contact)
        before = worst.get(change.contact_id)
        if before is None or _outweighs(change) < _outweighs(before):
            worst[change.contact_id] = change
    return TrialReport(compared, faulty, tuple(sorted(worst.values(), key=_outweighs)))


def _outweighs(change: Change) -> tuple:
    """Smaller is graver."""
    if change.steps < 0:
        return 0, change.steps, -change.live_level.rank
    return 1, -change.steps, -change.shadow_level.rank


def _describe(opinion: ShadowOpinion, contact: Contact) -> Change:
    return Change(
        contact.id,
        contact.opened_at,
        contact.channel,
        contact.language,
        RiskLevel(opinion.live_level),
        RiskLevel(opinion.shadow_level),
        tuple(opinion.live_reasons),
        tuple(opinion.shadow_reasons),
        RiskLevel(contact.closing_level) if contact.closing_level else None,
    )
