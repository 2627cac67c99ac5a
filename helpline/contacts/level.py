"""How worried we are about a contact: rules raise, a person judges, and only new evidence raises again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.contacts.events import record_event
from helpline.contacts.models import Contact, ContactEvent
from triage.assess import assess
from triage.model import RiskLevel, Signal
from triage.rules import RuleSet


def note_signals(session: Session, contact: Contact, signals: Sequence[Signal], rules: RuleSet) -> bool:
    """Add what was noticed to a locked contact and assess it anew. True when the level rose.

    The level never falls here. Once a person has judged, only what was noticed since counts, on top of
    their judgement.
    """
    # Only what was noted since a person judged is old news: a key pressed again after that is new evidence.
    known = {(old["name"], old["value"]) for old in contact.signals[contact.signals_judged :]}
    new = [signal for signal in signals if (signal.name, signal.value) not in known]
    if not new:
        return False
    contact.signals = contact.signals + [{"name": signal.name, "value": signal.value} for signal in new]
    since_judged = [Signal(old["name"], old["value"]) for old in contact.signals[contact.signals_judged :]]
    assessment = assess(since_judged, rules)
    before = RiskLevel(contact.level)
    contact.level = RiskLevel.highest(before, assessment.level)
    contact.level_by_rules = RiskLevel.highest(RiskLevel(contact.level_by_rules or "benign"), assessment.level)
    contact.score = max(contact.score, assessment.score)
    contact.rules_version = assessment.rules_version
    contact.reasons = [reason.to_dict() for reason in assessment.reasons] + _by_person(contact)
    record_event(
        session,
        contact.id,
        "contact.assessed",
        "rules",
        level=str(contact.level),
        score=assessment.score,
        signals=[signal.name for signal in new],
        rules=[reason.rule for reason in assessment.reasons],
        rules_version=assessment.rules_version,
    )
    return RiskLevel(contact.level) > before


def weigh_told(session: Session, contact: Contact, rules: RuleSet) -> None:
    """Assess a locked contact from what was noted in its menus and not yet weighed."""
    told = [Signal(old["name"], old["value"]) for old in contact.signals]
    contact.signals = []
    note_signals(session, contact, told, rules)


def judge_level(session: Session, contact: Contact, level: str, reason: str, actor: str) -> None:
    """A person's judgement of a locked contact, up or down, with the reason why. Rules never lower it."""
    before, contact.level = contact.level, level
    contact.level_by_person = level
    contact.signals_judged = len(contact.signals)
    contact.reasons = [_persons_reason(level, actor), *(old for old in contact.reasons if old["rule"] != "person")]
    record_event(session, contact.id, "contact.level_judged", actor, came_from=before, level=level)
    # The reason is the person's own words and may name somebody, so it is part of the sealed record only;
    # what is kept here is that one was given.
    record_act(
        session,
        actor=actor,
        action="contact.level_judged",
        subject=f"contact:{contact.id}",
        came_from=before,
        level=level,
        reason_length=len(reason),
    )


def was_judged_since(session: Session, contact: Contact, when: datetime) -> bool:
    """Whether a person has judged the level of this contact at or after this moment."""
    query = select(ContactEvent.id).where(
        ContactEvent.contact_id == contact.id, ContactEvent.kind == "contact.level_judged", ContactEvent.at >= when
    )
    return session.scalars(query.limit(1)).first() is not None


def judge_at_closing(session: Session, contact: Contact, level: str | None, actor: str) -> None:
    """What a person thinks of a locked contact when the talk is over. Moves nothing: the label to measure rules by."""
    contact.closing_level = level
    # The level stands on the contact alone: in the story it would tell of a judgement that nothing followed from.
    record_event(session, contact.id, "contact.closing_judged", actor)
    record_act(session, actor=actor, action="contact.closing_judged", subject=f"contact:{contact.id}", level=level)


def _by_person(contact: Contact) -> list[dict]:
    return [old for old in contact.reasons if old["rule"] == "person"]


def _persons_reason(level: str, actor: str) -> dict:
    text = {"en": "Set by a person", "ar": "حدّده شخص"}
    return {"rule": "person", "points": 0, "floor": level, "text": text, "actor": actor}
