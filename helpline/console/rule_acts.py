"""Putting tried rules in force with two people, ending a trial, going back. Each act is on record."""

from flask import Blueprint
from flask_babel import gettext as _

from helpline.answering import actor_of
from helpline.console.acts import act, required
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.rule_pages import REVIEWING
from helpline.contacts.stages import Invalid
from helpline.rule_book import candidates, promoting

rule_acts = Blueprint("rule_acts", __name__, url_prefix="/rules")

PAGE = "rule_pages.page"


@rule_acts.post("/ask")
@open_to(*REVIEWING)
@act(PAGE)
def ask() -> str:
    """Ask another person to put the rules on trial in force."""
    candidates.read_ahead(the_session())
    book, actor = the_line().rule_book, actor_of(the_person())
    promoting.ask_to_promote(the_session(), book, _one_line("change"), seen=_seen(), actor=actor)
    return _("Asked. Somebody else has to approve it.")


@rule_acts.post("/approve")
@open_to(*REVIEWING)
@act(PAGE)
def approve() -> str:
    """The second person has looked at it."""
    candidates.read_ahead(the_session())
    promoting.approve(the_session(), the_line().rule_book, seen=_seen(), actor=actor_of(the_person()))
    return _("These rules are in force within seconds. Contacts under way keep their levels.")


@rule_acts.post("/stop")
@open_to(*REVIEWING)
@act(PAGE)
def stop() -> str:
    """End the trial; also the second person's way of saying no."""
    candidates.stop_trial(the_session(), _one_line("reason"), seen=_seen(), actor=actor_of(the_person()))
    return _("The trial has ended. What it has shown stays on record.")


@rule_acts.post("/go-back")
@open_to(*REVIEWING)
@act(PAGE)
def go_back() -> str:
    """Put the rules in force again that were before the present ones."""
    session, book = the_session(), the_line().rule_book
    promoting.roll_back(session, book, _one_line("reason"), to=_number("to"), actor=actor_of(the_person()))
    return _("These rules are in force within seconds. Contacts under way keep their levels.")


def _seen() -> int:
    """The candidate that the page was drawn with."""
    return _number("seen")


def _number(field: str) -> int:
    given = required(field)
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise Invalid(field)
    return int(given)


def _one_line(field: str) -> str:
    words = required(field)
    if len(words) > candidates.LONGEST_LINE:
        raise Invalid(field)
    return words
