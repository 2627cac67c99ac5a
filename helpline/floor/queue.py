"""The live queue as everyone who works here may see it: who waits, in the order they will be served."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.floor.wording import risk_of, seconds_between
from helpline.line import Line
from helpline.live_queue.entries import SERVED_ORDER
from helpline.live_queue.models import QueueEntry, Reservation
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from triage.model import RiskLevel

LONGEST_SHOWN = 500


def view_queue(session: Session, line: Line, language: str | None = None) -> dict:
    """`{"entries": [...]}` in served order. `language` narrows each reason's text to one language.

    `waited_s` counts from the child's first arrival; `due_in_s` is what is left of the level's target and
    below zero once it is passed. Two queries.
    """
    now, offered = utc_now(), _offered_to(session)
    targets = {channel: line.targets(channel) for channel in ("voice", "sms")}
    entries = [_entry(row, targets[row.channel], offered.get(row.contact_id), now, language) for row in _read(session)]
    return {"entries": entries}


def _read(session: Session) -> Sequence[Row]:
    # Columns, not objects: this runs for every change on the floor, with hundreds waiting on a bad night.
    query = (
        select(
            QueueEntry.contact_id,
            QueueEntry.channel,
            QueueEntry.level,
            QueueEntry.language,
            QueueEntry.arrived_at,
            QueueEntry.on_call_rung_at,
            Contact.state,
            Contact.reasons,
        )
        .join(Contact, Contact.id == QueueEntry.contact_id)
        .where(QueueEntry.left_at.is_(None))
        .order_by(*SERVED_ORDER)
        .limit(LONGEST_SHOWN)
    )
    return session.execute(query).all()


def _entry(
    row: Row, targets: Mapping[RiskLevel, int], offered_to: dict | None, now: datetime, language: str | None
) -> dict:
    # Not the entry's own due time: among critical contacts that is their arrival, which only orders them.
    due_at = row.arrived_at + timedelta(seconds=targets[RiskLevel(row.level)])
    due_in_s = int((due_at - now).total_seconds())
    return {
        "contact_id": str(row.contact_id),
        "channel": row.channel,
        "risk": risk_of(row.level, row.reasons, language),
        "language": row.language,
        "waited_s": seconds_between(row.arrived_at, now),
        "state": row.state,
        "due_in_s": due_in_s,
        "overdue": due_in_s < 0,
        "offered_to": offered_to,
        "on_call_rung": row.on_call_rung_at is not None,
    }


def _offered_to(session: Session) -> dict[UUID, dict]:
    query = (
        select(Reservation.contact_id, Staff.id, Staff.name)
        .join(Staff, Staff.id == Reservation.counsellor_id)
        .where(Reservation.state == "pending")
    )
    return {contact_id: {"id": staff_id, "name": name} for contact_id, staff_id, name in session.execute(query)}
