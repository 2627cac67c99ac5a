"""What a page shows of a conversation by text: the words, how far ours have come, and what else this number sent."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.answering import WATCHERS
from helpline.console import wording
from helpline.console.explaining import explain_text
from helpline.contacts.alerts import list_open_alerts
from helpline.contacts.callbacks import wants_callback
from helpline.contacts.media import MessageMedia, list_media
from helpline.contacts.messages import FAILED, FLOW, SURVEY, list_messages, open_body
from helpline.contacts.models import Contact, Message
from helpline.contacts.text_stops import list_stops
from helpline.contacts.threads import list_same_number, list_thread
from helpline.floor.wording import written
from helpline.line import Line
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from helpline.telephony.numbers import is_whatsapp
from ivr_flows.signals import SIGNALS


def read_conversation(session: Session, line: Line, contact: Contact, reader: Staff) -> dict:
    """Everything the templates of a conversation need, in clear. Also of a call: what the same number wrote."""
    since = utc_now() - timedelta(days=line.helpline.texting.thread_days)
    media = _media_by_message(session, contact)
    return {
        "by_whatsapp": is_whatsapp(contact.line),
        "messages": [_show(line, message, media) for message in list_messages(session, contact.id)],
        "earlier": [_show(line, message, {}) for message in list_thread(session, line.keys, contact, since)],
        "same_number": _show_others(session, line, contact, reader, since),
        "stopped_by": {stop.said_by for stop in list_stops(session, line.keys, contact)},
        "alerts": [{"kind": alert.kind, "at": alert.at} for alert, _contact in list_open_alerts(session, contact.id)],
        "call_asked": wants_callback(session, line.keys, contact),
    }


def _show(line: Line, message: Message, media: dict[UUID, list[MessageMedia]]) -> dict:
    failed = message.direction == "out" and message.status in FAILED
    body = open_body(line.keys, message)
    return {
        "id": message.id,
        "ours": message.direction == "out",
        "automatic": message.sent_by in (FLOW, SURVEY),
        "body": body,
        "explained": explain_text(body, line.rules) if message.direction == "in" and body.strip() else None,
        "media": message.media_count,
        "attachments": media.get(message.id, []),
        "status": message.status,
        "failed": failed,
        "fault": wording.MESSAGE_FAULTS.get(message.error_code, message.error_code) if failed else None,
        "sent_again": message.sent_again,
        "at": message.created_at,
    }


def _show_others(session: Session, line: Line, contact: Contact, reader: Staff, since: datetime) -> dict:
    """What came from this number besides, as one story, and how many of its latest tries reached nobody."""
    others = list_same_number(session, line.keys, contact, since)
    day_ago = utc_now() - timedelta(days=1)
    in_vain = [other for other in others if other.outcome == "abandoned" and other.opened_at > day_ago]
    told = _told_by_callers(line)
    return {"contacts": [_show_other(other, reader, told) for other in others], "in_vain": len(in_vain)}


def _told_by_callers(line: Line) -> set[str]:
    """The rules that speak of what somebody pressed or did, and not of the hour or of other calls."""
    told = (SIGNALS - {"closed_hours"}) | line.questions.signals
    return {rule.id for rule in line.rules.rules if told.intersection(rule.signals)}


def _show_other(other: Contact, reader: Staff, told: set[str]) -> dict:
    return {
        "id": str(other.id),
        "channel": other.channel,
        "by_whatsapp": is_whatsapp(other.line),
        "opened_at": written(other.opened_at),
        "level": other.level,
        "state": other.state,
        "outcome": other.outcome,
        "ours": other.calls_back is not None,
        "lasted_s": (other.closed_at - other.opened_at).total_seconds() if other.closed_at else None,
        "told": [reason["text"] for reason in other.reasons if reason["rule"] in told],
        "may_open": reader.role in WATCHERS or other.counsellor_id == reader.id,
    }


def _media_by_message(session: Session, contact: Contact) -> dict[UUID, list[MessageMedia]]:
    found: dict[UUID, list[MessageMedia]] = {}
    for media in list_media(session, contact.id):
        found.setdefault(media.message_id, []).append(media)
    return found
