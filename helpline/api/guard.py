"""The guard beside every route: who may. A route without one is refused when the application starts."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session

from helpline.api.problems import NO_TOKEN, NOT_THIS_ROLE, Problem
from helpline.line import Line
from helpline.staff.models import ROLES, Staff
from helpline.staff.tokens import find_by_token
from helpline.store.db import db

COUNSELLOR, SHIFT_LEAD, ADMINISTRATOR, AUDITOR = ROLES
EVERYONE_HERE = ROLES
ANSWERING = (COUNSELLOR, SHIFT_LEAD, ADMINISTRATOR)
WATCHING = (SHIFT_LEAD, ADMINISTRATOR)
LONGEST_TOKEN = 200

View = Callable[..., Any]


class RouteWithoutGuard(Exception):
    """A route does not say who may use it."""


def allowed(*roles: str) -> Callable[[View], View]:
    """Let in who holds a token of one of these roles. 401 without a token, 403 with another role."""
    if not roles or not set(roles) <= set(ROLES):
        raise ValueError(f"name one or more of {', '.join(ROLES)}")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            g.caller = _find_caller()
            if g.caller.role not in roles:
                raise Problem(NOT_THIS_ROLE)
            return view(*args, **kwargs)

        guarded.guard = f"token: {', '.join(roles)}"
        guarded.roles = frozenset(roles)
        return guarded

    return guard


def open_to_all(why: str) -> Callable[[View], View]:
    """No token needed, for the reason given."""

    def mark(view: View) -> View:
        view.guard = f"open: {why}"
        view.roles = None
        return view

    return mark


def the_caller() -> Staff:
    """Who this request's token speaks for."""
    return g.caller


def the_line() -> Line:
    """The line that this application serves."""
    return current_app.extensions["helpline"]


def the_session() -> Session:
    """This request's database session."""
    return db.session()


def refuse_unguarded(app: Flask, blueprint: str) -> None:
    """Raise RouteWithoutGuard for the first route of `blueprint` that does not say who may use it."""
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith(f"{blueprint}.") and not hasattr(view, "guard"):
            raise RouteWithoutGuard(endpoint)


def _find_caller() -> Staff:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not 0 < len(token) <= LONGEST_TOKEN:
        raise Problem(NO_TOKEN)
    caller = find_by_token(the_session(), token)
    if caller is None:
        raise Problem(NO_TOKEN)
    return caller
