"""A partner takes a hand-off on: who said so, what the workflow wants to know, and what becomes of everyone else asked.

The first acceptance wins. The same words count from a desk's telephone, written down by us, and from a partner's own
page or program.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.handoffs import Workflow
from helpline.contacts.stages import Invalid
from helpline.handoff.fields import Fields, read_text
from helpline.handoff.milestones import plan_milestones
from helpline.handoff.models import Handoff, HandoffMember, Offer
from helpline.handoff.moving import Actor, move
from helpline.handoff.offers import withdraw_offers
from helpline.handoff.paging import stop_paging
from helpline.handoff.sealed import ACCEPTANCE, seal_said
from helpline.handoff.shelter import hold_places
from helpline.handoff.transitions import accept_row
from helpline.line import Line
from helpline.store.types import utc_now

ACCEPTANCE_FIELDS = ("name", "badge", "incident_number", "no_incident_reason", "receipt_number")
SERVICE_ANSWERS = ("yes", "no", "later")


def take_on(
    session: Session,
    line: Line,
    handoff: Handoff,
    partner: str,
    offer: Offer | None,
    fields: Fields,
    by: Actor,
    **seen: int,
) -> list[HandoffMember]:
    """Record that `partner` has accepted a locked hand-off, under `offer` if it was asked by one.

    Fields: `name` or `badge`, and what the workflow's `accept_requires` asks for. Returns those whom the partner did
    not take, where it took only some. Raises Invalid, TransitionRefused or NotPossibleNow; whoever calls rolls back.
    """
    workflow = handoff.workflow_as_started
    said = {name: read_text(fields, name) for name in ACCEPTANCE_FIELDS}
    _refuse_half_said(workflow, said)
    answered = _read_services(workflow, fields)
    taken, left = _share_members(session, handoff, fields)
    values = {"accepted_at": utc_now(), "accepted_by": partner, "services": answered or handoff.services}
    values["acceptance_sealed"] = seal_said(line.keys, handoff, ACCEPTANCE, said)
    told = {"partner": partner, "by": "badge" if said["badge"] else "name"}
    told |= {"incident_number": bool(said["incident_number"]), "told": workflow.levels.accepted}
    row = accept_row(handoff.direction, workflow.responsibility_on)
    move(session, line, handoff, row, by, values=values, **seen, **told)
    stop_paging(session, handoff)
    if "hold" in workflow.accept_requires:
        hold_places(session, line, handoff, offer, line.partners[partner], taken)
    withdraw_offers(session, handoff, "taken", but=offer)
    if offer and offer.channel != "call":
        offer.state = "accepted"
    for member in taken:
        member.accepted_offer_id = offer.id if offer else None
    if workflow.responsibility_on == "accepted":
        plan_milestones(session, line, handoff)
    return left


def _refuse_half_said(workflow: Workflow, said: dict[str, str | None]) -> None:
    needs = workflow.accept_requires
    if "name_or_badge" in needs and not (said["name"] or said["badge"]):
        raise Invalid("say who has accepted: a name or a badge number")
    if "incident_number_or_reason" in needs and not (said["incident_number"] or said["no_incident_reason"]):
        raise Invalid("give the incident number, or the reason why none was given")
    if "receipt_number" in needs and not said["receipt_number"]:
        raise Invalid("give the number of their receipt")


def _read_services(workflow: Workflow, fields: Fields) -> dict[str, str]:
    """What the partner answers to each service asked of it. Raises Invalid."""
    if "services" not in workflow.accept_requires:
        return {}
    given = fields.get("services")
    answered = given if isinstance(given, dict) else {}
    if set(answered) != set(workflow.services) or not set(answered.values()) <= set(SERVICE_ANSWERS):
        raise Invalid(f"services: answer yes, no or later to each of {', '.join(workflow.services)}")
    return dict(answered)


def _share_members(
    session: Session, handoff: Handoff, fields: Fields
) -> tuple[list[HandoffMember], list[HandoffMember]]:
    """Those who are taken on, and those who are not. Raises Invalid."""
    members = list_members(session, handoff)
    chosen = fields.get("members")
    if chosen is None:
        return members, []
    numbers = {member.number for member in members}
    if not isinstance(chosen, Collection) or not chosen or not set(chosen) <= numbers:
        raise Invalid(f"members: name one or more of {', '.join(map(str, sorted(numbers)))}")
    taken = [member for member in members if member.number in chosen]
    return taken, [member for member in members if member.number not in chosen]


def list_members(session: Session, handoff: Handoff) -> list[HandoffMember]:
    """The people it is about, in order."""
    query = select(HandoffMember).where(HandoffMember.handoff_id == handoff.id).order_by(HandoffMember.number)
    return list(session.scalars(query))
