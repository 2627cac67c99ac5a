"""Who is with the child while a hand-off is under way: a desk comes and goes, a counsellor drops, the child hangs up.

The child is never alone: whenever the last person beside them goes, they go back to the queue at their place, or a
person of ours is called into the room.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.call_control.leave import counsellor_left, leave_to_partner
from helpline.contacts.calls import in_room, live_legs
from helpline.contacts.models import Call, Contact
from helpline.contacts.stages import lock_contact
from helpline.handoff.chain import become_report, lose_offer
from helpline.handoff.models import LIVE_OFFER, Handoff
from helpline.handoff.moving import CHILD, CLOCK, PHONE_COMPANY, Actor, find_live, move, note
from helpline.handoff.offers import lock_offer, withdraw_offers
from helpline.handoff.paging import start_paging
from helpline.line import Line
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.outbox.timers import cancel_timers
from helpline.store.types import utc_now


def desk_joined(session: Session, line: Line, contact: Contact, leg: Call) -> None:
    """A desk's leg is in the room of a locked contact: the child and the partner hear each other."""
    _contact, handoff, offer = lock_offer(session, leg.offer_id)
    if offer.state != "accepted":  # fetched out of it meanwhile
        owe(session, "end_leg", leg.id)
        return
    if offer.joined_at:
        return
    offer.joined_at = utc_now()
    cancel_timers(session, offer.id)
    if handoff.state == "acknowledged":
        move(session, line, handoff, "introduce", PHONE_COMPANY, partner=offer.partner, told="voice")


def desk_leg_ended(session: Session, line: Line, contact: Contact, leg: Call, status: str) -> None:
    """A desk's leg is over: never answered, or put down. Before acceptance was recorded, the next desk is asked."""
    _contact, handoff, offer = lock_offer(session, leg.offer_id)
    if handoff.state in ("offering", "acknowledged") and offer.state in LIVE_OFFER:
        if contact.state == "connected" and _is_alone(session, contact):
            _bring_back(session, line, contact, handoff)
            return
        lose_offer(session, line, contact, handoff, offer, status if offer.state == "sent" else "hung_up")
    elif handoff.accepted_at and offer.state == "accepted":
        note(session, handoff, "partner_left_call", PHONE_COMPANY, partner=offer.partner)
        if contact.state in ("wrap_up", "closed") and in_room(session, contact.id, "caller"):
            # The counsellor has left too, even if her phone is still being put down: the child hears the goodbye.
            owe(session, "end_room", contact.id)


def counsellor_dropped(session: Session, line: Line, contact: Contact, leg: Call) -> bool:
    """The counsellor's phone left a locked, connected contact. True when the child stays where they are.

    With a desk in the room the child stays, and a person of ours is called in; once the desk has accepted,
    putting the receiver down is leaving. With no desk in the room the child goes back to the queue as ever, and
    the hand-off to a person who takes it in hand.
    """
    handoff = find_live(session, contact.id)
    if handoff is None:
        return False
    dropped = Actor("counsellor", f"staff:{leg.staff_id}")
    if in_room(session, contact.id, "partner"):
        note(session, handoff, "counsellor_dropped", dropped)
        if handoff.state == "accepted":
            leave_to_partner(session, line, contact, dropped.name)
        else:
            start_paging(session, handoff, "counsellor_dropped")
        return True
    if handoff.state in ("offering", "acknowledged"):
        _interrupt(session, line, handoff)
    return False


def child_gone(session: Session, line: Line, phone: object, work: OwedWork) -> None:
    """Duty: the child's call has ended. Desks stop ringing or are told; what was not accepted goes on as a report."""
    contact = lock_contact(session, UUID(work.subject))
    handoff = find_live(session, contact.id)
    if handoff is None:
        return
    if handoff.state in ("offering", "acknowledged"):
        withdraw_offers(session, handoff, "child_gone")
        become_report(session, line, handoff)
        return
    note(session, handoff, "child_left_call", CHILD)
    for leg in live_legs(session, contact.id, "partner"):
        owe(session, "tell_desk_over", leg.id)


def _is_alone(session: Session, contact: Contact) -> bool:
    """Whether the child is in the room with nobody."""
    return [leg.role for leg in in_room(session, contact.id)] == ["caller"]


def _bring_back(session: Session, line: Line, contact: Contact, handoff: Handoff) -> None:
    """Counsellor and desk have both dropped: back to the queue, where the next person takes the child."""
    _interrupt(session, line, handoff)
    hers = select(Call).where(Call.contact_id == contact.id, Call.staff_id == contact.counsellor_id)
    counsellor_left(session, line, contact, session.scalars(hers.order_by(Call.created_at.desc())).first())


def _interrupt(session: Session, line: Line, handoff: Handoff) -> None:
    withdraw_offers(session, handoff, "interrupted")
    move(session, line, handoff, "interrupt", CLOCK)
    start_paging(session, handoff, "counsellor_dropped")
