"""Hand-offs on pages of their own: the board with what is overdue on top, one of them, and the ways a child can go."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, render_template
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpline.answering import WATCHERS
from helpline.audit.record import record_act
from helpline.console.counsellor import ANSWERING
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.handoff_forms import list_forms
from helpline.console.handoff_panel import list_areas, next_clock
from helpline.console.story import tell_story
from helpline.contacts.models import Contact
from helpline.handoff.acts import find_handoff
from helpline.handoff.guards import why_never
from helpline.handoff.models import Handoff
from helpline.handoff.moving import HandoffNotFound
from helpline.handoff.sealed import read_said
from helpline.handoff.transitions import LIVE, OVER
from helpline.handoff.transport import read_transport
from helpline.handoff.views import list_open_handoffs, view_handoff
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.partners.directory import list_candidates
from helpline.staff.models import Staff
from helpline.store.types import utc_now

handoff_pages = Blueprint("handoff_pages", __name__)

SEEING = ("counsellor", *WATCHERS)


@handoff_pages.get("/handoffs")
@open_to(*SEEING)
def board() -> str:
    """All that are not over, or a counsellor's own; what people are called to first, then what is due first."""
    session, line, person = the_session(), the_line(), the_person()
    listed = list_open_handoffs(session, line)
    if person.role not in WATCHERS:
        own = _refs_of(session, person)
        listed = [handoff for handoff in listed if handoff["ref"] in own]
    now = utc_now()
    rows = [handoff | {"clock": next_clock(handoff), "overdue": _is_overdue(handoff, now)} for handoff in listed]
    rows.sort(key=lambda row: (not row["overdue"], row["clock"] or "9"))
    return render_template("console/handoffs.html", handoffs=rows)


@handoff_pages.get("/handoffs/<ref>")
@open_to(*SEEING)
def one(ref: str) -> str:
    """One of them, whole. Nothing is shown unless the look could be written down."""
    session, line, person = the_session(), the_line(), the_person()
    try:
        handoff = find_handoff(session, person, ref)
    except HandoffNotFound:
        abort(404)
    record_act(session, actor=f"staff:{person.id}", action="handoff.read", subject=f"handoff:{handoff.ref}")
    said = read_said(session, line, person, handoff) if handoff.acceptance_sealed else None
    journey = read_transport(session, line, person, handoff)
    commit(session, line.bell)
    seen = view_handoff(session, line, handoff)
    told = [event | {"kind": f"handoff.{event['kind']}"} for event in seen["events"]]
    return render_template(
        "console/handoff.html",
        handoff=seen | {"clock": next_clock(seen), "over": handoff.state in OVER},
        forms=list_forms(session, line, handoff, person),
        partners={key: partner.name for key, partner in line.partners.items()},
        workflows={key: workflow.name for key, workflow in line.workflows.items()},
        who_said=said,
        journey=journey,
        story=tell_story(session, line, told),
    )


@handoff_pages.get("/contacts/<uuid:contact_id>/hand-on")
@open_to(*ANSWERING)
def ways(contact_id: UUID) -> str:
    """The ways this child can go now: who would be asked first, whether they are open, and what they are told."""
    session, line, person = the_session(), the_line(), the_person()
    contact = session.get(Contact, contact_id)
    if contact is None or (contact.counsellor_id != person.id and person.role != "shift_lead"):
        abort(404)
    running = set(session.scalars(select(Handoff.workflow).where(_is_live(contact_id))))
    listed = [_describe_way(session, line, contact, name, name in running) for name in _names_of_ways(line)]
    return render_template("console/hand_on.html", contact=contact, ways=listed, areas=list_areas(line))


def _is_live(contact_id: UUID):
    return (Handoff.contact_id == contact_id) & Handoff.state.in_(LIVE)


def _names_of_ways(line: Line) -> list[str]:
    return [
        name
        for name, workflow in line.workflows.items()
        if workflow.direction == "out" and workflow.live_call == "not_needed"
    ]


def _describe_way(session: Session, line: Line, contact: Contact, name: str, running: bool) -> dict:
    workflow = line.workflows[name]
    return {
        "name": name,
        "label": workflow.name,
        "priority": workflow.priority,
        "bases": workflow.basis_allowed,
        "levels": workflow.levels,
        "second_person": workflow.two_person != "never",
        "never": why_never(contact, workflow) is not None,
        "running": running,
        "first": list_candidates(line.partners, workflow, language=contact.language, at=utc_now()),
    }


def _refs_of(session: Session, person: Staff) -> set[str]:
    of_contact = Handoff.contact_id.in_(select(Contact.id).where(Contact.counsellor_id == person.id))
    return set(session.scalars(select(Handoff.ref).where(or_(Handoff.owner_id == person.id, of_contact))))


def _is_overdue(handoff: dict, now: datetime) -> bool:
    """People are called to it and nobody has it in hand, or its clock has run out."""
    waits = handoff["paged_since"] is not None and handoff["taken_at"] is None
    clock = next_clock(handoff)
    return waits or (clock is not None and datetime.fromisoformat(clock) <= now)
