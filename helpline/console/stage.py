"""What the counsellor's page shows now: one of a few modes, each with what it needs. Read only."""

from collections import Counter
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.helpline import LEVELS
from helpline.answering import read_notes
from helpline.console.conversation import read_conversation
from helpline.console.handoff_panel import show_handoff
from helpline.console.questions_panel import show_questions
from helpline.contacts.attempts import find_attempt
from helpline.contacts.models import Contact, ContactEvent
from helpline.contacts.safe_plans import SafePlan, WhatIsSafe, open_plan
from helpline.floor import view_contact, view_me, view_queue
from helpline.line import Line
from helpline.live_queue.dispatch import list_free
from helpline.live_queue.reservations import find_active
from helpline.privacy.masks import mask_number
from helpline.staff.accounts import device_number
from helpline.staff.activity import list_on_shift
from helpline.staff.models import Staff

MODES = {"connecting": "connecting", "connected": "talk", "wrap_up": "wrap_up"}


def set_stage(session: Session, line: Line, person: Staff) -> dict:
    """Everything the stage's template needs. `mode` is away, ready, offer, connecting, talk or wrap_up."""
    me = view_me(session, line, person)
    stage = {"me": me, "mode": _mode(me), "device": mask_number(device_number(line.keys, person))}
    if me["contact"]:
        contact = session.get_one(Contact, UUID(me["contact"]["id"]))
        return stage | _with_contact(session, line, person, contact)
    return stage | {"queue": count_queue(session, line)}


def count_queue(session: Session, line: Line) -> dict:
    """How many wait at each level, and how long the longest has waited, in seconds."""
    entries = view_queue(session, line)["entries"]
    counts = Counter(entry["risk"]["level"] for entry in entries)
    return {
        "levels": [(level, counts[level]) for level in LEVELS],
        "total": len(entries),
        "longest_s": max((entry["waited_s"] for entry in entries), default=0),
    }


def fingerprint(session: Session, staff_id: int, queue: object) -> tuple:
    """Differs whenever the stage would: whoever holds a contact sees that contact's events, all others the queue."""
    reservation = find_active(session, counsellor_id=staff_id)
    if reservation is None:
        return session.get_one(Staff, staff_id).activity, queue
    last = select(func.max(ContactEvent.id)).where(ContactEvent.contact_id == reservation.contact_id)
    return reservation.id, reservation.state, session.scalar(last)


def digest_of(notes: str) -> str:
    """Names one wording of the notes, so that a page can say which one it has seen."""
    return sha256(notes.encode()).hexdigest()[:16]


def _mode(me: dict) -> str:
    if me["reservation"]:
        return "offer"
    if me["contact"]:
        return MODES[me["contact"]["state"]]
    return "ready" if me["activity"] == "available" else "away"


def _with_contact(session: Session, line: Line, person: Staff, contact: Contact) -> dict:
    notes = read_notes(line, contact)
    seen = view_contact(session, line, contact, person)
    return {
        "contact": seen,
        "held": any(leg["on_hold"] for leg in seen["legs"]),
        "notes": notes,
        "notes_digest": digest_of(notes),
        "talk": read_conversation(session, line, contact, person),
        "colleagues": _free_colleagues(session, person) if contact.channel == "sms" else [],
        "handoff": show_handoff(session, line, contact),
        "questions": show_questions(session, line, contact),
        "calling_back": _what_is_safe(session, line, contact),
    }


def _what_is_safe(session: Session, line: Line, contact: Contact) -> WhatIsSafe | None:
    """The plan by which a child is being called back: the words to use stand before her while it rings and after."""
    attempt = find_attempt(session, contact)
    return open_plan(line.keys, session.get_one(SafePlan, attempt.plan_id)) if attempt else None


def _free_colleagues(session: Session, person: Staff) -> list[Staff]:
    """Who could take a conversation over from her now."""
    return [other for other in list_free(session, list_on_shift(session)) if other.id != person.id]
