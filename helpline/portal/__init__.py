"""The partner's side: a page behind a link, in Arabic and English, on any phone and without any script."""

from flask import Flask, current_app
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from helpline.portal.acts import acts
from helpline.portal.guard import render
from helpline.portal.headers import add_headers
from helpline.portal.pages import pages
from helpline.portal.wording import load_wording


def register(app: Flask) -> None:
    """Add the pages, each behind its guard. Forged requests are told by what the console has set up."""
    app.extensions["portal_wording"] = load_wording()
    for blueprint in (pages, acts):
        app.register_blueprint(blueprint)


def _refuse_forged() -> None:
    current_app.extensions["csrf"].protect()


def _say_what_is_wrong(error: HTTPException) -> tuple[str, int]:
    """One calm page. A link that never was and one of another day look alike."""
    told, status = ("forged", 403) if isinstance(error, CSRFError) else ("nothing", error.code)
    return render("portal/refused.html", told=told), status


for blueprint in (pages, acts):
    blueprint.before_request(_refuse_forged)
    blueprint.after_request(add_headers)
    blueprint.register_error_handler(HTTPException, _say_what_is_wrong)
    blueprint.register_error_handler(CSRFError, _say_what_is_wrong)
