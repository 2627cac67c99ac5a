"""Asks a candidate what it would have said, after the live rules have answered. Changes nothing of any contact.

Each contact is judged anew when it was assessed or when a child wrote. Both opinions are made from all that is known
at that moment, so that they differ by the rules alone: the signals from menus and circumstances are the same for
both, the signals from texts are each rule set's own.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact, ContactEvent, Message
from helpline.contacts.reading import read_with
from helpline.privacy.keys import KeyRing
from helpline.reviewing.models import ShadowOpinion
from helpline.rule_book.models import RuleCandidate
from helpline.store.types import utc_now
from triage.assess import assess
from triage.model import Signal
from triage.rules import RuleSet

JUDGED_AFTER = ("contact.assessed", "message.in")
# A transaction that was slow may bring an event with a smaller number than one already seen.
LOOKED_BACK = 1000
MOST_AT_ONCE = 50


def compare_new(session: Session, keys: KeyRing, live: RuleSet, candidate: RuleCandidate, shadow: RuleSet) -> int:
    """Judge the contacts about which something is new. Returns how many; fewer than MOST_AT_ONCE: that was all."""
    waiting = _list_waiting(session, candidate)
    for contact_id, event_id in waiting:
        contact = session.get_one(Contact, contact_id)
        session.add(_compare(session, keys, live, candidate, shadow, contact, event_id))
    return len(waiting)


def _list_waiting(session: Session, candidate: RuleCandidate) -> Sequence[tuple[UUID, int]]:
    seen = select(func.max(ShadowOpinion.event_id)).where(ShadowOpinion.candidate_id == candidate.id)
    begin = max(candidate.after_event, (session.scalar(seen) or 0) - LOOKED_BACK)
    newest = func.max(ContactEvent.id)
    of_contact = seen.where(ShadowOpinion.contact_id == ContactEvent.contact_id).correlate(ContactEvent)
    query = (
        select(ContactEvent.contact_id, newest)
        .join(Contact, Contact.id == ContactEvent.contact_id)
        .where(ContactEvent.id > begin, ContactEvent.kind.in_(JUDGED_AFTER), Contact.rules_version.is_not(None))
        .group_by(ContactEvent.contact_id)
        .having(newest > func.coalesce(of_contact.scalar_subquery(), 0))
        .order_by(newest)
        .limit(MOST_AT_ONCE)
    )
    return [tuple(row) for row in session.execute(query)]


def _compare(
    session: Session,
    keys: KeyRing,
    live: RuleSet,
    candidate: RuleCandidate,
    shadow: RuleSet,
    contact: Contact,
    event_id: int,
) -> ShadowOpinion:
    noticed = [Signal(old["name"], old["value"]) for old in contact.signals]
    present = assess(noticed, live)
    opinion = ShadowOpinion(
        candidate_id=candidate.id,
        contact_id=contact.id,
        event_id=event_id,
        at=utc_now(),
        live_version=live.version,
        live_level=present.level,
        live_reasons=[reason.to_dict() for reason in present.reasons],
        shadow_reasons=[],
        told=[],
    )
    try:
        opinion.told = _read_texts(session, keys, candidate, shadow, contact, event_id)
        outside = [signal for signal in noticed if signal.name not in live.text.tells | shadow.text.tells]
        would_be = assess([*outside, *(Signal(name) for name in opinion.told)], shadow)
    except Exception as error:  # noqa: BLE001 - a candidate may fail in any way; it is on trial, and nobody waits for it
        opinion.fault = type(error).__name__
        return opinion
    opinion.shadow_level = would_be.level
    opinion.shadow_reasons = [reason.to_dict() for reason in would_be.reasons]
    return opinion


def _read_texts(
    session: Session, keys: KeyRing, candidate: RuleCandidate, shadow: RuleSet, contact: Contact, event_id: int
) -> list[str]:
    """What the candidate has read in this contact's texts: before, and in those that came since."""
    before = _last_sound(session, candidate, contact)
    names = dict.fromkeys(before.told if before else ())
    for message in _list_texts(session, contact, before.event_id if before else 0, event_id):
        names.update(dict.fromkeys(signal.name for signal in read_with(session, keys, message, shadow)))
    return list(names)


def _last_sound(session: Session, candidate: RuleCandidate, contact: Contact) -> ShadowOpinion | None:
    query = select(ShadowOpinion).where(
        ShadowOpinion.candidate_id == candidate.id,
        ShadowOpinion.contact_id == contact.id,
        ShadowOpinion.fault.is_(None),
    )
    return session.scalars(query.order_by(ShadowOpinion.event_id.desc()).limit(1)).one_or_none()


def _list_texts(session: Session, contact: Contact, after: int, up_to: int) -> list[Message]:
    events = select(ContactEvent.detail).where(
        ContactEvent.contact_id == contact.id,
        ContactEvent.kind == "message.in",
        ContactEvent.id > after,
        ContactEvent.id <= up_to,
    )
    told = session.scalars(events.order_by(ContactEvent.id)).all()
    return [session.get_one(Message, UUID(detail["message"])) for detail in told]
