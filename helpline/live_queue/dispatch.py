"""Matches free counsellors with waiting contacts, best first. Run by the clock, many times a second if rung.

One dispatcher at a time, by an advisory lock: `SKIP LOCKED` alone would hand out the second-best while a
rival holds the best (docs/decisions/0003).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.contacts.stages import lock_contact
from helpline.live_queue.entries import list_queue
from helpline.live_queue.models import QueueEntry, Reservation
from helpline.live_queue.reservations import offer_contact
from helpline.staff.activity import list_on_shift, lock_staff
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from triage.model import RiskLevel
from triage.ordering import Counsellor, Floor, QueuePolicy, Waiting, fits, may_offer

log = structlog.get_logger()

DISPATCH_LOCK = 0x0D15
ACTIVE = ("pending", "accepted")
PASSED = ("rejected", "timed_out")


def offer_all(session: Session, policy: QueuePolicy, offer_s: int) -> int:
    """Offer waiting contacts to free counsellors until no pair fits. Returns how many offers. The caller commits."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(DISPATCH_LOCK))):
        return 0
    on_shift = list_on_shift(session)
    free = list_free(session, on_shift)
    made = 0
    if not free:
        return made
    waiting = [(entry, contact) for entry, contact in list_queue(session) if contact.state == "waiting"]
    now, passed = utc_now(), _who_let_pass(session, free)
    for entry, _contact in waiting:
        floor = _floor(on_shift, free, waiting, now)
        try:
            chosen = _choose(entry, free, on_shift, floor, passed, now, policy)
            offered = chosen and _offer(session, entry, chosen, offer_s)
        except Exception as error:  # noqa: BLE001 - one contact that can not be offered must not keep the others waiting
            log.error("not_offered", contact=str(entry.contact_id), fault=type(error).__name__)
            continue
        if offered:
            free.remove(chosen)
            made += 1
        if not free:
            break
    return made


def offer_to(session: Session, contact: Contact, counsellor: Staff, offer_s: int, actor: str) -> Reservation:
    """A shift lead offers a locked waiting contact to a named counsellor, past skills and reserve."""
    return offer_contact(session, contact, counsellor, offer_s, actor)


def list_free(session: Session, on_shift: Sequence[Staff]) -> list[Staff]:
    """Those on shift who hold no contact, longest idle first."""
    busy = set(session.scalars(select(Reservation.counsellor_id).where(Reservation.state.in_(ACTIVE))))
    return [person for person in on_shift if person.id not in busy]


def _choose(
    entry: QueueEntry,
    free: Sequence[Staff],
    on_shift: Sequence[Staff],
    floor: Floor,
    passed: Collection[tuple[UUID, int]],
    now: datetime,
    policy: QueuePolicy,
) -> Staff | None:
    waiting = Waiting(
        level=RiskLevel(entry.level),
        arrived_at=entry.arrived_at,
        channel=entry.channel,
        language=entry.language,
        language_on_shift=any(entry.language in person.languages for person in on_shift),
        wished_counsellor=entry.wish,
        wished_at=entry.wished_at,
    )
    if not may_offer(waiting, floor, policy):
        return None
    fitting = [person for person in free if fits(_skills(person), waiting, now, policy)]

    def comes_later(person: Staff) -> tuple[bool, bool]:
        # Also when the wish has waited out its time, whoever was wished for comes first.
        return (entry.contact_id, person.id) in passed, entry.wish not in (None, person.gender)

    return min(fitting, key=comes_later, default=None)


def _who_let_pass(session: Session, free: Sequence[Staff]) -> set[tuple[UUID, int]]:
    """Which contact was offered to whom in vain. To offer it to them at once again would keep a child waiting."""
    query = (
        select(Reservation.contact_id, Reservation.counsellor_id)
        .join(Contact, Contact.id == Reservation.contact_id)
        .where(Contact.state == "waiting", Reservation.state.in_(PASSED))
        .where(Reservation.counsellor_id.in_([person.id for person in free]))
    )
    return {tuple(row) for row in session.execute(query)}


def _offer(session: Session, entry: QueueEntry, counsellor: Staff, offer_s: int) -> bool:
    with session.begin_nested():  # if the database refuses this pair, the offers made before it stand
        contact = lock_contact(session, entry.contact_id)
        person = lock_staff(session, counsellor.id)
        if contact.state != "waiting" or person.activity != "available":
            return False
        offer_contact(session, contact, person, offer_s, "clock")
        return True


def _skills(person: Staff) -> Counsellor:
    return Counsellor(frozenset(person.channels), frozenset(person.languages), person.gender)


def _floor(
    on_shift: Sequence[Staff], free: Sequence[Staff], waiting: Sequence[tuple[QueueEntry, Contact]], now: datetime
) -> Floor:
    ordinary = [entry for entry, _contact in waiting if entry.level != RiskLevel.critical]
    overdue = max(((now - entry.due_at).total_seconds() for entry in ordinary), default=0.0)
    return Floor(
        on_shift=len(on_shift),
        free=len(free),
        oldest_non_critical_overdue_s=overdue,
        non_critical_waiting=len(ordinary),
    )
