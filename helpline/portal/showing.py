"""What a link's page shows now: where it stands, the facts of the level that is due, and what can be done."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from helpline.handoff.accepting import SERVICE_ANSWERS, list_members
from helpline.handoff.disclosure import BEFORE_ACCEPTANCE, disclose, level_now
from helpline.handoff.link_models import PartnerLink
from helpline.handoff.link_standing import read_standing
from helpline.handoff.milestones import MILESTONE_ANSWERS, list_milestones
from helpline.handoff.models import Handoff, Offer
from helpline.handoff.partner_acts import DECLINE_CODES
from helpline.handoff.progress import RETURN_REASONS, reached_phases
from helpline.handoff.special_models import Transport
from helpline.line import Line
from helpline.store.types import utc_now

# Nothing of the hand-off is told on these, not even its reference.
WITHOUT_FACTS = ("taken", "over")


@dataclass(frozen=True)
class Shown:
    """One page. `level` is what is shown; `more_with_pin` whether a PIN would show more."""

    standing: str
    facts: dict = field(default_factory=dict)
    level: str = "D0"
    more_with_pin: bool = False
    exercise: bool = False
    forms: dict = field(default_factory=dict)


def show_link(session: Session, line: Line, link: PartnerLink, offer: Offer, handoff: Handoff, *, pin: bool) -> Shown:
    """The page of this link, for a browser that has given the PIN or has not."""
    standing = read_standing(line, link, offer, handoff)
    if standing in WITHOUT_FACTS:
        return Shown(standing)
    number = line.helpline.numbers.caller_id
    if standing != "open":
        return Shown(standing, disclose("D0", handoff, (), number), exercise=handoff.exercise)
    partner = line.partners[offer.partner]
    due = level_now(handoff, offer, partner, partner.local(utc_now()).date())
    level = due if pin else min(due, BEFORE_ACCEPTANCE)
    return Shown(
        standing,
        disclose(level, handoff, list_members(session, handoff), number),
        level,
        level != due,
        handoff.exercise,
        _list_forms(session, handoff, offer, level),
    )


def name_stage(offer: Offer, handoff: Handoff) -> str:
    """Which words stand over an open page."""
    if offer.state != "accepted":
        return "acked" if offer.state == "acked" else "asked"
    return {"cancel_requested": "stopping", "completed": "completed"}.get(handoff.state, "accepted")


def write_deadline(line: Line, offer: Offer) -> str:
    """Until when they may answer, on the partner's own clock; empty once they have."""
    if offer.state == "accepted" or offer.expires_at is None:
        return ""
    return line.partners[offer.partner].local(offer.expires_at).strftime("%Y-%m-%d %H:%M")


def _list_forms(session: Session, handoff: Handoff, offer: Offer, level: str) -> dict:
    """What this partner may do now, by the name of the act, each with the choices of its form."""
    if offer.state != "accepted":
        return _answers(session, handoff, offer, level)
    if handoff.state == "cancel_requested":
        return {"agree_cancel": {}, "confirm": _confirming(handoff)}
    milestones = [one for one in list_milestones(session, handoff) if one.answered_at is None]
    forms = {"milestone": {"milestones": milestones, "answers": MILESTONE_ANSWERS}} if milestones else {}
    if handoff.state == "completed":
        return forms
    phases = _next_phases(session, handoff)
    if phases:
        code_word = "arrived" in phases and session.get(Transport, handoff.id) is not None
        forms["advance"] = {"phases": phases, "code_word": code_word}
    return forms | {"confirm": _confirming(handoff), "return": {"reasons": RETURN_REASONS}}


def _answers(session: Session, handoff: Handoff, offer: Offer, level: str) -> dict:
    workflow = handoff.workflow_as_started
    # How many they are is told with level D1; whoever accepts before that takes them all.
    members = list_members(session, handoff) if level != "D0" else ()
    accepting = {
        "needs": workflow.accept_requires,
        "services": workflow.services if "services" in workflow.accept_requires else (),
        "service_answers": SERVICE_ANSWERS,
        "members": members if len(members) > 1 else (),
    }
    forms = {"accept": accepting, "decline": {"codes": DECLINE_CODES}, "wrong_office": {}}
    return forms if offer.state == "acked" else {"acknowledge": {}} | forms


def _confirming(handoff: Handoff) -> dict:
    return {"outcomes": handoff.workflow_as_started.outcomes}


def _next_phases(session: Session, handoff: Handoff) -> list[str]:
    reached = {*reached_phases(session, handoff)}
    may_follow = [phase for phase in handoff.workflow_as_started.phases if not phase.after or reached & {*phase.after}]
    return [phase.code for phase in may_follow if phase.by != "us" and phase.code != handoff.phase]
