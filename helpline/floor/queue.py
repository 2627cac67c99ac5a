"""The live queue as everyone who works here may see it: who waits, in the order they will be served."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.floor.wording import risk_of, seconds_between
from helpline.line import Line
from helpline.live_queue.entries import list_queue
from helpline.live_queue.models import QueueEntry, Reservation
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from triage.model import RiskLevel


def view_queue(session: Session, line: Line, language: str | None = None) -> dict:
    """`{"entries": [...]}` in served order. `language` narrows each reason's text to one language.

    `waited_s` counts from the child's first arrival; `due_in_s` is what is left of the level's target and
    below zero once it is passed. Two queries.
    """
    now, offered = utc_now(), _offered_to(session)
    targets = {channel: line.targets(channel) for channel in ("voice", "sms")}
    entries = [
        _entry(entry, contact, targets[entry.channel], offered.get(contact.id), now, language)
        for entry, contact in list_queue(session)
    ]
    return {"entries": entries}


def _entry(
    entry: QueueEntry,
    contact: Contact,
    targets: Mapping[RiskLevel, int],
    offered_to: dict | None,
    now: datetime,
    language: str | None,
) -> dict:
    # Not the entry's own due time: among critical contacts that is their arrival, which only orders them.
    due_at = entry.arrived_at + timedelta(seconds=targets[RiskLevel(entry.level)])
    due_in_s = int((due_at - now).total_seconds())
    return {
        "contact_id": str(contact.id),
        "channel": entry.channel,
        "risk": risk_of(entry.level, contact.reasons, language),
        "language": entry.language,
        "waited_s": seconds_between(entry.arrived_at, now),
        "state": contact.state,
        "due_in_s": due_in_s,
        "overdue": due_in_s < 0,
        "offered_to": offered_to,
        "on_call_rung": entry.on_call_rung_at is not None,
    }


def _offered_to(session: Session) -> dict[UUID, dict]:
    query = (
        select(Reservation.contact_id, Staff.id, Staff.name)
        .join(Staff, Staff.id == Reservation.counsellor_id)
        .where(Reservation.state == "pending")
    )
    return {contact_id: {"id": staff_id, "name": name} for contact_id, staff_id, name in session.execute(query)}
