"""Sees when a caller could hardly be brought to a person, and turns the outage on; and off when that has passed.

Two things are looked at: a child waits and nobody at all is there to be rung; the telephone company rings none of
our phones. What a person has decided goes before what is seen here.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Call
from helpline.line import Line
from helpline.live_queue.models import QueueEntry
from helpline.staff.activity import list_on_call, list_on_shift
from helpline.store.types import utc_now
from helpline.switches.models import LineSwitch
from helpline.switches.turning import CLOCK, list_on, turn_off, turn_on, turned_off_by_person_since

WATCH_LOCK = 0x0A7A
NOBODY_REACHABLE, PHONES_NOT_RUNG = "nobody_reachable", "phones_not_rung"
WAITED = timedelta(seconds=60)
# A ring that has no call of its own after RINGS_AT_ONCE has failed; one alone may be a wrong number.
RINGS_SINCE, RINGS_AT_ONCE, TOO_MANY_UNRUNG = timedelta(minutes=3), timedelta(seconds=15), 2
LASTS = timedelta(minutes=10)
# Turned on and off by the minute it would say nothing to anybody.
AT_LEAST = timedelta(minutes=2)
PERSON_DECIDED = timedelta(minutes=15)


def watch_outage(session: Session, line: Line) -> None:
    """Look once. Several clocks may: one of them does."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(WATCH_LOCK))):
        return
    now = utc_now()
    on = list_on(session).get("outage")
    reason = find_reason(session, now)
    if reason and _is_ours_to_turn_on(session, on, now):
        turn_on(session, line, "outage", reason=reason, actor=CLOCK, for_s=int(LASTS.total_seconds()))
    elif reason is None and on and on.on_by == CLOCK and now - on.on_at > AT_LEAST:
        turn_off(session, "outage", CLOCK)


def find_reason(session: Session, now: datetime) -> str | None:
    """Why a caller could not be brought to a person now; None where nothing is known against it."""
    if _child_waits(session, now) and not _anyone_reachable(session):
        return NOBODY_REACHABLE
    return PHONES_NOT_RUNG if _phones_stay_silent(session, now) else None


def _is_ours_to_turn_on(session: Session, on: LineSwitch | None, now: datetime) -> bool:
    if on:
        return on.on_by == CLOCK and on.until - now < LASTS / 2
    return not turned_off_by_person_since(session, "outage", now - PERSON_DECIDED)


def _child_waits(session: Session, now: datetime) -> bool:
    waiting = (QueueEntry.left_at.is_(None), QueueEntry.channel == "voice", QueueEntry.arrived_at < now - WAITED)
    return session.scalars(select(QueueEntry.contact_id).where(*waiting).limit(1)).one_or_none() is not None


def _anyone_reachable(session: Session) -> bool:
    return bool(list_on_shift(session)) or any(person.device_sealed for person in list_on_call(session))


def _phones_stay_silent(session: Session, now: datetime) -> bool:
    lately = Call.created_at.between(now - RINGS_SINCE, now - RINGS_AT_ONCE)
    rung = func.count().filter(Call.call_sid.is_not(None))
    unrung = func.count().filter(Call.call_sid.is_(None), Call.status != "canceled")
    found = session.execute(select(rung, unrung).where(Call.role != "caller", lately)).one()
    return found[0] == 0 and found[1] >= TOO_MANY_UNRUNG
