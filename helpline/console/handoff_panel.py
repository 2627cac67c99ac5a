"""The hand-off of a contact as the counsellor and the shift lead see it, with what they may do about it now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.handoff.acts import CALL_BACKS, FOLLOW_UPS
from helpline.handoff.chain import child_is_on_line
from helpline.handoff.leaving import may_leave
from helpline.handoff.models import Handoff
from helpline.handoff.progress import RETURN_REASONS
from helpline.handoff.sealed import read_said
from helpline.handoff.stopping import CANCEL_REASONS
from helpline.handoff.transitions import NOT_ACCEPTED, OVER
from helpline.handoff.views import view_handoff
from helpline.line import Line
from helpline.staff.models import Staff

POLICE = "police_emergency"
# Clocks that a person should see running; the others drive telephones.
SHOWN_CLOCKS = ("handoff_clock", "handoff_try")


def show_handoff(session: Session, line: Line, contact: Contact) -> dict | None:
    """The contact's latest hand-off by call with its offers and what it needs next; None when there was none.

    Those in writing have pages of their own: they go on beside the talk and after it.
    """
    handoff = _find_latest(session, contact)
    if handoff is None:
        return None
    seen = view_handoff(session, line, handoff)
    return seen | {
        "over": handoff.state in OVER,
        "unanswered": handoff.state in NOT_ACCEPTED,
        "may_leave": may_leave(session, contact),
        "child_on_line": child_is_on_line(session, contact),
        "clock": next_clock(seen),
        "partners": {key: partner.name for key, partner in line.partners.items()},
        "call_backs": CALL_BACKS,
        "cancel_reasons": CANCEL_REASONS,
        "return_reasons": RETURN_REASONS,
        "follow_ups": FOLLOW_UPS,
    }


def show_said(session: Session, line: Line, person: Staff, contact: Contact) -> dict | None:
    """Who at the partner's accepted, with which incident number, and who confirmed. The look is on record."""
    handoff = _find_latest(session, contact)
    if handoff is None or handoff.acceptance_sealed is None:
        return None
    return read_said(session, line, person, handoff)


def _find_latest(session: Session, contact: Contact) -> Handoff | None:
    by_call = select(Handoff).where(Handoff.contact_id == contact.id, Handoff.live_call)
    return session.scalars(by_call.order_by(Handoff.requested_at.desc()).limit(1)).one_or_none()


def next_clock(handoff: dict) -> str | None:
    """When the next clock that people should see runs out."""
    return min((timer["due_at"] for timer in handoff["timers"] if timer["kind"] in SHOWN_CLOCKS), default=None)


def list_areas(line: Line) -> list[str]:
    """Where partners are, to ring the nearest first."""
    return sorted({partner.area for partner in line.partners.values()})
