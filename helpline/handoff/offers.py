"""The offers of a hand-off: found, given time, ended, and partners told when they are not needed any more."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Call, Contact
from helpline.handoff.models import LIVE_OFFER, Handoff, Offer
from helpline.handoff.moving import lock_handoff
from helpline.handoff.shelter import release_holds
from helpline.handoff.telling import tell_partner
from helpline.outbox.owed import owe
from helpline.outbox.timers import cancel_timers, set_timer
from helpline.store.types import utc_now

TRY_TIMER = "handoff_try"
# Why an offer ends whose receiver must delete what it has seen.
CALLED_BACK = ("recalled", "entered_in_error")
NEAREST = case((Offer.state == "accepted", 0), (Offer.state == "acked", 1), else_=2)


def add_offer(session: Session, handoff: Handoff, partner: str, channel: str, step: int) -> Offer:
    """One more offer of a locked hand-off."""
    made = session.scalar(select(func.count()).select_from(Offer).where(Offer.handoff_id == handoff.id))
    offer = Offer(handoff_id=handoff.id, seq=made + 1, round=handoff.round, partner=partner, made_at=utc_now())
    offer.channel, offer.step = channel, step
    session.add(offer)
    session.flush()
    return offer


def list_live_offers(session: Session, handoff: Handoff) -> list[Offer]:
    """Everyone who is being asked now; whoever has taken it first, then those who have answered."""
    query = select(Offer).where(Offer.handoff_id == handoff.id, Offer.state.in_(LIVE_OFFER))
    nearest = query.order_by(NEAREST, Offer.seq)
    return list(session.scalars(nearest, execution_options={"populate_existing": True}))


def find_live_offer(session: Session, handoff: Handoff) -> Offer | None:
    """The partner that is nearest to taking it on, or has."""
    return next(iter(list_live_offers(session, handoff)), None)


def lock_offer(session: Session, offer_id: UUID) -> tuple[Contact, Handoff, Offer]:
    """An offer with its hand-off, under the contact's lock."""
    offer = session.get_one(Offer, offer_id)
    contact, handoff = lock_handoff(session, offer.handoff_id)
    session.refresh(offer)
    return contact, handoff, offer


def leg_of(session: Session, offer: Offer) -> Call:
    """The call to this offer's desk."""
    query = select(Call).where(Call.offer_id == offer.id, Call.role == "partner")
    return session.scalars(query, execution_options={"populate_existing": True}).one()


def give_time(session: Session, offer: Offer, seconds: int) -> None:
    """From now the desk has so long; then the next one is asked."""
    give_until(session, offer, utc_now() + timedelta(seconds=seconds))


def give_until(session: Session, offer: Offer, due_at: datetime) -> None:
    """Until then this partner may answer; then the next one is asked."""
    set_timer(session, TRY_TIMER, offer.id, due_at)
    offer.expires_at = due_at if offer.channel != "call" else None


def end_offer(session: Session, offer: Offer, state: str, why: str) -> None:
    """Close an offer. What its leg hears or whether it is hung up is for the caller to owe."""
    offer.state, offer.why, offer.ended_at = state, why, utc_now()
    cancel_timers(session, offer.id)
    release_holds(session, offer)


def withdraw_offers(session: Session, handoff: Handoff, why: str, but: Offer | None = None) -> None:
    """The live offers, all `but` one, are not needed any more: ringing desks stop ringing, everyone else is told."""
    for offer in list_live_offers(session, handoff):
        if but is None or offer.id != but.id:
            _withdraw(session, handoff, offer, why)


def _withdraw(session: Session, handoff: Handoff, offer: Offer, why: str) -> None:
    answered = offer.state not in ("sent", "delivered")
    end_offer(session, offer, "withdrawn", why)
    if offer.channel != "call":
        tell_partner(session, handoff, offer, "recall" if why in CALLED_BACK and offer.seen_at else "withdrawn")
    elif not (leg := leg_of(session, offer)).ended_at:
        owe(session, "tell_desk_over" if answered else "end_leg", leg.id)
