"""Owing work, taking it on with a lease, and settling it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from helpline.outbox.bell import remember_owed
from helpline.outbox.models import OwedWork
from helpline.store.types import new_id, utc_now

# Longer than any duty's own time-outs together (telephone calls give up after 8 s), so that a live worker
# keeps its lease, and short enough that a dead worker's work is done by another within the minute.
LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 6
# Done by workers alone, after everything else: it runs compiled code of others, which may end its process or take
# long, and the clock and those who wait for a call must feel nothing of it.
UNHURRIED = ("second_opinion",)
FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(seconds=30)


def owe(session: Session, kind: str, subject: object, *, due_at: datetime | None = None, **detail: object) -> OwedWork:
    """Owe one act, in this transaction. A worker is rung after the commit; if it can't be, the clock does the act."""
    now = utc_now()
    work = OwedWork(kind=kind, subject=str(subject), detail=detail, owed_at=now, due_at=due_at or now)
    session.add(work)
    session.flush()
    if work.due_at <= now:
        remember_owed(session, work.id, unhurried=kind in UNHURRIED)
    return work


def lease_work(session: Session, work_id: int) -> OwedWork | None:
    """Take this work on, unless it is done, parked, not due, or held by someone alive. The caller commits."""
    now = utc_now()
    taken = (
        update(OwedWork)
        .where(OwedWork.id == work_id, *_open(now))
        .values(lease=new_id(), leased_until=now + LEASE, attempts=OwedWork.attempts + 1)
        .returning(OwedWork)
    )
    return session.scalars(taken, execution_options={"populate_existing": True}).one_or_none()


def list_late(session: Session, by: timedelta, limit: int = 20) -> list[int]:
    """Work, unhurried work apart, that is due for longer than `by` and that nobody alive holds, oldest first."""
    return list(session.scalars(_late(by, limit).where(OwedWork.kind.not_in(UNHURRIED))))


def ring_again_for_unhurried(session: Session, by: timedelta, limit: int = 200) -> None:
    """Ring the workers again, after the commit, for unhurried work that none has begun for longer than `by`."""
    for work_id in session.scalars(_late(by, limit).where(OwedWork.kind.in_(UNHURRIED))):
        remember_owed(session, work_id, unhurried=True)


def settle_done(session: Session, work_id: int, lease: UUID) -> bool:
    """Mark it done, if the lease is still ours."""
    return _settle(session, work_id, lease, done_at=utc_now(), fault=None)


def settle_failed(session: Session, work: OwedWork, fault: str) -> bool:
    """Plan the next try with growing pauses, or park it after MAX_ATTEMPTS. True when it was parked now."""
    now = utc_now()
    if work.attempts >= MAX_ATTEMPTS:
        return _settle(session, work.id, work.lease, parked_at=now, fault=fault)
    pause = min(FIRST_RETRY * 2 ** (work.attempts - 1), LONGEST_RETRY)
    _settle(session, work.id, work.lease, due_at=now + pause, fault=fault)
    return False


def replay_parked(session: Session, work_id: int) -> bool:
    """Open parked work again, from its first attempt. False when there is no such parked work."""
    opened = (
        update(OwedWork)
        .where(OwedWork.id == work_id, OwedWork.parked_at.is_not(None), OwedWork.done_at.is_(None))
        .values(parked_at=None, attempts=0, due_at=utc_now(), lease=None, leased_until=None)
        .returning(OwedWork)
    )
    reopened = session.scalars(opened).one_or_none()
    if reopened:
        remember_owed(session, reopened.id, unhurried=reopened.kind in UNHURRIED)
    return reopened is not None


def _late(by: timedelta, limit: int) -> Select[tuple[int]]:
    now = utc_now()
    return select(OwedWork.id).where(*_open(now), OwedWork.due_at <= now - by).order_by(OwedWork.due_at).limit(limit)


def _open(now: datetime) -> tuple:
    free = or_(OwedWork.leased_until.is_(None), OwedWork.leased_until < now)
    return OwedWork.done_at.is_(None), OwedWork.parked_at.is_(None), OwedWork.due_at <= now, free


def _settle(session: Session, work_id: int, lease: UUID | None, **values: object) -> bool:
    settled = (
        update(OwedWork)
        .where(OwedWork.id == work_id, OwedWork.lease == lease)
        .values(leased_until=None, **values)
        .returning(OwedWork.id)
    )
    return session.scalars(settled).one_or_none() is not None
