"""Who is on the line of a contact, and how far they are; neither numbers nor CallSids."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Call


def list_live_legs(session: Session, contact_ids: Collection[UUID] | None = None) -> dict[UUID, list[dict]]:
    """The legs that have not ended, by contact, oldest first: of these contacts or of all. One query."""
    columns = (Call.id, Call.contact_id, Call.role, Call.staff_id, Call.status, Call.joined_at, Call.left_at)
    query = select(*columns, Call.on_hold, Call.muted).where(Call.ended_at.is_(None)).order_by(Call.created_at)
    if contact_ids is not None:
        query = query.where(Call.contact_id.in_(contact_ids))
    legs: dict[UUID, list[dict]] = {}
    for row in session.execute(query):
        legs.setdefault(row.contact_id, []).append(_describe(row))
    return legs


def _describe(leg: Row) -> dict:
    return {
        "id": str(leg.id),
        "role": leg.role,
        "staff_id": leg.staff_id,
        "status": leg.status,
        "joined": leg.joined_at is not None and leg.left_at is None,
        "on_hold": leg.on_hold,
        "muted": leg.muted,
    }
