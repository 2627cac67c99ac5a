"""What people of ours do with a hand-off, each as one act: the API and the console both call `perform`.

Every act locks the contact, reads its fields strictly, and makes one move of the table. Whoever calls this commits.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.handoff import additions, appeal, leaving, paging, progress, stopping, transport
from helpline.handoff.accepting import take_on
from helpline.handoff.additions import give_serial
from helpline.handoff.asking import begin
from helpline.handoff.chain import decline_offer, notify_beside, offer_next
from helpline.handoff.fields import Fields, read_code, read_text, read_version
from helpline.handoff.guards import forbid_way
from helpline.handoff.milestones import answer_milestone, forbid_unanswered
from helpline.handoff.models import Handoff, Offer
from helpline.handoff.moving import HandoffNotFound, lock_handoff, move, person
from helpline.handoff.offers import list_live_offers, withdraw_offers
from helpline.handoff.onward import refer_on
from helpline.handoff.partner_acts import DECLINE_CODES
from helpline.handoff.splitting import split_off
from helpline.handoff.telling import tell_partner
from helpline.line import Line
from helpline.staff.models import Staff
from helpline.store.types import utc_now

WATCHERS = ("shift_lead", "administrator", "auditor")
CALL_BACKS = ("safe", "unsafe", "no_number")
FOLLOW_UPS = ("called", "not_reached", "unsafe_to_call")
FEEDBACKS = ("helped", "did_not_help", "asked_no_answer", "not_safe_to_ask", "not_reached")
REFUSALS = ("too_much_told", "wrong_partner", "no_consent", "not_needed")


@dataclass(frozen=True)
class AtHand:
    """One hand-off under its contact's lock, and the person of ours who acts on it."""

    contact: Contact
    handoff: Handoff
    staff: Staff


Act = Callable[[Session, Line, AtHand, Fields], None]


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
    ACTS[act](session, line, AtHand(contact, handoff, staff), fields)
    return handoff


def start(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """What was drafted begins: the first partner is asked, or the second person where the workflow wants one."""
    if at.handoff.state != "draft":
        raise NotPossibleNow(f"it has begun already, it is {at.handoff.state.replace('_', ' ')}")
    begin(session, line, at.contact, at.handoff, at.staff)


def approve(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """A second person agrees that partners are told. Never the one who asked."""
    if at.staff.id == at.handoff.asked_by:
        raise NotPossibleNow("somebody else has to approve it: never the one who asked")
    values = {"approved_by": at.staff.id}
    forbid_way(session, at.contact, at.handoff.workflow_as_started)
    move(session, line, at.handoff, "approve", person(at.staff), values=values, **read_version(fields))
    give_serial(session, at.handoff)
    notify_beside(session, line, at.handoff)
    offer_next(session, line, at.contact, at.handoff)


def refuse(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """A second person does not agree. It is a draft again. Field: `reason`, one of REFUSALS."""
    if at.staff.id == at.handoff.asked_by:
        raise NotPossibleNow("somebody else has to decide it: never the one who asked")
    code = read_code(fields, "reason", REFUSALS)
    move(session, line, at.handoff, "refuse", person(at.staff), **read_version(fields), reason=code)


def acknowledge(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """We have seen what a partner sends us, or a partner has told us by telephone that it has seen what we sent."""
    if at.handoff.direction == "in":
        move(session, line, at.handoff, "acknowledge_inbound", person(at.staff), **read_version(fields))
        paging.stop_paging(session, at.handoff)
        return
    offer = _read_offer(session, at.handoff, fields)
    offer.state = "acked"
    row = "acknowledge_offer" if at.handoff.state == "offering" else "acknowledge_beside"
    told = {"offer": offer.seq, "partner": offer.partner, "via": "telephone"}
    move(session, line, at.handoff, row, person(at.staff), **read_version(fields), **told)


def accept(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """Somebody at the partner's has said who they are. From now on the partner answers for the child.

    Fields: `name` or `badge`, and what the workflow asks for (an incident number or the reason for none, a receipt
    number, an answer to each service, `members`); `partner` if it was not the one being asked. What came to us is
    accepted by whoever does this.
    """
    if at.handoff.direction == "in":
        _accept_inbound(session, line, at, fields)
        return
    asked = list_live_offers(session, at.handoff)
    partner = _read_partner(line, fields, asked[0].partner if asked else None)
    offer = next((offer for offer in asked if offer.partner == partner), None)
    left = take_on(session, line, at.handoff, partner, offer, fields, person(at.staff), **read_version(fields))
    if left:
        split_off(session, line, at.contact, at.handoff, left)


def _accept_inbound(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    values = {"accepted_at": utc_now(), "owner_id": at.staff.id}
    move(session, line, at.handoff, "accept_inbound", person(at.staff), values=values, **read_version(fields))
    paging.stop_paging(session, at.handoff)


def decline(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """A partner told us that it can not; or we can not take what a partner sends. Field: `code`, of DECLINE_CODES."""
    code = read_code(fields, "code", DECLINE_CODES)
    if at.handoff.direction == "in":
        move(session, line, at.handoff, "decline_inbound", person(at.staff), **read_version(fields), why=code)
        paging.stop_paging(session, at.handoff)
        tell_partner(session, at.handoff, None, "declined", partner=at.handoff.origin, channel="portal")
        return
    offer = _read_offer(session, at.handoff, fields)
    decline_offer(session, line, at.contact, at.handoff, offer, person(at.staff), code)


def take(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """A person of ours takes it in hand: the calls to everyone else stop."""
    paging.take(session, line, at.handoff, at.staff)


def reroute(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """Ask every partner again, from the first. Whoever is being asked now is let go."""
    values = {"step": 0, "round": at.handoff.round + 1, "accepted_at": None, "accepted_by": None}
    move(session, line, at.handoff, "reroute", person(at.staff), values=values, **read_version(fields))
    withdraw_offers(session, at.handoff, "rerouted")
    paging.stop_paging(session, at.handoff)
    offer_next(session, line, at.contact, at.handoff)


def decide(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """The child hung up: is calling back safe? Field: `call_back`. The hand-off stays open as a report."""
    answer = read_code(fields, "call_back", CALL_BACKS)
    move(session, line, at.handoff, "decide", person(at.staff), **read_version(fields), call_back=answer)


def close(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """It is over. Fields: `follow_up`; and where the workflow says so `feedback`, what the child says of the help."""
    needs = at.handoff.workflow_as_started.close_requires
    told = {"follow_up": read_code(fields, "follow_up", FOLLOW_UPS)} if "follow_up" in needs else {}
    told |= {"feedback": read_code(fields, "feedback", FEEDBACKS)} if "feedback" in needs else {}
    if "milestones" in needs:
        forbid_unanswered(session, at.handoff)
    values = {"closed_at": utc_now()}
    move(session, line, at.handoff, "close", person(at.staff), values=values, **read_version(fields), **told)


def reopen(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """It was not over after all: the partner still has the child, and new clocks run."""
    values = {"closed_at": None, "outcome": None}
    move(session, line, at.handoff, "reopen", person(at.staff), values=values, **read_version(fields))


def refer(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """The next hand-off of the same story begins, as `onward.refer_on` says; a new one of ours as a draft."""
    refer_on(session, line, at.contact, at.handoff, at.staff, fields)


def leave(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
    """The counsellor leaves the child with the partner."""
    leaving.leave(session, line, at.staff, at.contact.id)


def _told_by_partner(deed: Callable) -> Act:
    """A deed of the partner's that one of us writes down."""

    def acting(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
        deed(session, line, at.handoff, person(at.staff), fields)

    acting.__doc__ = deed.__doc__
    return acting


def _ours(deed: Callable) -> Act:
    """A deed that only people of ours do."""

    def acting(session: Session, line: Line, at: AtHand, fields: Fields) -> None:
        deed(session, line, at.handoff, at.staff, fields)

    acting.__doc__ = deed.__doc__
    return acting


def _read_offer(session: Session, handoff: Handoff, fields: Fields) -> Offer:
    """The offer of the named partner, or the only one. Raises Invalid."""
    key, live = read_text(fields, "partner"), list_live_offers(session, handoff)
    named = [offer for offer in live if key in (None, offer.partner)]
    if len(named) != 1:
        raise Invalid(f"say which partner, one of {', '.join(offer.partner for offer in live) or 'none'}")
    return named[0]


def _read_partner(line: Line, fields: Fields, on_call: str | None) -> str:
    """Who has accepted: whoever is being asked, unless another is named, such as one reached by another telephone."""
    key = read_text(fields, "partner") or on_call
    if key is None or key not in line.partners:
        raise Invalid(f"say which partner has accepted, one of {', '.join(line.partners)}")
    return key


# By the names that stand in addresses of the API and buttons of the console.
ACTS: dict[str, Act] = {
    "start": start,
    "approve": approve,
    "refuse": refuse,
    "acknowledge": acknowledge,
    "accept": accept,
    "decline": decline,
    "take": take,
    "reroute": reroute,
    "advance": _told_by_partner(progress.advance),
    "return": _told_by_partner(progress.hand_back),
    "decide": decide,
    "confirm": _told_by_partner(progress.confirm),
    "milestone": _told_by_partner(answer_milestone),
    "close": close,
    "reopen": reopen,
    "cancel": _ours(stopping.cancel),
    "agree_cancel": _told_by_partner(stopping.agree_cancel),
    "recall": _ours(stopping.recall),
    "attest_recall": _told_by_partner(stopping.attest_recall),
    "fail": _ours(stopping.fail),
    "enter_in_error": _ours(stopping.enter_in_error),
    "refer_on": refer,
    "transport": _ours(transport.plan_transport),
    "supplement": _ours(additions.add_supplement),
    "tip": _ours(additions.add_tip),
    "appeal": _ours(appeal.write_appeal),
    "decide_appeal": _ours(appeal.decide_appeal),
    "leave": leave,
}
