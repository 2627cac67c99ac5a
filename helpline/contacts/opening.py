"""Opens a contact at the first webhook of a call, before any menu, in one statement."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow
from helpline.contacts.events import FLOOR
from helpline.contacts.models import Call, Contact, ContactEvent, FlowSession
from helpline.outbox.bell import remember_change
from helpline.outbox.models import Timer
from helpline.privacy.keys import KeyRing
from helpline.store.first_write import compose, write_once
from helpline.store.types import new_id
from helpline.telephony.inbound import InboundCall

CALLER_PLACE = "contacts.caller"

OPEN_CALL = compose(
    [
        (
            "contact",
            Contact.__table__,
            [
                "id",
                "channel",
                "line",
                "state",
                "language",
                "opened_at",
                "caller_sealed",
                "caller_pseudonym",
                "caller_country",
                "level",
                "score",
                "signals",
                "signals_judged",
                "reasons",
                "record",
                "exercise",
            ],
        ),
        (
            "call",
            Call.__table__,
            [
                "id",
                "contact_id",
                "role",
                "call_sid",
                "status",
                "status_rank",
                "muted",
                "on_hold",
                "created_at",
                "last_heard_at",
            ],
        ),
        ("session", FlowSession.__table__, ["contact_id", "state", "step"]),
        ("event", ContactEvent.__table__, ["contact_id", "at", "kind", "actor", "detail"]),
        ("audit", AuditRow.__table__, ["at", "actor", "action", "subject", "detail"]),
        ("timer", Timer.__table__, ["kind", "subject", "detail", "due_at"]),
    ]
)


def open_call(
    session: Session,
    keys: KeyRing,
    call: InboundCall,
    *,
    language: str,
    flow_state: Mapping,
    receipt_key: str,
    answer: str,
    arrived_at: datetime,
    now: datetime,
    check_at: datetime,
) -> UUID | None:
    """Record a new call with all that belongs to it, or nothing when this webhook was answered already.

    `arrived_at` is when the child first reached us, which is earlier than `now` when the database was away.
    `check_at` is when the clock asks the telephone company whether the call still lives, should no webhook
    come until then. Returns the contact's id, or None for a repeated webhook.
    """
    contact_id, call_id = new_id(), new_id()
    number = call.caller.number
    told = {"channel": "voice", "withheld": number is None}
    values = {
        "receipt_key": receipt_key,
        "receipt_answer": answer,
        "receipt_at": now,
        "contact_id": contact_id,
        "contact_channel": "voice",
        "contact_line": call.line,
        "contact_state": "menu",
        "contact_language": language,
        "contact_opened_at": arrived_at,
        "contact_caller_sealed": keys.seal(number, CALLER_PLACE, contact_id) if number else None,
        "contact_caller_pseudonym": keys.pseudonym(number) if number else None,
        "contact_caller_country": call.caller.country,
        "contact_level": "routine",
        "contact_score": 0,
        "contact_signals": [],
        "contact_signals_judged": 0,
        "contact_reasons": [],
        "contact_record": {},
        "contact_exercise": False,
        "call_id": call_id,
        "call_contact_id": contact_id,
        "call_role": "caller",
        "call_call_sid": call.call_sid,
        "call_status": "in-progress",
        "call_status_rank": 3,
        "call_muted": False,
        "call_on_hold": False,
        "call_created_at": arrived_at,
        "call_last_heard_at": now,
        "session_contact_id": contact_id,
        "session_state": dict(flow_state),
        "session_step": 1,
        "event_contact_id": contact_id,
        "event_at": now,
        "event_kind": "contact.opened",
        "event_actor": "caller",
        "event_detail": told,
        "audit_at": now,
        "audit_actor": "caller",
        "audit_action": "contact.opened",
        "audit_subject": f"contact:{contact_id}",
        "audit_detail": told,
        "timer_kind": "check_call",
        "timer_subject": str(contact_id),
        "timer_detail": {},
        "timer_due_at": check_at,
    }
    if not write_once(session, OPEN_CALL, values):
        return None
    remember_change(session, FLOOR)
    return contact_id
