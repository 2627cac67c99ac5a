"""What a counsellor or a shift lead does for someone we did not get to talk with: take, note, plan, call back, close.

A row is worked by whoever took it; those who watch the floor may step in. Whoever calls these commits. What does
not fit raises an exception that states a fact, and has changed nothing.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.call_control.calling_back import begin_ringing
from helpline.call_control.leave import give_up_attempt
from helpline.contacts.attempts import CallbackAttempt, find_trying, list_attempts
from helpline.contacts.callbacks import ask_for_callback
from helpline.contacts.events import record_event
from helpline.contacts.missed import ENDINGS, MissedContact, close_row, lock_row
from helpline.contacts.models import Contact, FlowSession
from helpline.contacts.reaching import carry_number
from helpline.contacts.safe_plans import (
    CHANNELS,
    SafePlan,
    WhatIsSafe,
    find_plan,
    open_plan,
    record_plan,
    withdraw_plan,
)
from helpline.contacts.stages import ContactNotFound, Invalid, NotPossibleNow, lock_contact
from helpline.line import Line
from helpline.live_queue.entries import keep_place
from helpline.live_queue.reservations import hold_for
from helpline.staff.accounts import device_address
from helpline.staff.activity import lock_staff
from helpline.staff.models import Staff
from helpline.store.types import new_id, utc_now

WATCHERS = ("shift_lead", "administrator")
NOTES_PLACE = "missed_contacts.notes"
LONGEST_NOTES = 8000


class NoPlanAllows(NotPossibleNow):
    """Nobody has recorded that this is safe."""


class OutsideHours(NotPossibleNow):
    """The plan does not cover this hour, and nobody who may has passed over it."""


def take_row(session: Session, line: Line, staff: Staff, missed_id: UUID) -> MissedContact:
    """From now on this person looks after it. Taken from another only by those who watch the floor."""
    row = lock_row(session, missed_id)
    if row.taken_by not in (None, staff.id) and staff.role not in WATCHERS:
        raise NotPossibleNow("somebody else has taken this one")
    row.taken_by, row.taken_at = staff.id, utc_now()
    record_event(session, row.contact_id, "missed.taken", _actor(staff))
    record_act(session, actor=_actor(staff), action="missed.taken", subject=f"missed:{row.id}")
    return row


def note_row(session: Session, line: Line, staff: Staff, missed_id: UUID, words: str) -> MissedContact:
    """Add a note, kept sealed, with the time and who wrote it."""
    row = lock_own_row(session, staff, missed_id)
    if not words.strip():
        raise Invalid("write something first")
    _add_note(line, row, staff, words)
    record_act(session, actor=_actor(staff), action="missed.noted", subject=f"missed:{row.id}")
    return row


def record_safe_plan(
    session: Session, line: Line, staff: Staff, missed_id: UUID, safe: WhatIsSafe, lasts_days: int
) -> SafePlan:
    """Record what is safe for this child's number, for at most the days that the helpline allows."""
    row = lock_own_row(session, staff, missed_id)
    if not 1 <= lasts_days <= line.helpline.calling_back.plan_days:
        raise Invalid(f"a plan lasts 1 to {line.helpline.calling_back.plan_days} days")
    contact = session.get_one(Contact, row.contact_id)
    return record_plan(session, line.keys, contact, safe, lasts=timedelta(days=lasts_days), by=staff.id)


def withdraw_safe_plan(session: Session, line: Line, staff: Staff, missed_id: UUID, channel: str) -> None:
    """It is not safe any more."""
    row = lock_own_row(session, staff, missed_id)
    if not withdraw_plan(session, line.keys, session.get_one(Contact, row.contact_id), channel, staff.id):
        raise NotPossibleNow("there is no such plan")


def call_back(session: Session, line: Line, staff: Staff, missed_id: UUID, why_past_hours: str = "") -> Contact:
    """Ring this person's phone now and, once she is there, the child's. Returns the contact that the call is.

    Only inside the plan's hours; `why_past_hours` is a shift lead's reason to pass over them.
    """
    row = lock_own_row(session, staff, missed_id)
    plan = find_plan_for_try(session, line, row, "voice")
    past_hours = pass_over_hours(session, line, staff, row, plan, why_past_hours)
    person = lock_staff(session, staff.id)
    if device_address(line.keys, person) is None:
        raise NotPossibleNow("your telephone number is not known, so you can not be rung")
    contact = open_own_contact(session, line, row, person, channel="voice")
    hold_for(session, contact, person)
    tried = {"missed_id": row.id, "contact_id": contact.id, "plan_id": plan.id, "begun_by": person.id}
    session.add(CallbackAttempt(**tried, begun_at=utc_now(), past_hours=past_hours))
    session.flush()
    begin_ringing(session, line, contact)
    record_event(session, row.contact_id, "callback.begun", _actor(staff), contact=str(contact.id))
    about = {"subject": f"missed:{row.id}", "contact": str(contact.id), "past_hours": past_hours}
    record_act(session, actor=_actor(staff), action="callback.begun", **about)
    return contact


def write_down_wish(
    session: Session, line: Line, staff: Staff, contact_id: UUID, *, channel: str, safe: bool | None
) -> MissedContact:
    """The child of an own contact wants to be called or written back: put it on the list. Nothing goes out by it."""
    contact = lock_contact(session, contact_id)
    if contact.counsellor_id != staff.id:
        raise ContactNotFound(str(contact_id))
    if channel not in CHANNELS:
        raise Invalid(f"choose one of {', '.join(CHANNELS)}")
    return ask_for_callback(session, line.keys, contact, channel=channel, safe=safe, by=_actor(staff))


def call_off(session: Session, line: Line, staff: Staff, contact_id: UUID) -> None:
    """Stop calling back, before anyone has asked to be joined."""
    contact = lock_contact(session, contact_id)
    attempt = find_trying(session, contact)
    if contact.counsellor_id != staff.id and staff.role not in WATCHERS:
        raise ContactNotFound(str(contact_id))
    if attempt is None:
        raise NotPossibleNow("nobody is being called")
    give_up_attempt(session, contact, attempt, "called_off", _actor(staff))


def close_missed(session: Session, line: Line, staff: Staff, missed_id: UUID, ending: str) -> MissedContact:
    """Nothing is left to do, for a reason of the list."""
    row = lock_own_row(session, staff, missed_id)
    if ending not in ENDINGS:
        raise Invalid(f"choose one of {', '.join(ENDINGS)}")
    _forbid_during_call(session, row)
    close_row(session, row, ending, _actor(staff))
    return row


def read_row_notes(line: Line, row: MissedContact) -> str:
    """The notes in clear, or nothing."""
    return line.keys.open(row.notes_sealed, NOTES_PLACE, row.id) if row.notes_sealed else ""


def find_plan_for_try(session: Session, line: Line, row: MissedContact, channel: str) -> SafePlan:
    """The plan that allows one more try by this channel now. Raises NoPlanAllows and NotPossibleNow."""
    tried = _forbid_during_call(session, row)
    if len(tried) >= line.helpline.calling_back.most_attempts:
        raise NotPossibleNow("they were called as often as is allowed")
    plan = find_plan(session, line.keys, session.get_one(Contact, row.contact_id), channel, utc_now())
    if plan is None:
        raise NoPlanAllows("no safe contact plan allows that")
    return plan


def _forbid_during_call(session: Session, row: MissedContact) -> list[CallbackAttempt]:
    tried = list_attempts(session, row.id)
    if any(session.get_one(Contact, attempt.contact_id).state != "closed" for attempt in tried):
        raise NotPossibleNow("they are being called just now")
    return tried


def pass_over_hours(session: Session, line: Line, staff: Staff, row: MissedContact, plan: SafePlan, why: str) -> bool:
    """Whether the plan's hours are passed over, by a shift lead with a reason; raises NotPossibleNow for all others."""
    if open_plan(line.keys, plan).hours.cover(utc_now().astimezone(line.helpline.zone)):
        return False
    if staff.role not in WATCHERS or not why.strip():
        raise OutsideHours("it is outside the plan's hours; a shift lead may pass over them with a reason")
    _add_note(line, row, staff, why)
    record_act(
        session,
        actor=_actor(staff),
        action="safe_plan.hours_passed_over",
        subject=f"missed:{row.id}",
        plan=str(plan.id),
        reason_length=len(why.strip()),
    )
    return True


def open_own_contact(
    session: Session, line: Line, row: MissedContact, person: Staff, *, channel: str, our_number: str | None = None
) -> Contact:
    """A contact of its own for the try, joined to the one it answers, with what is known of the child.

    A call is connected only when both are there; a conversation by text is this person's from its first word on.
    """
    missed = session.get_one(Contact, row.contact_id)
    contact_id, now = new_id(), utc_now()
    contact = Contact(
        id=contact_id,
        channel=channel,
        line=our_number or missed.line,
        state="connecting" if channel == "voice" else "connected",
        connected_at=None if channel == "voice" else now,
        language=missed.language,
        opened_at=now,
        caller_sealed=carry_number(line, missed, contact_id),
        caller_pseudonym=missed.caller_pseudonym,
        caller_country=missed.caller_country,
        wish=missed.wish,
        level=row.level,
        reasons=missed.reasons,
        rules_version=missed.rules_version,
        counsellor_id=person.id,
        calls_back=missed.id,
    )
    session.add(contact)
    session.flush()
    session.add(FlowSession(contact_id=contact.id, state={}, step=0))
    keep_place(session, contact, line.targets(channel))
    began = "contact.calls_back" if channel == "voice" else "contact.writes_first"
    record_event(session, contact.id, began, _actor(person), answers=str(missed.id))
    return contact


def _add_note(line: Line, row: MissedContact, staff: Staff, words: str) -> None:
    local = utc_now().astimezone(line.helpline.zone)
    notes = f"{read_row_notes(line, row)}\n[{local:%Y-%m-%d %H:%M} · {staff.name}] {words.strip()}".strip()
    if len(notes) > LONGEST_NOTES:
        raise Invalid(f"notes hold at most {LONGEST_NOTES} characters")
    row.notes_sealed = line.keys.seal(notes, NOTES_PLACE, row.id)


def lock_own_row(session: Session, staff: Staff, missed_id: UUID) -> MissedContact:
    """An open row that this person works on, locked. Raises NotPossibleNow and ContactNotFound."""
    row = lock_row(session, missed_id)
    if row.taken_by != staff.id and staff.role not in WATCHERS:
        raise NotPossibleNow("take it first")
    return row


def _actor(staff: Staff) -> str:
    return f"staff:{staff.id}"
