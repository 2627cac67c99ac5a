"""Who is asked next: one partner after the other or side by side, and in the end a person of ours. Never a stop."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.partners import Partner
from config.workflow_steps import AskStep
from helpline.contacts.calls import caller_leg, new_leg
from helpline.contacts.models import Contact
from helpline.handoff.models import LIVE_OFFER, Attempt, Handoff, Offer
from helpline.handoff.moving import CHILD, CLOCK, Actor, arm_clock, lock_handoff, move, note
from helpline.handoff.offers import (
    add_offer,
    end_offer,
    give_time,
    give_until,
    leg_of,
    list_live_offers,
    lock_offer,
)
from helpline.handoff.paging import start_paging
from helpline.handoff.shelter import suits
from helpline.handoff.telling import CARRIERS, carry, tell_partner
from helpline.line import Line
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.partners.directory import find_next
from helpline.store.types import utc_now

# Beyond the ring itself: the time in which the telephone company should have told us how it went.
RING_GRACE_S = 10


def offer_next(session: Session, line: Line, contact: Contact, handoff: Handoff) -> None:
    """Take the next step of the chain of a locked hand-off that is being offered."""
    if handoff.live_call and not child_is_on_line(session, contact):
        become_report(session, line, handoff)
        return
    chain = handoff.workflow_as_started.chain
    for number in range(handoff.step, len(chain)):
        step = chain[number]
        if step.do == "page":
            move(session, line, handoff, "exhaust", CLOCK, values={"step": number})
            start_paging(session, handoff, "nobody_reached")
            return
        if _ask(session, line, contact, handoff, step, number):
            return
        note(session, handoff, "step_skipped", CLOCK, step=number, kind_of_partner=step.kinds[0], why="nobody_fits")


def notify_beside(session: Session, line: Line, handoff: Handoff) -> None:
    """Word beside the chain that something waits. It counts as no answer, and whether it arrives changes nothing."""
    workflow = handoff.workflow_as_started
    for number, notice in enumerate(workflow.side):
        for partner in line.partners.values():
            agreed = workflow.workflow in partner.agreement.workflows and partner.kind == notice.to
            reachable = partner.find_endpoint((notice.by,), must_answer=False)
            if agreed and reachable and partner.key not in handoff.excluded:
                about = {"partner": partner.key, "channel": notice.by, "part": f"side{number}"}
                tell_partner(session, handoff, None, "notice", **about)


def child_is_on_line(session: Session, contact: Contact) -> bool:
    """Whether the child is talking with a person of ours by telephone now."""
    return contact.channel == "voice" and contact.state == "connected" and not caller_leg(session, contact.id).ended_at


def become_report(session: Session, line: Line, handoff: Handoff) -> None:
    """Nobody is there to be put through: it stays open as a report that a person of ours carries to the partner."""
    move(session, line, handoff, "child_gone", CHILD)
    arm_clock(session, line, handoff, handoff.workflow_as_started.report_s)


def lose_offer(
    session: Session, line: Line, contact: Contact, handoff: Handoff, offer: Offer, why: str, *, state: str = "lost"
) -> None:
    """This partner did not come to it; the next one is asked in the same breath."""
    end_offer(session, offer, state, why)
    _go_on_without(session, line, contact, handoff, offer, ("lose_offer", "lose_beside"), CLOCK, why=why)


def decline_offer(
    session: Session, line: Line, contact: Contact, handoff: Handoff, offer: Offer, by: Actor, code: str = "declined"
) -> None:
    """The partner can not take it; the next one is asked in the same breath."""
    end_offer(session, offer, "declined", "declined")
    offer.decline_code = code
    _go_on_without(session, line, contact, handoff, offer, ("decline", "decline_beside"), by, why=code)


def _go_on_without(
    session: Session,
    line: Line,
    contact: Contact,
    handoff: Handoff,
    offer: Offer,
    rows: tuple[str, str],
    by: Actor,
    **detail: str,
) -> None:
    others = list_live_offers(session, handoff)
    alone, beside = rows
    # Whoever else has answered keeps it where it is; others who have not are still being asked.
    answered = any(other.state in ("acked", "accepted") for other in others)
    row = beside if others and (answered or handoff.state == "offering") else alone
    move(session, line, handoff, row, by, partner=offer.partner, **detail)
    if not others:
        offer_next(session, line, contact, handoff)


def try_is_over(session: Session, line: Line, offer_id: str) -> None:
    """Timer: this partner has had its time, whatever is said of it elsewhere."""
    contact, handoff, offer = lock_offer(session, UUID(offer_id))
    if offer.state not in LIVE_OFFER or offer.joined_at or handoff.accepted_at:
        return
    answered = offer.state == "acked" or (offer.channel == "call" and offer.state != "sent")
    why = "took_too_long" if answered else "no_answer"
    if offer.channel != "call":
        tell_partner(session, handoff, offer, "withdrawn")
        lose_offer(session, line, contact, handoff, offer, why, state="expired")
        return
    leg = leg_of(session, offer)
    if not leg.ended_at:
        owe(session, "end_leg", leg.id)
    lose_offer(session, line, contact, handoff, offer, why)


def tell(session: Session, line: Line, phone: object, work: OwedWork) -> None:
    """Duty: send a partner what it is owed. An offer that can not be sent is lost, and the next partner is asked."""
    attempt, fault = carry(session, line, work)
    if attempt.about != "offer":
        return
    if fault:
        _lose_untold(session, line, attempt, fault)
    else:
        _note_delivered(session, attempt)


def give_up_telling(session: Session, line: Line, work: OwedWork) -> None:
    """The message could not be sent however often it was tried."""
    attempt = session.get_one(Attempt, UUID(work.subject))
    attempt.status, attempt.fault = "failed", work.fault or "given_up"
    if attempt.about == "offer":
        _lose_untold(session, line, attempt, "not_delivered")
        return
    if attempt.about == "notice" and attempt.offer_id is None:
        return  # word beside the chain only
    _contact, handoff = lock_handoff(session, attempt.handoff_id)
    note(session, handoff, "partner_not_told", CLOCK, partner=attempt.partner, about=attempt.about)
    start_paging(session, handoff, "partner_not_told")


def _lose_untold(session: Session, line: Line, attempt: Attempt, fault: str) -> None:
    contact, handoff, offer = lock_offer(session, attempt.offer_id)
    if offer.state in LIVE_OFFER:
        lose_offer(session, line, contact, handoff, offer, fault)


def _note_delivered(session: Session, attempt: Attempt) -> None:
    _contact, handoff, offer = lock_offer(session, attempt.offer_id)
    if offer.state == "sent":
        offer.state = "delivered"
        note(session, handoff, "delivered", CLOCK, partner=offer.partner, offer=offer.seq, by=offer.channel)


def _ask(session: Session, line: Line, contact: Contact, handoff: Handoff, step: AskStep, number: int) -> bool:
    """Make the offers of one step. False: nobody fits it."""
    asked = False
    for kind in step.kinds:
        partner = _best_partner(session, line, contact, handoff, step, kind)
        if partner is None:
            continue
        if step.do == "offer":
            _offer_in_writing(session, line, handoff, partner, step, number)
        else:
            _ring(session, line, handoff, partner, step, number)
        asked = True
    return asked


def _best_partner(
    session: Session, line: Line, contact: Contact, handoff: Handoff, step: AskStep, kind: str
) -> Partner | None:
    asked = select(Offer.partner).where(Offer.handoff_id == handoff.id, Offer.round == handoff.round)
    return find_next(
        session,
        line.partners,
        handoff.workflow_as_started,
        kind,
        language=contact.language,
        area=handoff.area,
        tried={*session.scalars(asked), *handoff.excluded, handoff.origin},
        at=utc_now(),
        by=_carried(step),
        suits=lambda partner: suits(session, line, handoff, partner),
    )


def _carried(step: AskStep) -> tuple[str, ...] | None:
    """The ways to write to them that there are; None for a call."""
    return tuple(channel for channel in step.by if channel in CARRIERS) if step.do == "offer" else None


def _ring(session: Session, line: Line, handoff: Handoff, partner: Partner, step: AskStep, number: int) -> None:
    offer = add_offer(session, handoff, partner.key, "call", number)
    leg = new_leg(session, handoff.contact_id, "partner", offer_id=offer.id)
    owe(session, "ring_desk", leg.id, ring_s=step.ring_s)
    give_time(session, offer, step.ring_s + RING_GRACE_S)
    move(session, line, handoff, "offer", CLOCK, values={"step": number + 1}, partner=partner.key, offer=offer.seq)


def _offer_in_writing(
    session: Session, line: Line, handoff: Handoff, partner: Partner, step: AskStep, number: int
) -> None:
    endpoint = partner.find_endpoint(_carried(step))
    offer = add_offer(session, handoff, partner.key, endpoint.channel, number)
    give_until(session, offer, step.ack.due_at(utc_now(), partner.opening_at))
    told = {"partner": partner.key, "offer": offer.seq, "by": endpoint.channel}
    move(session, line, handoff, "offer_in_writing", CLOCK, values={"step": number + 1}, **told)
    tell_partner(session, handoff, offer, "offer")
