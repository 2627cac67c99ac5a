"""Duties towards a desk's phone and the room: ring it, announce it, tell it that it is over."""

from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from config.partners import Partner
from helpline.call_control.rung_before import find_rung, list_known_calls
from helpline.contacts.calls import caller_leg, hear_of_leg
from helpline.contacts.models import Call
from helpline.handoff.chain import lose_offer
from helpline.handoff.models import LIVE_OFFER
from helpline.handoff.offers import lock_offer
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.store.types import utc_now
from helpline.telephony.rest import CallGone, Leg, PhoneLine, PhoneLineRefused

log = structlog.get_logger()


def ring_desk(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: ring the desk of an offer, apart from the room where the child is."""
    leg = session.get_one(Call, UUID(work.subject))
    contact, handoff, offer = lock_offer(session, leg.offer_id)
    session.refresh(leg)
    if leg.ended_at or leg.call_sid or offer.state != "sent":
        return
    partner = line.partners.get(offer.partner)
    known = list_known_calls(session)
    commit(session, line.bell)  # no lock is held while the telephone company thinks
    try:
        rung = partner and (find_rung(phone, work, leg, partner.number, known) or _ring(phone, work, leg, partner))
    except (CallGone, PhoneLineRefused) as fault:
        log.warning("desk_not_rung", handoff=handoff.ref, fault=str(fault))
        rung = None
    contact, handoff, offer = lock_offer(session, leg.offer_id)
    session.refresh(leg)
    if rung is None:
        hear_of_leg(leg, "failed")
        if offer.state in LIVE_OFFER:
            lose_offer(session, line, contact, handoff, offer, "refused" if partner else "not_in_directory")
        return
    hear_of_leg(leg, "queued", rung.call_sid)
    if offer.state not in LIVE_OFFER:  # it was over while the phone was being rung
        owe(session, "end_leg", leg.id)


def _ring(phone: PhoneLine, work: OwedWork, leg: Call, partner: Partner) -> Leg:
    return phone.ring(partner.number, leg.id.hex, "/voice/desk", work.detail["ring_s"])


def announce_joining(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: tell everyone in the room, in the child's language, that somebody joins. The desk enters after that."""
    contact, _handoff, offer = lock_offer(session, UUID(work.subject))
    conference_sid = caller_leg(session, contact.id).conference_sid
    commit(session, line.bell)
    if offer.announced_at or offer.state not in LIVE_OFFER or conference_sid is None:
        return
    try:
        phone.announce(conference_sid, "/voice/joining", contact=contact.id.hex)
    except (CallGone, PhoneLineRefused) as fault:
        log.warning("joining_not_announced", contact=str(contact.id), fault=str(fault))
    lock_offer(session, offer.id)
    offer.announced_at = utc_now()


def tell_desk_over(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: a desk that has answered hears in a sentence why it is not needed any more, and is let go."""
    leg = session.get_one(Call, UUID(work.subject))
    call_sid, ended = leg.call_sid, leg.ended_at
    commit(session, line.bell)
    if call_sid and not ended:
        try:
            phone.send_to(call_sid, "/voice/desk-over", leg=leg.id.hex)
        except CallGone:
            return  # they have hung up themselves
