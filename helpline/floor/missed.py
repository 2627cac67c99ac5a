"""The list of those we did not get to talk with, and one row of it: what happened, what is safe, what was tried."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from helpline.contacts.attempts import CallbackAttempt, list_attempts
from helpline.contacts.missed import MissedContact
from helpline.contacts.models import Contact
from helpline.contacts.numbers import pseudonyms_of
from helpline.contacts.safe_plans import CHANNELS, SafePlan, find_plan, open_plan
from helpline.contacts.stages import ContactNotFound
from helpline.floor.contact import masked_number
from helpline.floor.wording import named, seconds_between, written
from helpline.line import Line
from helpline.staff.models import Staff
from helpline.store.types import utc_now

WATCHERS = ("shift_lead", "administrator")
LONGEST_LIST = 500


def view_missed(session: Session, line: Line) -> dict:
    """Every open row, the one that is due first on top. Holds no number and no note."""
    now = utc_now()
    query = (
        select(MissedContact, Contact, Staff)
        .join(Contact, Contact.id == MissedContact.contact_id)
        .outerjoin(Staff, Staff.id == MissedContact.taken_by)
        .where(MissedContact.closed_at.is_(None))
        .order_by(MissedContact.since)
        .limit(LONGEST_LIST)
    )
    found = [tuple(one) for one in session.execute(query)]
    back = _who_came_back(session, line, [(row, contact) for row, contact, _taken_by in found])
    rows = [_describe(line, row, contact, taken_by, row.id in back, now) for row, contact, taken_by in found]
    return {"missed": sorted(rows, key=lambda row: row["due_in_s"])}


def count_overdue(session: Session, line: Line, now: datetime) -> int:
    """Rows that nobody has taken though their time is over."""
    untaken = select(MissedContact).where(MissedContact.closed_at.is_(None), MissedContact.taken_by.is_(None))
    return sum(_due_at(line, row) < now for row in session.scalars(untaken))


def view_missed_row(session: Session, line: Line, missed_id: UUID, viewer: Staff) -> dict:
    """One row with its plans and tries, for whoever has taken it or watches. Raises ContactNotFound for all others.

    Whoever shows this records that it was seen.
    """
    row = session.get(MissedContact, missed_id)
    if row is None or (row.taken_by != viewer.id and viewer.role not in WATCHERS):
        raise ContactNotFound(str(missed_id))
    now, contact = utc_now(), session.get_one(Contact, row.contact_id)
    came_back = row.id in _who_came_back(session, line, [(row, contact)])
    taken_by = session.get(Staff, row.taken_by) if row.taken_by else None
    tries = list_attempts(session, row.id)
    return _describe(line, row, contact, taken_by, came_back, now) | {
        "number": masked_number(line, contact, viewer),
        "ending": row.ending,
        "plans": [_describe_plan(session, line, plan) for plan in _plans(session, line, contact, now)],
        "attempts": [_describe_attempt(session, one) for one in tries],
        "attempts_left": max(line.helpline.calling_back.most_attempts - len(tries), 0),
        "calling": next((str(one.contact_id) for one in tries if one.how_ended is None), None),
        "next_call_at": written(_next_call_at(session, line, contact, tries, now)),
        "contacts": _same_story(session, line, contact),
    }


def _describe(
    line: Line, row: MissedContact, contact: Contact, taken_by: Staff | None, came_back: bool, now: datetime
) -> dict:
    due_at = _due_at(line, row)
    return {
        "id": str(row.id),
        "contact_id": str(row.contact_id),
        "reason": row.reason,
        "level": row.level,
        "times": row.times,
        "channel": contact.channel,
        "language": contact.language,
        "withheld": contact.caller_pseudonym is None,
        "since": written(row.since),
        "latest_at": written(row.latest_at),
        "due_in_s": seconds_between(now, due_at),
        "overdue": due_at < now and row.taken_by is None,
        "wanted_channel": row.wanted_channel,
        "said_safe": row.said_safe,
        "came_back": came_back,
        "taken_by": named(taken_by),
    }


def _due_at(line: Line, row: MissedContact) -> datetime:
    return row.since + timedelta(seconds=line.helpline.calling_back.due[row.level])


def _who_came_back(session: Session, line: Line, rows: Sequence[tuple[MissedContact, Contact]]) -> set[UUID]:
    """The rows from whose number somebody has talked with us since. It may be another person: people share phones."""
    known_as = {row.id: set(pseudonyms_of(line.keys, contact)) for row, contact in rows}
    talked = select(Contact.caller_pseudonym, func.max(Contact.connected_at)).where(
        Contact.caller_pseudonym.in_(set().union(*known_as.values())),
        Contact.calls_back.is_(None),
        Contact.connected_at.is_not(None),
    )
    latest = dict(session.execute(talked.group_by(Contact.caller_pseudonym)).all())
    return {row.id for row, _contact in rows if any(latest[a] > row.since for a in known_as[row.id] & latest.keys())}


def _plans(session: Session, line: Line, contact: Contact, now: datetime) -> list[SafePlan]:
    return [plan for channel in CHANNELS if (plan := find_plan(session, line.keys, contact, channel, now))]


def _describe_plan(session: Session, line: Line, plan: SafePlan) -> dict:
    safe = open_plan(line.keys, plan)
    return {
        "channel": plan.channel,
        "days": list(safe.hours.days),
        "start": f"{safe.hours.start:%H:%M}",
        "end": f"{safe.hours.end:%H:%M}",
        "open_now": safe.hours.cover(utc_now().astimezone(line.helpline.zone)),
        "words": safe.words,
        "may_pick_up": safe.may_pick_up,
        "may_name_us": safe.may_name_us,
        "may_leave_message": safe.may_leave_message,
        "recorded_by": named(session.get(Staff, plan.recorded_by)),
        "recorded_at": written(plan.recorded_at),
        "expires_at": written(plan.expires_at),
    }


def _describe_attempt(session: Session, attempt: CallbackAttempt) -> dict:
    return {
        "contact_id": str(attempt.contact_id),
        "by": named(session.get(Staff, attempt.begun_by)),
        "begun_at": written(attempt.begun_at),
        "past_hours": attempt.past_hours,
        "how_ended": attempt.how_ended,
        "left_message": attempt.left_message,
        "ended_at": written(attempt.ended_at),
    }


def _next_call_at(
    session: Session, line: Line, contact: Contact, tries: Sequence[CallbackAttempt], now: datetime
) -> datetime | None:
    """When a person might try next: after a pause, inside the plan's hours. A suggestion; nothing rings by itself."""
    plan = find_plan(session, line.keys, contact, "voice", now)
    if plan is None or len(tries) >= line.helpline.calling_back.most_attempts:
        return None
    pause = timedelta(seconds=line.helpline.calling_back.between_attempts_s)
    earliest = max([now, *(one.ended_at + pause for one in tries if one.ended_at)])
    at = open_plan(line.keys, plan).hours.next_from(earliest.astimezone(line.helpline.zone))
    return at if at < plan.expires_at else None


def _same_story(session: Session, line: Line, contact: Contact) -> list[dict]:
    """The contacts of this number, newest first, as far as they lie behind this row; a withheld number's own only."""
    same = or_(Contact.id == contact.id, Contact.caller_pseudonym.in_(pseudonyms_of(line.keys, contact)))
    query = select(Contact).where(same).order_by(Contact.opened_at.desc()).limit(20)
    return [
        {
            "id": str(one.id),
            "opened_at": written(one.opened_at),
            "channel": one.channel,
            "level": one.level,
            "state": one.state,
            "outcome": one.outcome,
            "ours": one.calls_back is not None,
        }
        for one in session.scalars(query)
    ]
