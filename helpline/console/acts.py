"""Every act of the console is a POST that ends in one commit, a sentence about it, and a way back to the page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, flash, jsonify, redirect, request, url_for
from flask_babel import lazy_gettext as _

from config.helpline import LEVELS
from helpline.console.guard import FROM_SCRIPT, the_line, the_session
from helpline.contacts.stages import ContactNotFound, Invalid, MoveNotAllowed, NotPossibleNow
from helpline.conversing import NotAllowedHere
from helpline.flow_book.drafts import DraftNotKept
from helpline.flow_book.publishing import DraftHasFaults, NothingToPublish, SamePerson, VersionUnknown
from helpline.following_up import NoPlanAllows, OutsideHours
from helpline.handoff.moving import HandoffNotFound, TransitionRefused
from helpline.live_queue.reservations import ReservationNotFound, ReservationOver
from helpline.outbox.bell import commit, roll_back
from helpline.proving import NotProven
from helpline.rule_book.candidates import NothingOnTrial, RulesHaveFaults
from helpline.rule_book.promoting import AskedAlready, NobodyAsked, NoWayBack, SameHand
from helpline.switches.turning import SwitchRefused, SwitchUnknown
from helpline.texting.outgoing import PointsElsewhere
from helpline.texting.sending import ContactNotYours, NoAnswerYet, TextsStopped, TextTooLong

CHANGED_MEANWHILE = _("That was not possible any more: things have moved on. This is how they stand now.")
REFUSALS = {
    ReservationOver: _("This offer is over. The child keeps their place and is offered to someone else."),
    ReservationNotFound: CHANGED_MEANWHILE,
    ContactNotFound: CHANGED_MEANWHILE,
    MoveNotAllowed: CHANGED_MEANWHILE,
    HandoffNotFound: CHANGED_MEANWHILE,
    TransitionRefused: CHANGED_MEANWHILE,
    ContactNotYours: CHANGED_MEANWHILE,
    NoPlanAllows: _("Nothing is recorded as safe for that, so nobody is called or written to."),
    NoAnswerYet: _("The agreed words went out. Anything else waits until an answer has come."),
    OutsideHours: _("It is outside the safe hours. A shift lead may pass over them, with a reason."),
    NotPossibleNow: CHANGED_MEANWHILE,
    NotAllowedHere: _("Only a shift lead may do that."),
    TextsStopped: _("No text was sent: this number gets no texts now. Offer a call instead, if it is safe."),
    TextTooLong: _("That was not sent: a text holds at most 1600 letters, fewer with emoji. Cut it in two."),
    PointsElsewhere: _(
        "That was not sent: it holds a link or number that is not on the list. Take it out, or ask a shift lead."
    ),
    SwitchUnknown: CHANGED_MEANWHILE,
    SwitchRefused: _("That switch cannot be turned so: say why in a few words, and for no longer than is allowed."),
    DraftNotKept: _("Somebody else has changed this draft meanwhile. This is how it stands now."),
    NothingToPublish: CHANGED_MEANWHILE,
    VersionUnknown: CHANGED_MEANWHILE,
    DraftHasFaults: _("A flow with faults is not published. Put them right first."),
    NotProven: _("It is not published: going through it in every way has found this."),
    SamePerson: _("Somebody else has to approve it: never the one who asked."),
    NothingOnTrial: CHANGED_MEANWHILE,
    AskedAlready: CHANGED_MEANWHILE,
    NobodyAsked: CHANGED_MEANWHILE,
    NoWayBack: CHANGED_MEANWHILE,
    RulesHaveFaults: _("Rules with faults are not put in force. The command line tells the faults."),
    SameHand: _("Somebody else has to approve it: never the one who asked."),
    Invalid: _("That could not be saved as it is: something is missing or too long."),
}
DONE, REFUSED = "done", "refused"
FAULTS_SHOWN = 3
ACT = "act"  # what the page's script says that it sends


def act(back_to: str, *same: str) -> Callable:
    """Commit what the view did, say what it returned, go back. A stated fact undoes it and is said instead.

    `same` names the parts of the address that the way back shares with the act, such as the flow.
    """

    def decorate(view: Callable[..., str | None]) -> Callable[..., Response]:
        @wraps(view)
        def acting(*args: Any, **kwargs: Any) -> Response:
            refused = False
            try:
                said = view(*args, **kwargs)
                commit(the_session(), the_line().bell)
                if said:
                    flash(str(said), DONE)
            except tuple(REFUSALS) as fact:
                roll_back(the_session())
                flash(_tell(fact), REFUSED)
                refused = True
            if request.headers.get(FROM_SCRIPT) == ACT:
                return jsonify(refused=refused)  # the page's script stays where it is, and keeps what was refused
            return redirect(_way_back(back_to, same), 303)

        return acting

    return decorate


def required(field: str) -> str:
    """A field of the form that must hold something. Raises Invalid."""
    given = request.form.get(field, "").strip()
    if not given:
        raise Invalid(field)
    return given


def required_level() -> str:
    """The level chosen in the form. Raises Invalid."""
    level = required("level")
    if level not in LEVELS:
        raise Invalid("level")
    return level


def _tell(fact: Exception) -> str:
    told = str(next(words for kind, words in REFUSALS.items() if isinstance(fact, kind)))
    return " · ".join((told, *fact.faults[:FAULTS_SHOWN])) if isinstance(fact, NotProven) else told


def _way_back(page: str, same: tuple[str, ...]) -> str:
    if contact_id := request.form.get("back_to_contact"):
        return url_for("contact_pages.contact_page", contact_id=contact_id)
    if missed_id := request.form.get("back_to_missed"):
        return url_for("missed_pages.row", missed_id=missed_id)
    return url_for(page, **{part: request.view_args[part] for part in same})
