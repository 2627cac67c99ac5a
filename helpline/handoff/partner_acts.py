"""What a partner does with a hand-off on its own: on its page, by a link from a letter, or through its program.

`perform_as_partner` is the one way in. Whoever calls it has made sure who is acting (PIN, badge, signature), and
commits. A partner acts on its own offer only; whatever it does to one that another has won is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.contacts.stages import Invalid
from helpline.handoff import progress, stopping
from helpline.handoff.accepting import take_on
from helpline.handoff.chain import decline_offer
from helpline.handoff.fields import Fields, read_code, read_text, read_version
from helpline.handoff.milestones import answer_milestone
from helpline.handoff.models import LIVE_OFFER, Handoff, Offer
from helpline.handoff.moving import CLOCK, HandoffNotFound, desk, move, note
from helpline.handoff.offers import give_until, lock_offer
from helpline.handoff.splitting import split_off
from helpline.line import Line
from helpline.store.types import utc_now

DECLINE_CODES = (
    "no_capacity",
    "not_eligible_age",
    "not_eligible_sex",
    "not_eligible_needs",
    "not_eligible_area",
    "not_eligible_status",
    "unsafe_match",
    "conflict_of_interest",
    "needs_court_order",
    "needs_more_info",
    "duplicate",
    "out_of_hours",
    "technical",
    "other",
)
NOTE = "handoff_offers.note"


class OfferOver(Exception):
    """This offer is not open to the partner any more; `state` says what it ended as."""

    def __init__(self, state: str):
        self.state = state
        super().__init__(f"this offer is over: {state}")


@dataclass(frozen=True)
class PartnerOffer:
    """One offer with all it is about, under the contact's lock, and by which way the partner acts."""

    contact: Contact
    handoff: Handoff
    offer: Offer
    via: str


Deed = Callable[[Session, Line, PartnerOffer, Fields], None]


def perform_as_partner(
    session: Session, line: Line, offer_id: UUID, act: str, fields: Fields, *, partner: str, via: str
) -> Handoff:
    """Do one of PARTNER_ACTS as `partner`, by `via` (portal, email, webhook, paper).

    Raises HandoffNotFound for an offer that is not this partner's, OfferOver, Invalid, NotPossibleNow or
    TransitionRefused; then nothing changed.
    """
    if session.get(Offer, offer_id) is None or act not in PARTNER_ACTS:
        raise HandoffNotFound(f"{offer_id}/{act}")
    contact, handoff, offer = lock_offer(session, offer_id)
    if offer.partner != partner:
        raise HandoffNotFound(str(offer_id))
    deed, needed = PARTNER_ACTS[act]
    if offer.state not in needed:
        raise OfferOver(offer.state)
    deed(session, line, PartnerOffer(contact, handoff, offer, via), fields)
    return handoff


def see(session: Session, line: Line, at: PartnerOffer, fields: Fields) -> None:
    """Somebody there looks at it. Nothing changes but that we know."""
    if at.offer.seen_at is None:
        at.offer.seen_at = utc_now()
        note(session, at.handoff, "seen", desk(at.offer.partner), offer=at.offer.seq, via=at.via)
    if at.offer.state in ("sent", "delivered"):
        at.offer.state = "seen"


def acknowledge(session: Session, line: Line, at: PartnerOffer, fields: Fields) -> None:
    """They have it and will say. We still answer for the child; their time to decide begins."""
    see(session, line, at, fields)
    if at.offer.state == "acked":
        return
    at.offer.state = "acked"
    workflow = at.handoff.workflow_as_started
    row = "acknowledge_offer" if at.handoff.state == "offering" else "acknowledge_beside"
    told = {"offer": at.offer.seq, "partner": at.offer.partner, "via": at.via, "told": workflow.levels.acknowledged}
    move(session, line, at.handoff, row, desk(at.offer.partner), **read_version(fields), **told)
    step = workflow.chain[at.offer.step]
    if step.do == "offer":
        give_until(session, at.offer, step.accept.due_at(utc_now(), line.partners[at.offer.partner].opening_at))


def accept(session: Session, line: Line, at: PartnerOffer, fields: Fields) -> None:
    """They take it on. Fields as `accepting.take_on`. Whom they do not take is offered on, as a hand-off of its own."""
    see(session, line, at, fields)
    seen, by = read_version(fields), desk(at.offer.partner)
    left = take_on(session, line, at.handoff, at.offer.partner, at.offer, fields, by, **seen)
    if left:
        split_off(session, line, at.contact, at.handoff, left)


def decline(session: Session, line: Line, at: PartnerOffer, fields: Fields) -> None:
    """They can not. Fields: `code`, one of DECLINE_CODES; `note` in their own words, needed for `other`."""
    code, said = read_code(fields, "code", DECLINE_CODES), read_text(fields, "note")
    if code == "other" and not said:
        raise Invalid("note: say in a few words why")
    if said:
        at.offer.note_sealed = line.keys.seal(said, NOTE, at.offer.id)
    decline_offer(session, line, at.contact, at.handoff, at.offer, desk(at.offer.partner), code)


def _as_holder(deed: Callable) -> Deed:
    """A deed of whoever has taken it on."""

    def doing(session: Session, line: Line, at: PartnerOffer, fields: Fields) -> None:
        deed(session, line, at.handoff, desk(at.offer.partner), fields)

    doing.__doc__ = deed.__doc__
    return doing


def report_untold(session: Session, line: Line, at: PartnerOffer, fields: Fields) -> None:
    """Wrong office: this address is not the partner's. The offer is lost, and people of ours are told."""
    note(session, at.handoff, "wrong_office", CLOCK, partner=at.offer.partner, via=at.via)
    decline_offer(session, line, at.contact, at.handoff, at.offer, desk(at.offer.partner), "technical")


ANSWERABLE = tuple(state for state in LIVE_OFFER if state != "accepted")
HELD = ("accepted",)
# By the names that stand in addresses and buttons; with the states in which an offer allows it.
PARTNER_ACTS: dict[str, tuple[Deed, tuple[str, ...]]] = {
    "see": (see, LIVE_OFFER),
    "acknowledge": (acknowledge, ANSWERABLE),
    "accept": (accept, ANSWERABLE),
    "decline": (decline, ANSWERABLE),
    "wrong_office": (report_untold, ANSWERABLE),
    "advance": (_as_holder(progress.advance), HELD),
    "return": (_as_holder(progress.hand_back), HELD),
    "confirm": (_as_holder(progress.confirm), HELD),
    "milestone": (_as_holder(answer_milestone), HELD),
    "agree_cancel": (_as_holder(stopping.agree_cancel), HELD),
    # Even who declined has seen it, and says that it is deleted.
    "attest_recall": (_as_holder(stopping.attest_recall), ("withdrawn", "declined", "expired", "lost")),
}
