"""How levels come about: the rules in force and on trial, whose level would change, and what the rules missed."""

from flask import Blueprint, abort, render_template

from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.console.rule_views import compare_files, list_rule_versions, show_trial
from helpline.reviewing.misses import WEEK, find_misses
from helpline.rule_book.candidates import find_candidate
from helpline.rule_book.promoting import find_one_before
from helpline.store.types import utc_now

rule_pages = Blueprint("rule_pages", __name__, url_prefix="/rules")

REVIEWING = ("shift_lead", "administrator")


@rule_pages.get("")
@open_to(*REVIEWING)
def page() -> str:
    """Everything on one page: the trial first, for it waits for people."""
    session, book = the_session(), the_line().rule_book
    book.take_up(session)
    return render_template(
        "console/rules.html",
        edition=book.edition,
        unsigned=len(book.rules.unsigned),
        versions=list_rule_versions(session, book),
        way_back=find_one_before(session, book.edition.in_force),
        trial=show_trial(session, f"staff:{the_person().id}"),
        misses=find_misses(session, utc_now() - WEEK),
    )


@rule_pages.get("/trial")
@open_to(*REVIEWING)
def trial() -> str:
    """The lines in which the rules on trial differ from those in force, for whoever is to approve them."""
    session, book = the_session(), the_line().rule_book
    book.take_up(session)
    candidate = find_candidate(session) or abort(404)
    files = compare_files(book.read_files_in_force(session), candidate.files)
    return render_template("console/rules_compare.html", candidate=candidate, files=files)
