"""The shift lead's view of everything at once: who waits, who answers, who talks, and what is about to go wrong."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.floor.alerts import list_alerts, list_contact_alerts
from helpline.floor.legs import list_live_legs
from helpline.floor.missed import count_overdue
from helpline.floor.people import list_counsellors
from helpline.floor.queue import view_queue
from helpline.floor.switches import view_switches
from helpline.floor.wording import seconds_between, written
from helpline.handoff.views import list_open_handoffs
from helpline.line import Line
from helpline.store.types import utc_now

BREACH_AHEAD_S = 60


def view_floor(session: Session, line: Line, language: str | None = None) -> dict:
    """The whole floor now. A handful of queries, however many wait."""
    now = utc_now()
    queue = view_queue(session, line, language)
    live = _live_contacts(session)
    counsellors = list_counsellors(session, now, line.helpline.wrap_up.expected_s)
    return {
        "queue": queue,
        "counsellors": counsellors,
        "calls": _calls(session, [contact for contact in live if contact.state != "menu"], now),
        "menus": _menus([contact for contact in live if contact.state == "menu"], now),
        "handoffs": list_open_handoffs(session, line),
        "predicted_breaches": list_breaches(queue["entries"]),
        "alerts": list_alerts(
            session,
            counsellors,
            now,
            flow_faults=len(line.book.edition.faults),
            rule_faults=len(line.rule_book.edition.faults),
            missed_overdue=count_overdue(session, line, now),
        ),
        "switches": view_switches(session),
        "contact_alerts": list_contact_alerts(session, now),
        "generated_at": written(now),
    }


def list_breaches(entries: Sequence[Mapping]) -> list[dict]:
    """Those whose target is passed or will be within BREACH_AHEAD_S, the most urgent target first."""
    near = [entry for entry in entries if entry["due_in_s"] <= BREACH_AHEAD_S]
    return [
        {
            "contact_id": entry["contact_id"],
            "channel": entry["channel"],
            "level": entry["risk"]["level"],
            "due_in_s": entry["due_in_s"],
        }
        for entry in sorted(near, key=lambda entry: entry["due_in_s"])
    ]


def _live_contacts(session: Session) -> Sequence:
    query = select(
        Contact.id,
        Contact.state,
        Contact.channel,
        Contact.level,
        Contact.language,
        Contact.counsellor_id,
        Contact.opened_at,
        Contact.connected_at,
        Contact.talk_ended_at,
    )
    return session.execute(query.where(Contact.state != "closed").order_by(Contact.opened_at, Contact.id)).all()


def _calls(session: Session, contacts: Sequence, now: datetime) -> list[dict]:
    legs = list_live_legs(session)
    return [
        {
            "contact_id": str(contact.id),
            "state": contact.state,
            "channel": contact.channel,
            "level": contact.level,
            "language": contact.language,
            "counsellor_id": contact.counsellor_id,
            "opened_at": written(contact.opened_at),
            "talked_s": seconds_between(contact.connected_at, contact.talk_ended_at or now),
            "legs": legs.get(contact.id, []),
        }
        for contact in contacts
    ]


def _menus(contacts: Sequence, now: datetime) -> dict:
    callers = [
        {
            "contact_id": str(contact.id),
            "language": contact.language,
            "since_s": seconds_between(contact.opened_at, now),
        }
        for contact in contacts
    ]
    return {"count": len(callers), "callers": callers}
