"""Writes audit rows, in the same transaction as what they tell of: no audit row, no change, and no data shown."""

from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow
from helpline.store.types import utc_now


def record_act(session: Session, *, actor: str, action: str, subject: str, **detail: object) -> None:
    """Record that `actor` ('staff:7', 'caller', 'twilio', 'clock', 'operator') did `action` to `subject`.

    `detail` holds identifiers and plain facts, never a name, a number or a message's words.
    """
    session.add(AuditRow(at=utc_now(), actor=actor, action=action, subject=subject, detail=detail))
