"""One contact with its story, for someone who may know of it. Whoever shows this records that it was seen."""

from sqlalchemy.orm import Session

from helpline.contacts.events import list_events
from helpline.contacts.models import Contact, ContactEvent
from helpline.contacts.opening import CALLER_PLACE
from helpline.floor.legs import list_live_legs
from helpline.floor.wording import named, risk_of, written
from helpline.line import Line
from helpline.privacy.masks import mask_number
from helpline.staff.models import Staff

# An auditor checks what was done, and by whom; who the child is, is no part of that.
NUMBER_HIDDEN_FROM = ("auditor",)


def view_contact(session: Session, line: Line, contact: Contact, viewer: Staff) -> dict:
    """All that may be shown of a contact without a further reason: the number masked, no notes, no messages."""
    counsellor = session.get(Staff, contact.counsellor_id) if contact.counsellor_id else None
    return {
        "id": str(contact.id),
        "state": contact.state,
        "outcome": contact.outcome,
        "channel": contact.channel,
        "language": contact.language,
        "risk": risk_of(contact.level, contact.reasons)
        | {"score": contact.score, "by_person": contact.level_by_person, "at_closing": contact.closing_level}
        | {"rules_version": contact.rules_version},
        "number": masked_number(line, contact, viewer),
        "country": contact.caller_country,
        "wish": contact.wish,
        "counsellor": named(counsellor),
        "mine": contact.counsellor_id == viewer.id,
        "opened_at": written(contact.opened_at),
        "connected_at": written(contact.connected_at),
        "talk_ended_at": written(contact.talk_ended_at),
        "closed_at": written(contact.closed_at),
        "exercise": contact.exercise,
        "calls_back": str(contact.calls_back) if contact.calls_back else None,
        "record": contact.record,
        "legs": list_live_legs(session, [contact.id]).get(contact.id, []),
        "events": [_describe_event(event) for event in list_events(session, contact.id)],
    }


def _describe_event(event: ContactEvent) -> dict:
    return {"at": written(event.at), "kind": event.kind, "actor": event.actor, "detail": event.detail}


def masked_number(line: Line, contact: Contact, viewer: Staff) -> str:
    """Enough of the number to tell two callers apart; empty when it was withheld, or is not for this viewer."""
    if viewer.role in NUMBER_HIDDEN_FROM or contact.caller_sealed is None:
        return ""
    return mask_number(line.keys.open(contact.caller_sealed, CALLER_PLACE, contact.id))
