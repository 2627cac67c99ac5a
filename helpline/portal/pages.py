"""The page behind a link. To read it changes only that it was seen: a machine that follows links accepts nothing."""

from flask import Blueprint, Response, request, send_from_directory

from helpline.audit.record import record_act
from helpline.handoff.link_models import PartnerLink
from helpline.handoff.link_standing import read_standing
from helpline.handoff.models import Handoff, Offer
from helpline.handoff.moving import desk
from helpline.handoff.partner_acts import OfferOver, perform_as_partner
from helpline.outbox.bell import commit, roll_back
from helpline.portal.guard import (
    find_matter,
    for_link_holders,
    open_to_everyone,
    pin_was_given,
    render,
    the_line,
    the_session,
)
from helpline.portal.showing import name_stage, show_link, write_deadline

pages = Blueprint("portal", __name__, template_folder="templates")
UNSEEN = ("sent", "delivered")


@pages.get("/partner/<token>")
@for_link_holders
def page(link: PartnerLink, token: str) -> str:
    """What waits for this partner. HEAD is asked by machines only: there is a page, and nothing changes."""
    if request.method == "HEAD":
        return ""
    offer, handoff = find_matter(link)
    if offer.state in UNSEEN and read_standing(the_line(), link, offer, handoff) == "open":
        _note_seen(offer)
    return render_link(link, token)


@pages.get("/partner-files/<path:name>")
@open_to_everyone
def style(name: str) -> Response:
    """The page's style."""
    return send_from_directory(f"{pages.root_path}/static", name)


def render_link(link: PartnerLink, token: str, *, fault: str = "", tries_left: int = 0) -> str:
    """The page as it stands now; with what was wrong about the form that came, and what had been typed into it."""
    offer, handoff = find_matter(link)
    pin = pin_was_given(offer.id)
    shown = show_link(the_session(), the_line(), link, offer, handoff, pin=pin)
    _record_view(offer, handoff, shown.level)
    partner = the_line().partners.get(offer.partner)
    return render(
        "portal/link.html",
        own=partner.languages if partner else (),
        partner=partner,
        token=token,
        shown=shown,
        stage=name_stage(offer, handoff),
        answer_by=write_deadline(the_line(), offer),
        offer=offer,
        handoff=handoff,
        fault=fault,
        tries_left=tries_left,
        given=request.form,
        act=(request.view_args or {}).get("act", ""),
    )


def _note_seen(offer: Offer) -> None:
    session, line = the_session(), the_line()
    try:
        perform_as_partner(session, line, offer.id, "see", {}, partner=offer.partner, via=offer.channel)
        commit(session, line.bell)
    except OfferOver:  # it ended in this very moment; the page will say so
        roll_back(session)


def _record_view(offer: Offer, handoff: Handoff, level: str) -> None:
    """Who was shown more than that something waits stands in the record, before it is shown."""
    if level == "D0":
        return
    subject = f"handoff:{handoff.ref}"
    record_act(the_session(), actor=desk(offer.partner).name, action="portal.shown", subject=subject, level=level)
    commit(the_session(), the_line().bell)
