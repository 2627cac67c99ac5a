"""What people of ours do with a hand-off, each as one act: the API and the console both call `perform`.

Every act locks the contact, reads its fields strictly, and makes one move of the table. Whoever calls this commits.
"""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.contacts.stages import Invalid
from helpline.handoff import leaving, paging
from helpline.handoff.chain import end_offer, find_live_offer, offer_next, withdraw_offer
from helpline.handoff.fields import Fields, read_code, read_text, read_version, read_who
from helpline.handoff.models import Handoff
from helpline.handoff.moving import HandoffNotFound, lock_handoff, move, person
from helpline.handoff.sealed import ACCEPTANCE, CONFIRMATION, seal_said
from helpline.line import Line
from helpline.staff.models import Staff
from helpline.store.types import utc_now

WATCHERS = ("shift_lead", "administrator", "auditor")
CALL_BACKS = ("safe", "unsafe", "no_number")
CANCEL_REASONS = ("child_is_safe", "child_refuses", "other_help", "by_mistake")
RETURN_REASONS = ("no_capacity", "other_area", "needs_more_info", "not_theirs", "technical", "other")
ACCEPTANCE_FIELDS = ("name", "badge", "incident_number", "no_incident_reason")
FOLLOW_UPS = ("called", "not_reached", "unsafe_to_call")

Act = Callable[[Session, Line, Staff, Contact, Handoff, Fields], None]


def find_handoff(session: Session, staff: Staff, ref: str) -> Handoff:
    """The hand-off with this name, if this person may know of it. Raises HandoffNotFound."""
    handoff = session.scalars(select(Handoff).where(Handoff.ref == ref.upper())).one_or_none()
    if handoff is None:
        raise HandoffNotFound(ref)
    contact = session.get_one(Contact, handoff.contact_id)
    if staff.id not in (handoff.owner_id, contact.counsellor_id) and staff.role not in WATCHERS:
        raise HandoffNotFound(ref)
    return handoff


def perform(session: Session, line: Line, staff: Staff, ref: str, act: str, fields: Fields) -> Handoff:
    """Do one of ACTS. Raises HandoffNotFound, Invalid, NotPossibleNow or TransitionRefused; then nothing changed."""
    contact, handoff = lock_handoff(session, find_handoff(session, staff, ref).id)
    if act not in ACTS:
        raise HandoffNotFound(f"{ref}/{act}")
    ACTS[act](session, line, staff, contact, handoff, fields)
    return handoff


def accept(session: Session, line: Line, staff: Staff, contact: Contact, handoff: Handoff, fields: Fields) -> None:
    """Somebody at the partner's has said who they are. From now on the partner answers for the child.

    Fields: `name` or `badge`; `incident_number` or `no_incident_reason`; `partner` if it was not the desk on the call.
    """
    said = {name: read_text(fields, name) for name in ACCEPTANCE_FIELDS}
    if not (said["name"] or said["badge"]):
        raise Invalid("say who has accepted: a name or a badge number")
    if not (said["incident_number"] or said["no_incident_reason"]):
        raise Invalid("give the incident number, or the reason why none was given")
    on_call = find_live_offer(session, handoff)
    partner = _read_partner(line, fields, on_call.partner if on_call else None)
    sealed = seal_said(line.keys, handoff, ACCEPTANCE, said)
    values = {"accepted_at": utc_now(), "accepted_by": partner, "acceptance_sealed": sealed}
    told = {"partner": partner, "by": "badge" if said["badge"] else "name"}
    told |= {"incident_number": bool(said["incident_number"]), "told": handoff.workflow_as_started.levels.accepted}
    move(session, handoff, "accept", person(staff), values=values, **read_version(fields), **told)
    paging.stop_paging(session, handoff)
    if on_call and on_call.partner != partner:
        withdraw_offer(session, handoff, "taken")


def take(session: Session, line: Line, staff: Staff, contact: Contact, handoff: Handoff, fields: Fields) -> None:
    """A person of ours takes it in hand: the calls to everyone else stop."""
    paging.take(session, contact, handoff, staff)


def reroute(session: Session, line: Line, staff: Staff, contact: Contact, handoff: Handoff, fields: Fields) -> None:
    """Ask every desk again, from the first."""
    values = {"step": 0, "round": handoff.round + 1, "accepted_at": None, "accepted_by": None}
    move(session, handoff, "reroute", person(staff), values=values, **read_version(fields))
    paging.stop_paging(session, handoff)
    offer_next(session, line, contact, handoff)


def hand_back(session: Session, line: Line, staff: Staff, contact: Contact, handoff: Handoff, fields: Fields) -> None:
    """The partner gives it back. We answer for the child at once, and people are called. Field: `reason`, a code."""
    code = read_code(fields, "reason", RETURN_REASONS)
    move(session, handoff, "hand_back", person(staff), **read_version(fields), reason=code, partner=handoff.accepted_by)
    if (offer := find_live_offer(session, handoff)) is not None:
        end_offer(session, offer, "lost", "returned")
    paging.start_paging(session, handoff, "returned")


def decide(session: Session, line: Line, staff: Staff, contact: Contact, handoff: Handoff, fields: Fields) -> None:
    """The child hung up: is calling back safe? Field: `call_back`. The hand-off stays open as a report."""
    answer = read_code(fields, "call_back", CALL_BACKS)
    move(session, handoff, "decide", person(staff), **read_version(fields), call_back=answer)


def confirm(session: Session, line: Line, staff: Staff, contact: Contact, handoff: Handoff, fields: Fields) -> None:
    """Somebody at the partner's has said how it ended. Fields: `outcome`, a code of the workflow; `by`, who said it."""
    outcome = read_code(fields, "outcome", handoff.workflow_as_started.outcomes)
    sealed = seal_said(line.keys, handoff, CONFIRMATION, {"by": read_who(fields)})
    values = {"outcome": outcome, "confirmation_sealed": sealed}
    move(session, handoff, "confirm", person(staff), values=values, **read_version(fields), outcome=outcome)
    paging.stop_paging(session, handoff)


def close(session: Session, line: Line, staff: Staff, contact: Contact, handoff: Handoff, fields: Fields) -> None:
    """It is over: the follow-up is done or was unsafe. Field: `follow_up`."""
    answer = read_code(fields, "follow_up", FOLLOW_UPS)
    move(
        session,
        handoff,
        "close",
        person(staff),
        values={"closed_at": utc_now()},
        **read_version(fields),
        follow_up=answer,
    )


def cancel(session: Session, line: Line, staff: Staff, contact: Contact, handoff: Handoff, fields: Fields) -> None:
    """Stop it. Before acceptance at once; after it the partner is asked first. Field: `reason`, a code."""
    code = read_code(fields, "reason", CANCEL_REASONS)
    name = {"unreachable": "cancel_unreachable", "accepted": "ask_cancel"}.get(handoff.state, "cancel")
    withdraws = name != "ask_cancel"
    move(session, handoff, name, person(staff), **read_version(fields), reason=code)
    if withdraws:
        withdraw_offer(session, handoff, "cancelled")
        paging.stop_paging(session, handoff)


def agree_cancel(
    session: Session, line: Line, staff: Staff, contact: Contact, handoff: Handoff, fields: Fields
) -> None:
    """The partner agrees that it stops. Field: `by`, who said so."""
    sealed = seal_said(line.keys, handoff, CONFIRMATION, {"by": read_who(fields)})
    move(
        session, handoff, "agree_cancel", person(staff), values={"confirmation_sealed": sealed}, **read_version(fields)
    )


def leave(session: Session, line: Line, staff: Staff, contact: Contact, handoff: Handoff, fields: Fields) -> None:
    """The counsellor leaves the child with the partner."""
    leaving.leave(session, line, staff, contact.id)


def _read_partner(line: Line, fields: Fields, on_call: str | None) -> str:
    """Who has accepted: the desk on the call, unless another is named, such as one reached by another telephone."""
    key = read_text(fields, "partner") or on_call
    if key is None or key not in line.partners:
        raise Invalid(f"say which partner has accepted, one of {', '.join(line.partners)}")
    return key


# By the names that stand in addresses of the API and buttons of the console.
ACTS: dict[str, Act] = {
    "accept": accept,
    "take": take,
    "reroute": reroute,
    "return": hand_back,
    "decide": decide,
    "confirm": confirm,
    "close": close,
    "cancel": cancel,
    "agree_cancel": agree_cancel,
    "leave": leave,
}
