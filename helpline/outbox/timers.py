"""Timers: set and cancelled with the change they belong to, and fired by the clock, once."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline.outbox.models import Timer
from helpline.store.types import utc_now

LONGEST_PUT_OFF = timedelta(minutes=1)


def set_timer(session: Session, kind: str, subject: object, due_at: datetime, **detail: object) -> None:
    """Set the one armed timer of this kind and subject; an earlier one that has not fired is cancelled."""
    cancel_timers(session, subject, kind)
    set_first_timer(session, kind, subject, due_at, **detail)


def set_first_timer(session: Session, kind: str, subject: object, due_at: datetime, **detail: object) -> None:
    """Set a timer of a kind that this subject can not have armed yet, because it is new."""
    session.add(Timer(kind=kind, subject=str(subject), due_at=due_at, detail=detail))


def cancel_timers(session: Session, subject: object, *kinds: str) -> None:
    """Cancel the armed timers of this subject, of these kinds or, with none named, of every kind.

    One that a clock is firing at this very moment is left to it: the clock holds the timer and waits for the
    contact that is locked here, so to wait for the timer would be a deadlock. Every alarm looks for itself
    whether there is still something to do.
    """
    armed = select(Timer.id).where(
        Timer.subject == str(subject), Timer.fired_at.is_(None), Timer.cancelled_at.is_(None)
    )
    if kinds:
        armed = armed.where(Timer.kind.in_(kinds))
    cancelled = update(Timer).where(Timer.id.in_(armed.with_for_update(skip_locked=True)))
    session.execute(cancelled.values(cancelled_at=utc_now()), execution_options={"synchronize_session": False})


def take_due(session: Session) -> Timer | None:
    """The longest overdue timer, marked as fired in this transaction; another clock skips it. None: nothing is due."""
    now = utc_now()
    query = (
        select(Timer)
        .where(Timer.due_at <= now, Timer.fired_at.is_(None), Timer.cancelled_at.is_(None))
        .order_by(Timer.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    timer = session.scalars(query).one_or_none()
    if timer:
        timer.fired_at = now
    return timer


def put_off(session: Session, timer_id: int, fault: str) -> None:
    """The alarm failed and its transaction was undone: note why and ring it again, each time a little later.

    A failing alarm must neither be lost nor keep the ones behind it waiting.
    """
    timer = session.get_one(Timer, timer_id, with_for_update=True)
    timer.attempts += 1
    timer.fault = fault
    timer.due_at = utc_now() + min(timedelta(seconds=2**timer.attempts), LONGEST_PUT_OFF)


def list_armed(session: Session, subject: object) -> list[Timer]:
    """The timers that will still ring for this subject, the next first."""
    query = select(Timer).where(Timer.subject == str(subject), Timer.fired_at.is_(None), Timer.cancelled_at.is_(None))
    return list(session.scalars(query.order_by(Timer.due_at)))
