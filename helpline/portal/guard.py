"""Who may come in: whoever holds a link. What they may see and do is for the link's standing and the PIN to say."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import abort, current_app, render_template, request, session
from sqlalchemy.orm import Session

from helpline.handoff.link_models import PartnerLink
from helpline.handoff.links import find_link
from helpline.handoff.models import Handoff, Offer
from helpline.line import Line
from helpline.portal.wording import NAMES, Wording
from helpline.store.db import db

# In the browser's session: which offers this browser has given the right PIN for, and until when.
OPENED = "partner_opened"


def for_link_holders(view: Callable) -> Callable:
    """The view gets the link whose token stands in the address. A made-up one finds nothing."""

    @wraps(view)
    def guarded(token: str, **parts: Any) -> Any:
        link = find_link(the_session(), token)
        if link is None:
            abort(404)
        return view(link, token, **parts)

    guarded.guard = "whoever holds a link to this offer"
    return guarded


def open_to_everyone(view: Callable) -> Callable:
    """A file that tells nothing."""
    view.guard = "everyone"
    return view


def the_line() -> Line:
    """The line that this application serves."""
    return current_app.extensions["helpline"]


def the_session() -> Session:
    """The request's database session."""
    return db.session()


def find_matter(link: PartnerLink) -> tuple[Offer, Handoff]:
    """What the link is about."""
    offer = the_session().get_one(Offer, link.offer_id)
    return offer, the_session().get_one(Handoff, offer.handoff_id)


def remember_pin(offer_id: UUID) -> None:
    """This browser has given the right PIN. It gets a new session name, so that one planted before is worth nothing."""
    current_app.session_interface.regenerate(session)
    until = time.time() + the_line().helpline.partner_pages.shown_s
    session[OPENED] = {**session.get(OPENED, {}), str(offer_id): until}


def pin_was_given(offer_id: UUID) -> bool:
    """Whether this browser has given the right PIN for this offer a short while ago."""
    return session.get(OPENED, {}).get(str(offer_id), 0) > time.time()


def choose_wording(own: tuple[str, ...] = ()) -> Wording:
    """The language asked for in the address, else the partner's own first, else the browser's."""
    wordings: dict[str, Wording] = current_app.extensions["portal_wording"]
    asked = request.args.get("lang", "")
    if asked not in wordings:
        asked = next((code for code in own if code in wordings), request.accept_languages.best_match(NAMES) or "ar")
    return wordings[asked]


def render(template: str, *, own: tuple[str, ...] = (), **values: object) -> str:
    """A page in the right language."""
    line, words = the_line(), choose_wording(own)
    about = {"words": words, "say": words.say, "tell": words.tell, "other_languages": NAMES}
    helpline = {"helpline_name": line.helpline.helpline.name, "call_back": line.helpline.numbers.caller_id}
    return render_template(template, **about, **helpline, **values)
