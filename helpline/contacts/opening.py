"""Opens a contact at the first webhook of a call, before any menu, in one statement."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow
from helpline.contacts.calls import STATUS_RANK
from helpline.contacts.events import FLOOR
from helpline.contacts.models import Call, Contact, ContactEvent, FlowSession
from helpline.outbox.bell import remember_change
from helpline.outbox.models import Timer
from helpline.privacy.keys import KeyRing
from helpline.store.first_write import compose, write_once
from helpline.store.types import new_id
from helpline.telephony.inbound import InboundCall

CALLER_PLACE = "contacts.caller"

# Which parameter of the first webhook fills which column. What stands in no list has its default in the table.
OPEN_CALL = compose(
    [
        (
            Contact.__table__,
            {
                "id": "contact",
                "channel": "channel",
                "line": "line",
                "language": "language",
                "opened_at": "arrived_at",
                "caller_sealed": "caller_sealed",
                "caller_pseudonym": "caller_pseudonym",
                "caller_country": "caller_country",
            },
        ),
        (
            Call.__table__,
            {
                "id": "call",
                "contact_id": "contact",
                "role": "actor",
                "call_sid": "call_sid",
                "status": "status",
                "status_rank": "status_rank",
                "created_at": "arrived_at",
                "last_heard_at": "now",
            },
        ),
        (FlowSession.__table__, {"contact_id": "contact", "state": "flow_state", "step": "step"}),
        (
            ContactEvent.__table__,
            {"contact_id": "contact", "at": "now", "kind": "opened", "actor": "actor", "detail": "told"},
        ),
        (
            AuditRow.__table__,
            {"at": "now", "actor": "actor", "action": "opened", "subject": "audited", "detail": "told"},
        ),
        (Timer.__table__, {"kind": "check", "subject": "checked", "due_at": "check_at"}),
    ]
)


def open_call(
    session: Session,
    keys: KeyRing,
    call: InboundCall,
    *,
    language: str,
    flow_state: dict,
    receipt: str,
    answer: str,
    arrived_at: datetime,
    now: datetime,
    check_at: datetime,
) -> UUID | None:
    """Record and commit a new call with all that belongs to it, or nothing when this webhook was answered already.

    `arrived_at` is when the child first reached us, which is earlier than `now` when the database was away.
    `check_at` is when the clock asks the telephone company whether the call still lives, should no webhook
    come until then. Returns the contact's id, or None for a repeated webhook.
    """
    contact_id, number = new_id(), call.caller.number
    values = {
        "receipt": receipt,
        "answer": answer,
        "now": now,
        "arrived_at": arrived_at,
        "contact": contact_id,
        "channel": "voice",
        "line": call.line,
        "language": language,
        "caller_sealed": keys.seal(number, CALLER_PLACE, contact_id) if number else None,
        "caller_pseudonym": keys.pseudonym(number) if number else None,
        "caller_country": call.caller.country,
        "call": new_id(),
        "call_sid": call.call_sid,
        "status": "in-progress",
        "status_rank": STATUS_RANK["in-progress"],
        "flow_state": flow_state,
        "step": 1,
        "opened": "contact.opened",
        "actor": "caller",
        "told": {"channel": "voice", "withheld": number is None},
        "audited": f"contact:{contact_id}",
        "check": "check_call",
        "checked": str(contact_id),
        "check_at": check_at,
    }
    if not write_once(session.get_bind(), OPEN_CALL, values):
        return None
    remember_change(session, FLOOR)
    return contact_id
