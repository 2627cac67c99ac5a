"""Who may come in: each console route says so beside its path, and silence means nobody."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, abort, current_app, redirect, request, url_for
from flask_security import current_user
from sqlalchemy.orm import Session

from helpline.line import Line
from helpline.staff.models import ROLES, Staff
from helpline.store.db import db

# What the page's own scripts send with each request, so that they get an answer and not a sign-in page.
FROM_SCRIPT = "X-Console"


def open_to(*roles: str) -> Callable:
    """Let in people with one of these roles. Others are told so; strangers are sent to sign in."""

    def guard(view: Callable) -> Callable:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return _ask_to_sign_in()
            if current_user.role not in roles:
                abort(403)
            return view(*args, **kwargs)

        guarded.guard = f"signed in as {', '.join(roles)}"
        return guarded

    return guard


def open_to_everyone(view: Callable) -> Callable:
    """A page that shows and changes nothing of the helpline's."""
    view.guard = "everyone"
    return view


anyone_signed_in = open_to(*ROLES)


def _ask_to_sign_in() -> Response:
    if (
        request.method != "GET"
        or FROM_SCRIPT in request.headers
        or request.accept_mimetypes.best == "text/event-stream"
    ):
        abort(401)
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")), 303)


def the_line() -> Line:
    """The line that this application serves."""
    return current_app.extensions["helpline"]


def the_session() -> Session:
    """The request's database session."""
    return db.session()


def the_person() -> Staff:
    """Whoever is signed in."""
    return current_user._get_current_object()
