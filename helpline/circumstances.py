"""The circumstances of a contact as signals: the hour at the helpline, and what came from the same number before."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpline.contacts.history import read_history
from helpline.contacts.models import Contact
from helpline.line import Line
from triage.context import context_signals
from triage.model import Signal


def read_circumstances(session: Session, line: Line, contact: Contact, now: datetime) -> tuple[Signal, ...]:
    """What is to be weighed besides what the child has told. One query."""
    history = read_history(session, line.keys, contact, now)
    return context_signals(
        local_hour=now.astimezone(line.helpline.zone).hour,
        attempts_24h=history.attempts_24h + 1,
        attempts_7d=history.attempts_7d + 1,
        abandoned_after_danger=history.abandoned_after_danger > 0,
        abandoned_after_danger_within_hour=history.abandoned_after_danger_within_hour > 0,
        abandoned_after_disclosure=history.abandoned_after_disclosure > 0,
        unsafe_earlier_24h=history.unsafe_earlier_24h > 0,
        recent_high_within_30d=history.recent_high_within_30d > 0,
        short_hangups_10min=history.short_hangups_10min,
        short_hangups_60min=history.short_hangups_60min,
        silent_earlier_24h=history.silent_earlier_24h,
    )
