"""A hand-off as people see it: where it stands, who was asked, which clocks run, what was done. Nothing personal."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.handoff.accepting import list_members
from helpline.handoff.milestones import list_milestones
from helpline.handoff.models import Handoff, HandoffEvent, HandoffMember, HandoffMilestone, Offer
from helpline.handoff.second_person import list_asked
from helpline.handoff.splitting import list_family
from helpline.handoff.transitions import LIVE
from helpline.line import Line
from helpline.outbox.models import Timer
from helpline.staff.models import Staff


def view_handoff(session: Session, line: Line, handoff: Handoff) -> dict:
    """One hand-off, whole."""
    offers = list(session.scalars(select(Offer).where(Offer.handoff_id == handoff.id).order_by(Offer.seq)))
    events = select(HandoffEvent).where(HandoffEvent.handoff_id == handoff.id).order_by(HandoffEvent.seq)
    milestones = list_milestones(session, handoff)
    subjects = [handoff.id, *(offer.id for offer in offers), *(f"{handoff.id} {one.code}" for one in milestones)]
    timers = _list_timers(session, subjects)
    return _head(line, handoff, session.get_one(Staff, handoff.owner_id)) | {
        "offers": [_offer(line, offer) for offer in offers],
        "members": [_member(member) for member in list_members(session, handoff)],
        "milestones": [_milestone(milestone) for milestone in milestones],
        "waits_for_second": [asked.act for asked in list_asked(session, handoff)],
        "family": [{"ref": other.ref, "state": other.state} for other in list_family(session, handoff)],
        "timers": [_timer(timer) for timer in timers],
        "events": [_event(event) for event in session.scalars(events)],
    }


def list_open_handoffs(session: Session, line: Line) -> list[dict]:
    """Everything that is not over, oldest first, with the latest offer and the clocks that run. Few queries."""
    query = select(Handoff).where(Handoff.state.in_(LIVE)).order_by(Handoff.requested_at)
    return _list(session, line, list(session.scalars(query)))


def list_of_contact(session: Session, line: Line, contact_id: UUID) -> list[dict]:
    """All hand-offs of one contact, the latest first, as `list_open_handoffs` shows them."""
    query = select(Handoff).where(Handoff.contact_id == contact_id).order_by(Handoff.requested_at.desc())
    return _list(session, line, list(session.scalars(query)))


def _list(session: Session, line: Line, handoffs: Sequence[Handoff]) -> list[dict]:
    if not handoffs:
        return []
    of_these = select(Offer).where(Offer.handoff_id.in_([handoff.id for handoff in handoffs])).order_by(Offer.seq)
    latest = {offer.handoff_id: offer for offer in session.scalars(of_these)}
    owners = select(Staff).where(Staff.id.in_({handoff.owner_id for handoff in handoffs}))
    people = {person.id: person for person in session.scalars(owners)}
    timers = _list_timers(session, [row.id for row in (*handoffs, *latest.values())])
    return [_listed(line, handoff, people[handoff.owner_id], latest.get(handoff.id), timers) for handoff in handoffs]


def _listed(line: Line, handoff: Handoff, owner: Staff, offer: Offer | None, timers: Sequence[Timer]) -> dict:
    subjects = {str(handoff.id), str(offer.id) if offer else None}
    return _head(line, handoff, owner) | {
        "offer": _offer(line, offer) if offer else None,
        "timers": [_timer(timer) for timer in timers if timer.subject in subjects],
    }


def _head(line: Line, handoff: Handoff, owner: Staff) -> dict:
    return {
        "ref": handoff.ref,
        "shared_ref": handoff.shared_ref,
        "direction": handoff.direction,
        "origin": _partner(line, handoff.origin),
        "live_call": handoff.live_call,
        "priority": handoff.priority,
        "basis": handoff.basis,
        "services": handoff.services,
        "serial": handoff.serial,
        "phases": [phase["code"] for phase in handoff.plan.get("phases", ())],
        "paged_since": _written(handoff.paged_since),
        "contact_id": str(handoff.contact_id),
        "workflow": handoff.workflow,
        "workflow_version": handoff.workflow_version,
        "name": handoff.plan["name"],
        "state": handoff.state,
        "phase": handoff.phase,
        "responsible": handoff.responsible,
        "owner": {"id": owner.id, "name": owner.name},
        "version": handoff.version,
        "exercise": handoff.exercise,
        "requested_at": _written(handoff.requested_at),
        "taken_at": _written(handoff.taken_at),
        "accepted_at": _written(handoff.accepted_at),
        "accepted_by": _partner(line, handoff.accepted_by),
        "outcomes": handoff.plan["outcomes"],
        "outcome": handoff.outcome,
        "closed_at": _written(handoff.closed_at),
    }


def _offer(line: Line, offer: Offer) -> dict:
    return {
        "seq": offer.seq,
        "partner": _partner(line, offer.partner),
        "channel": offer.channel,
        "state": offer.state,
        "why": offer.why,
        "decline_code": offer.decline_code,
        "expires_at": _written(offer.expires_at),
        "seen_at": _written(offer.seen_at),
        "made_at": _written(offer.made_at),
        "joined_at": _written(offer.joined_at),
        "ended_at": _written(offer.ended_at),
    }


def _member(member: HandoffMember) -> dict:
    taken = member.accepted_offer_id is not None
    return {"number": member.number, "sex": member.sex, "age": member.age, "needs": member.needs, "taken_on": taken}


def _milestone(milestone: HandoffMilestone) -> dict:
    return {
        "code": milestone.code,
        "track": milestone.track,
        "due_at": _written(milestone.due_at),
        "overdue": milestone.overdue_at is not None and milestone.answered_at is None,
        "answered_at": _written(milestone.answered_at),
        "answer": milestone.answer,
    }


def _partner(line: Line, key: str | None) -> dict | None:
    if key is None:
        return None
    known = line.partners.get(key)
    # One that has left the directory since then keeps its key as its name.
    return {"key": key, "name": dict(known.name) if known else {"en": key, "ar": key}}


def _list_timers(session: Session, subjects: Sequence[object]) -> list[Timer]:
    of_these = select(Timer).where(Timer.subject.in_([str(subject) for subject in subjects]))
    armed = of_these.where(Timer.fired_at.is_(None), Timer.cancelled_at.is_(None))
    return list(session.scalars(armed.order_by(Timer.due_at)))


def _timer(timer: Timer) -> dict:
    return {"kind": timer.kind, "due_at": _written(timer.due_at)}


def _event(event: HandoffEvent) -> dict:
    return {
        "seq": event.seq,
        "at": _written(event.at),
        "kind": event.kind,
        "actor": event.actor,
        "from": event.came_from,
        "to": event.came_to,
        "version": event.version,
        "detail": event.detail,
    }


def _written(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None
