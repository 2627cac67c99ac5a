"""Joining the queue, keeping one's place, being ranked anew, and leaving."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.contacts.stages import move_contact
from helpline.live_queue.models import QueueEntry
from helpline.outbox.bell import remember_change
from helpline.outbox.timers import cancel_timers, set_first_timer, set_timer
from helpline.store.types import utc_now
from triage.model import RiskLevel
from triage.ordering import QueuePolicy, place

DISPATCH = "dispatch"
ON_CALL_TIMER = "ring_on_call"
SERVED_ORDER = (QueueEntry.rank, QueueEntry.due_at, QueueEntry.arrived_at, QueueEntry.contact_id)


def join_queue(
    session: Session,
    contact: Contact,
    targets: Mapping[RiskLevel, int],
    policy: QueuePolicy,
    actor: str,
    slower_by_s: int = 0,
) -> QueueEntry:
    """Put a locked contact in the queue at the place its level and its first arrival give it.

    `slower_by_s` moves a marked number's place back among its peers; it means nothing once the contact is critical.
    """
    entry = QueueEntry(
        contact_id=contact.id,
        channel=contact.channel,
        language=contact.language,
        arrived_at=contact.opened_at,
        slower_by_s=slower_by_s,
    )
    _note_wish(entry, contact)
    _rank(entry, contact.level, targets)
    session.add(entry)
    move_contact(session, contact, "waiting", actor, level=contact.level)
    set_first_timer(session, ON_CALL_TIMER, contact.id, _on_call_at(policy))
    remember_change(session, DISPATCH)
    return entry


def keep_place(session: Session, contact: Contact, targets: Mapping[RiskLevel, int]) -> None:
    """A place for a contact that does not wait, because a counsellor calls it: it has one should her line be lost."""
    entry = QueueEntry(
        contact_id=contact.id,
        channel=contact.channel,
        language=contact.language,
        arrived_at=contact.opened_at,
        left_at=contact.opened_at,
    )
    _rank(entry, contact.level, targets)
    session.add(entry)


def return_to_queue(session: Session, contact: Contact, policy: QueuePolicy, actor: str, why: str) -> None:
    """Put a contact back where it was: same arrival, same level, no time lost."""
    entry = find_entry(session, contact)
    entry.left_at, entry.on_call_rung_at = None, None
    entry.language = contact.language
    _note_wish(entry, contact)
    move_contact(session, contact, "waiting", actor, why=why)
    _arm_on_call(session, entry, policy)
    remember_change(session, DISPATCH)


def rank_anew(
    session: Session, contact: Contact, targets: Mapping[RiskLevel, int], policy: QueuePolicy, actor: str
) -> None:
    """After a change of level, language or wish: the new place counts at once."""
    entry = session.get(QueueEntry, contact.id)
    if entry is None or entry.left_at is not None:
        return
    before, entry.language = entry.level, contact.language
    _note_wish(entry, contact)
    _rank(entry, contact.level, targets)
    if entry.level != before:
        record_event(session, contact.id, "queue.ranked_anew", actor, came_from=before, level=entry.level)
        _arm_on_call(session, entry, policy)
    remember_change(session, DISPATCH)


def leave_queue(session: Session, contact: Contact) -> None:
    """Take a contact out, because a person has it or the caller is gone. Leaving twice is leaving once."""
    entry = session.get(QueueEntry, contact.id)
    if entry is not None and entry.left_at is None:
        entry.left_at = utc_now()
    cancel_timers(session, contact.id, ON_CALL_TIMER)


def find_entry(session: Session, contact: Contact) -> QueueEntry:
    """The contact's entry, waiting or not."""
    return session.get_one(QueueEntry, contact.id)


def list_queue(session: Session, limit: int = 500) -> list[tuple[QueueEntry, Contact]]:
    """Everyone in the queue, in the order they will be served."""
    query = (
        select(QueueEntry, Contact)
        .join(Contact, Contact.id == QueueEntry.contact_id)
        .where(QueueEntry.left_at.is_(None))
        .order_by(*SERVED_ORDER)
        .limit(limit)
    )
    return [tuple(row) for row in session.execute(query)]


def _note_wish(entry: QueueEntry, contact: Contact) -> None:
    """A wish is honoured for a while from when it was first told: to tell it again does not begin the time anew."""
    if entry.wish != contact.wish:
        entry.wish, entry.wished_at = contact.wish, utc_now()


def _rank(entry: QueueEntry, level: str, targets: Mapping[RiskLevel, int]) -> None:
    where = place(RiskLevel(level), entry.arrived_at, targets, entry.slower_by_s or 0)
    entry.level, entry.rank, entry.due_at = level, where.rank, where.due_at


def _arm_on_call(session: Session, entry: QueueEntry, policy: QueuePolicy) -> None:
    """Look in on_call_after_s whether the on-call people must be rung for this contact too."""
    if entry.on_call_rung_at is None:
        set_timer(session, ON_CALL_TIMER, entry.contact_id, _on_call_at(policy))


def _on_call_at(policy: QueuePolicy) -> datetime:
    return utc_now() + timedelta(seconds=policy.on_call_after_s)
