"""Who is asked next: one desk after the other, and in the end a person of ours. Never a stop in between."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.handoffs import CallStep
from config.partners import Partner
from helpline.contacts.calls import caller_leg, new_leg
from helpline.contacts.models import Call, Contact
from helpline.handoff.models import LIVE_OFFER, Handoff, Offer
from helpline.handoff.moving import CHILD, CLOCK, Actor, arm_clock, lock_handoff, move, note
from helpline.handoff.paging import start_paging
from helpline.line import Line
from helpline.outbox.owed import owe
from helpline.outbox.timers import cancel_timers, set_timer
from helpline.partners.directory import find_next
from helpline.store.types import utc_now

TRY_TIMER = "handoff_try"
# Beyond the ring itself: the time in which the telephone company should have told us how it went.
RING_GRACE_S = 10


def offer_next(session: Session, line: Line, contact: Contact, handoff: Handoff) -> None:
    """Take the next step of the chain of a locked hand-off that is being offered."""
    if not child_is_on_line(session, contact):
        become_report(session, handoff)
        return
    chain = handoff.workflow_as_started.chain
    for number in range(handoff.step, len(chain)):
        step = chain[number]
        if step.do == "page":
            move(session, handoff, "exhaust", CLOCK, values={"step": number})
            start_paging(session, handoff, "nobody_reached")
            return
        partner = _best_partner(session, line, contact, handoff, step)
        if partner:
            _make_offer(session, handoff, partner, step, number)
            return
        note(session, handoff, "step_skipped", CLOCK, step=number, kind_of_partner=step.to, why="nobody_fits")


def child_is_on_line(session: Session, contact: Contact) -> bool:
    """Whether the child is talking with a person of ours by telephone now."""
    return contact.channel == "voice" and contact.state == "connected" and not caller_leg(session, contact.id).ended_at


def become_report(session: Session, handoff: Handoff) -> None:
    """Nobody is there to be put through: it stays open as a report that a person of ours carries to the partner."""
    move(session, handoff, "child_gone", CHILD)
    arm_clock(session, handoff, handoff.workflow_as_started.report_s)


def lose_offer(session: Session, line: Line, contact: Contact, handoff: Handoff, offer: Offer, why: str) -> None:
    """This desk did not come to it; the next one is asked in the same breath."""
    end_offer(session, offer, "lost", why)
    move(session, handoff, "lose_offer", CLOCK, partner=offer.partner, why=why)
    offer_next(session, line, contact, handoff)


def decline_offer(session: Session, line: Line, contact: Contact, handoff: Handoff, offer: Offer, by: Actor) -> None:
    """The desk can not take it; the next one is asked in the same breath."""
    end_offer(session, offer, "declined", "declined")
    move(session, handoff, "decline", by, partner=offer.partner)
    offer_next(session, line, contact, handoff)


def end_offer(session: Session, offer: Offer, state: str, why: str) -> None:
    """Close an offer. What its leg hears or whether it is hung up is for the caller to owe."""
    offer.state, offer.why, offer.ended_at = state, why, utc_now()
    cancel_timers(session, offer.id)


def withdraw_offer(session: Session, handoff: Handoff, why: str) -> None:
    """The live offer, if there is one, is not needed any more: a ringing desk stops ringing, a person there is told."""
    offer = find_live_offer(session, handoff)
    if offer is None:
        return
    answered = offer.state != "sent"
    end_offer(session, offer, "withdrawn", why)
    leg = leg_of(session, offer)
    if not leg.ended_at:
        owe(session, "tell_desk_over" if answered else "end_leg", leg.id)


def find_live_offer(session: Session, handoff: Handoff) -> Offer | None:
    """The desk that is being asked now."""
    query = select(Offer).where(Offer.handoff_id == handoff.id, Offer.state.in_(LIVE_OFFER))
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def leg_of(session: Session, offer: Offer) -> Call:
    """The call to this offer's desk."""
    query = select(Call).where(Call.offer_id == offer.id, Call.role == "partner")
    return session.scalars(query, execution_options={"populate_existing": True}).one()


def lock_offer(session: Session, offer_id: UUID) -> tuple[Contact, Handoff, Offer]:
    """An offer with its hand-off, under the contact's lock."""
    offer = session.get_one(Offer, offer_id)
    contact, handoff = lock_handoff(session, offer.handoff_id)
    session.refresh(offer)
    return contact, handoff, offer


def try_is_over(session: Session, line: Line, offer_id: str) -> None:
    """Timer: this desk has had its time, whatever the telephone company says of it."""
    contact, handoff, offer = lock_offer(session, UUID(offer_id))
    if offer.state not in LIVE_OFFER or offer.joined_at:
        return
    leg = leg_of(session, offer)
    if not leg.ended_at:
        owe(session, "end_leg", leg.id)
    lose_offer(session, line, contact, handoff, offer, "no_answer" if offer.state == "sent" else "took_too_long")


def give_time(session: Session, offer: Offer, seconds: int) -> None:
    """From now the desk has so long; then the next one is asked."""
    set_timer(session, TRY_TIMER, offer.id, utc_now() + timedelta(seconds=seconds))


def _best_partner(session: Session, line: Line, contact: Contact, handoff: Handoff, step: CallStep) -> Partner | None:
    asked = select(Offer.partner).where(Offer.handoff_id == handoff.id, Offer.round == handoff.round)
    return find_next(
        session,
        line.partners,
        handoff.workflow_as_started,
        step.to,
        language=contact.language,
        area=handoff.area,
        tried=set(session.scalars(asked)),
        at=utc_now(),
    )


def _make_offer(session: Session, handoff: Handoff, partner: Partner, step: CallStep, number: int) -> None:
    made = session.scalar(select(func.count()).select_from(Offer).where(Offer.handoff_id == handoff.id))
    offer = Offer(handoff_id=handoff.id, seq=made + 1, round=handoff.round, partner=partner.key, made_at=utc_now())
    session.add(offer)
    session.flush()
    leg = new_leg(session, handoff.contact_id, "partner", offer_id=offer.id)
    owe(session, "ring_desk", leg.id, ring_s=step.ring_s)
    give_time(session, offer, step.ring_s + RING_GRACE_S)
    move(session, handoff, "offer", CLOCK, values={"step": number + 1}, partner=partner.key, offer=offer.seq)
