"""The pages of counsellors, shift leads and administrators: signing in, console, floor, contacts, flows, rules."""

from flask import Flask, current_app, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from config.categories import load_categories
from helpline.console.contact_acts import contact_acts
from helpline.console.contact_page import contact_pages
from helpline.console.counsellor import counsellor
from helpline.console.floor import floor
from helpline.console.flow_acts import flow_acts
from helpline.console.flow_pages import flow_pages
from helpline.console.handoff_acts import handoff_acts
from helpline.console.handoff_pages import handoff_pages
from helpline.console.headers import add_headers
from helpline.console.home import home
from helpline.console.languages import describe_language, set_up_languages
from helpline.console.mark_acts import mark_acts
from helpline.console.missed_acts import missed_acts
from helpline.console.missed_pages import missed_pages
from helpline.console.presenting import add_filters
from helpline.console.rule_acts import rule_acts
from helpline.console.rule_pages import rule_pages
from helpline.console.sign_in import set_up_sign_in
from helpline.console.softphone_acts import softphone_acts
from helpline.console.static_files import SOFTPHONE_SDK, static_files
from helpline.console.switches import switch_pages
from helpline.console.text_acts import text_acts
from helpline.line import Line

PAGES = (
    home,
    counsellor,
    softphone_acts,
    contact_acts,
    text_acts,
    handoff_acts,
    handoff_pages,
    floor,
    contact_pages,
    missed_pages,
    missed_acts,
    mark_acts,
    switch_pages,
    flow_pages,
    flow_acts,
    rule_pages,
    rule_acts,
)


def register(app: Flask) -> None:
    """Add signing in and the pages, each behind its guard."""
    line: Line = app.extensions["helpline"]
    app.extensions["categories"] = load_categories(line.settings.helpline_config_dir)
    app.extensions["softphone_sdk"] = SOFTPHONE_SDK
    set_up_sign_in(app, line)
    app.after_request_funcs.setdefault("security", []).append(add_headers)
    app.register_error_handler(CSRFError, _say_what_is_wrong)
    set_up_languages(app, line)
    add_filters(app)
    app.context_processor(describe_language)
    for blueprint in (*PAGES, static_files):
        app.register_blueprint(blueprint)


def _refuse_forged() -> None:
    current_app.extensions["csrf"].protect()


def _say_what_is_wrong(error: HTTPException) -> tuple[str, int]:
    """One calm page for all that is refused; a foreign record and an unknown one look alike."""
    forged = isinstance(error, CSRFError)
    status = 403 if forged else error.code
    return render_template("console/refused.html", status=status, forged=forged), status


for pages in PAGES:
    pages.before_request(_refuse_forged)
    pages.after_request(add_headers)
    pages.register_error_handler(HTTPException, _say_what_is_wrong)
