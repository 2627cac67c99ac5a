"""What a partner does on its page: each is a POST with the desk's PIN, one transaction, and a way back to the page."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.handoff.link_models import PartnerLink
from helpline.handoff.link_standing import TooManyLinks, ask_new_link, count_wrong_pin, read_standing
from helpline.handoff.models import Handoff, Offer
from helpline.handoff.moving import HandoffNotFound, TransitionRefused
from helpline.handoff.offers import lock_offer
from helpline.handoff.partner_acts import OfferOver, perform_as_partner
from helpline.outbox.bell import commit, roll_back
from helpline.partners.pins import PinCheck, check_pin
from helpline.portal.forms import TEXTS, read_fields
from helpline.portal.guard import for_link_holders, remember_pin, the_line, the_session
from helpline.portal.pages import render_link

acts = Blueprint("portal_acts", __name__, template_folder="templates")

# What may be done while a link stands so. Whoever is the wrong office has no PIN, and must be able to say so.
OPEN_ACTS = tuple(act for act in TEXTS if act not in ("see", "attest_recall"))
MAY = {"open": (*OPEN_ACTS, "look"), "recalled": ("attest_recall",)}
WITHOUT_PIN = ("wrong_office",)
MOVED_ON = (OfferOver, TransitionRefused, NotPossibleNow, HandoffNotFound)


@acts.post("/partner/<token>/<act>")
@for_link_holders
def perform(link: PartnerLink, token: str, act: str) -> Response | tuple[str, int]:
    """One act. What is refused leaves everything as it was, and the page says why."""
    if act not in (*TEXTS, "look") or act == "see":
        abort(404)
    session, line = the_session(), the_line()
    _contact, handoff, offer = lock_offer(session, link.offer_id)
    session.refresh(link)
    if act not in MAY.get(read_standing(line, link, offer, handoff), ()):
        roll_back(session)
        return _back(token, "moved_on")
    if act not in WITHOUT_PIN and (refused := _check_pin(link, token, handoff, offer)):
        return refused
    if act in WITHOUT_PIN and "sure" not in request.form:
        roll_back(session)
        return render_link(link, token, fault="not_sure"), 422
    return _do(link, token, act, handoff, offer)


@acts.post("/partner/<token>/new-link")
@for_link_holders
def new_link(link: PartnerLink, token: str) -> Response:
    """Have another link sent, to the registered mailbox and nowhere else."""
    session, line = the_session(), the_line()
    _contact, handoff, offer = lock_offer(session, link.offer_id)
    if read_standing(line, link, offer, handoff) != "late":
        roll_back(session)
        return _back(token, "moved_on")
    try:
        ask_new_link(session, line, handoff, offer)
    except TooManyLinks:
        roll_back(session)
        return _back(token, "too_many_links")
    commit(session, line.bell)
    return _back(token, "link_sent")


def _do(link: PartnerLink, token: str, act: str, handoff: Handoff, offer: Offer) -> Response | tuple[str, int]:
    session, line = the_session(), the_line()
    try:
        if act != "look":
            fields = read_fields(act, request.form, handoff)
            perform_as_partner(session, line, offer.id, act, fields, partner=offer.partner, via=offer.channel)
        commit(session, line.bell)
    except Invalid:
        roll_back(session)
        return render_link(link, token, fault="incomplete"), 422
    except MOVED_ON:
        roll_back(session)
        return _back(token, "moved_on")
    if act not in WITHOUT_PIN:
        remember_pin(link.offer_id)
    return _back(token, f"done_{act}")


def _check_pin(link: PartnerLink, token: str, handoff: Handoff, offer: Offer) -> tuple[str, int] | Response | None:
    """None when it is right. A wrong one is counted, whatever else happens; the last one locks the link."""
    session, line = the_session(), the_line()
    check = check_pin(session, offer.partner, request.form.get("pin", "").strip())
    if check is PinCheck.right:
        link.wrong_pins = 0
        return None
    locked = check is PinCheck.wrong and count_wrong_pin(session, line, link, handoff, offer)
    commit(session, line.bell)
    if locked:
        return _back(token, "")
    if check is PinCheck.locked:
        return render_link(link, token, fault="pin_locked"), 403
    left = line.helpline.partner_pages.wrong_pins_until_locked - link.wrong_pins
    return render_link(link, token, fault="wrong_pin", tries_left=left), 403


def _back(token: str, said: str) -> Response:
    if said:
        flash(said, "partner")
    language = {"lang": request.args["lang"]} if "lang" in request.args else {}
    return redirect(url_for("portal.page", token=token, **language), 303)
