"""What a link opens now, and what becomes of one that is too old or that somebody tries PINs on.

Whether a link opens is never stored: it is read from its offer each time, so a link is worth nothing from the
transaction on in which the offer ends.
"""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.handoff.link_models import PartnerLink
from helpline.handoff.links import registered_mailbox
from helpline.handoff.models import LIVE_OFFER, Handoff, Offer
from helpline.handoff.moving import desk, note
from helpline.handoff.offers import CALLED_BACK
from helpline.handoff.paging import start_paging
from helpline.handoff.telling import tell_partner
from helpline.handoff.transitions import LIVE
from helpline.line import Line
from helpline.store.types import utc_now

HOUR = timedelta(hours=1)


class TooManyLinks(Exception):
    """So many new links were asked for lately that no other one is sent now."""


def read_standing(line: Line, link: PartnerLink, offer: Offer, handoff: Handoff) -> str:
    """What the link opens now: open, late, locked, taken, recalled or over."""
    if link.locked_at:
        return "locked"
    if offer.state not in LIVE_OFFER:
        return _after_the_end(offer, handoff)
    if handoff.state not in LIVE:
        return "over"
    return "late" if _is_late(line, link, offer) else "open"


def _after_the_end(offer: Offer, handoff: Handoff) -> str:
    if offer.why in CALLED_BACK or (handoff.state == "recall_pending" and offer.seen_at):
        return "recalled"
    if offer.why == "taken":
        return "taken"
    return "late" if offer.state == "expired" and handoff.state in LIVE else "over"


def _is_late(line: Line, link: PartnerLink, offer: Offer) -> bool:
    mailbox = registered_mailbox(line.partners[offer.partner]) if offer.partner in line.partners else None
    elsewhere = mailbox is None or link.endpoint not in line.keys.pseudonyms(mailbox)
    days_over = utc_now() >= link.made_at + timedelta(days=line.helpline.partner_pages.link_days)
    time_over = offer.state != "accepted" and offer.expires_at is not None and utc_now() >= offer.expires_at
    return elsewhere or days_over or time_over


def ask_new_link(session: Session, line: Line, handoff: Handoff, offer: Offer) -> None:
    """Send a new link to the registered mailbox, for what this partner is asked now, if anything. Raises TooManyLinks.

    Whoever asks is not told which it was.
    """
    asked = select(func.count()).where(PartnerLink.offer_id == offer.id, PartnerLink.made_at > utc_now() - HOUR)
    # The first letter is not counted among those asked for.
    if session.scalar(asked) > line.helpline.partner_pages.new_links_an_hour:
        raise TooManyLinks
    record_act(session, actor=desk(offer.partner).name, action="portal.link_asked", subject=f"handoff:{handoff.ref}")
    of_partner = (Offer.handoff_id == handoff.id, Offer.partner == offer.partner, Offer.state.in_(LIVE_OFFER))
    current = session.scalars(select(Offer).where(*of_partner).order_by(Offer.seq.desc()).limit(1)).one_or_none()
    if current is None:
        return
    made = session.scalar(select(func.count()).where(PartnerLink.offer_id == current.id))
    note(session, handoff, "link_asked", desk(current.partner), partner=current.partner, offer=current.seq)
    tell_partner(session, handoff, current, "notice", part=f"link{made + 1}")


def count_wrong_pin(session: Session, line: Line, link: PartnerLink, handoff: Handoff, offer: Offer) -> bool:
    """One more wrong PIN through this link, under the contact's lock. True when it is locked."""
    link.wrong_pins += 1
    if link.locked_at or link.wrong_pins < line.helpline.partner_pages.wrong_pins_until_locked:
        return link.locked_at is not None
    link.locked_at = utc_now()
    note(session, handoff, "link_locked", desk(offer.partner), partner=offer.partner, offer=offer.seq)
    start_paging(session, handoff, "link_locked")
    return True
