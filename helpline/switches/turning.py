"""Turns the line's switches on and off. One that is on goes off by itself when its time is over."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.line import Line
from helpline.outbox.bell import remember_change
from helpline.outbox.timers import cancel_timers, set_timer
from helpline.store.types import utc_now
from helpline.switches.models import NAMES, LineSwitch

SWITCH_TIMER = "switch_reverts"
LONGEST_REASON = 200
FLOOR = "floor"
CLOCK = "clock"


class SwitchUnknown(LookupError):
    """There is no such switch."""


class SwitchRefused(ValueError):
    """This can not be asked of a switch; the words say why."""


def turn_on(
    session: Session, line: Line, name: str, *, reason: str, actor: str, for_s: int | None = None
) -> LineSwitch:
    """On from now for `for_s` seconds, or as long as the helpline's file says. Raises SwitchRefused.

    One that is on already goes on for so long from now, with the new reason.
    """
    for_s = _allowed_time(line, name, for_s)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise SwitchRefused(f"say in a few words why, at most {LONGEST_REASON} characters")
    now = utc_now()
    switch = _lock_on(session, name)
    if switch is None:
        switch = LineSwitch(name=name, on_at=now)
        session.add(switch)
    switch.reason, switch.on_by, switch.until = reason.strip(), actor, now + timedelta(seconds=for_s)
    session.flush()
    set_timer(session, SWITCH_TIMER, name, switch.until)
    _put_on_record(session, name, "on", actor, for_s=for_s, reason_length=len(switch.reason))
    return switch


def turn_off(session: Session, name: str, actor: str) -> bool:
    """Off from now. False when it was not on."""
    _known(name)
    switch = _lock_on(session, name)
    if switch is None:
        return False
    switch.off_at, switch.off_by = utc_now(), actor
    cancel_timers(session, name, SWITCH_TIMER)
    _put_on_record(session, name, "off", actor)
    return True


def revert(session: Session, line: Line, name: str) -> None:
    """Timer: the time of a switch is over."""
    switch = _lock_on(session, name)
    if switch and switch.until <= utc_now():
        turn_off(session, name, CLOCK)


def list_on(session: Session) -> dict[str, LineSwitch]:
    """The switches that are on now, by name. One small query: every step of a call asks this."""
    query = select(LineSwitch).where(LineSwitch.off_at.is_(None), LineSwitch.until > utc_now())
    return {switch.name: switch for switch in session.scalars(query)}


def list_times(session: Session, name: str, limit: int = 20) -> list[LineSwitch]:
    """The last times that this switch was on, the latest first."""
    _known(name)
    query = select(LineSwitch).where(LineSwitch.name == name).order_by(LineSwitch.id.desc()).limit(limit)
    return list(session.scalars(query))


def turned_off_by_person_since(session: Session, name: str, since: datetime) -> bool:
    """Whether somebody has decided lately that this switch should be off."""
    query = select(LineSwitch.id).where(LineSwitch.name == name, LineSwitch.off_at > since, LineSwitch.off_by != CLOCK)
    return session.scalars(query.limit(1)).one_or_none() is not None


def _lock_on(session: Session, name: str) -> LineSwitch | None:
    query = select(LineSwitch).where(LineSwitch.name == name, LineSwitch.off_at.is_(None)).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def _allowed_time(line: Line, name: str, for_s: int | None) -> int:
    _known(name)
    times = line.helpline.switches.of(name)
    if for_s is None:
        return times.usual_s
    if not 60 <= for_s <= times.longest_s:
        raise SwitchRefused(f"{name} can be on for 1 minute to {times.longest_s // 60} minutes at a time")
    return for_s


def _known(name: str) -> None:
    if name not in NAMES:
        raise SwitchUnknown(name)


def _put_on_record(session: Session, name: str, how: str, actor: str, **detail: object) -> None:
    record_act(session, actor=actor, action=f"{name}.{how}", subject=f"switch:{name}", **detail)
    remember_change(session, FLOOR)
