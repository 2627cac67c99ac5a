"""Signing in: a password and an authenticator code for everyone, through Flask-Security, with our own limits.

There is no registration, no recovery by e-mail and no remembered browser: accounts are made and reset by an
administrator. Of the library's pages only three are open; everything else it brings answers 404.
"""

from typing import NoReturn

import structlog
from flask import Flask, abort, redirect, request, session, url_for
from flask_login import user_logged_in
from flask_security import LoginForm, Security, SQLAlchemyUserDatastore, TwoFactorVerifyCodeForm, current_user
from flask_wtf import CSRFProtect

from helpline.audit.record import record_act
from helpline.console.attempts import TooManyAttempts, attempt_succeeded, begin_attempt
from helpline.console.guard import the_line
from helpline.console.languages import CHOSEN_LANGUAGE
from helpline.console.one_time_codes import OneTimeCodes
from helpline.console.sessions import DatabaseSessions
from helpline.line import Line
from helpline.staff.models import Role, Staff
from helpline.store.db import db

log = structlog.get_logger()

OPEN_PAGES = {
    "security.login": "everyone: the sign-in page",
    "security.two_factor_token_validation": "whoever has just given a right password",
    "security.two_factor_setup": "whoever has just given a right password and has no authenticator yet",
}
# A code is taken half a minute early or late: telephones' clocks differ.
CODE_WINDOW_S = 30


class PasswordForm(LoginForm):
    """The first step. Unknown person, wrong password and ended account all fail alike; too many tries also do."""

    remember = None

    def validate(self, **others: object) -> bool:
        return _counted(self, "password", self.email.data or "", lambda: super(PasswordForm, self).validate(**others))


class CodeForm(TwoFactorVerifyCodeForm):
    """The second step."""

    def validate(self, **others: object) -> bool:
        return _counted(self, "code", self.user.email, lambda: super(CodeForm, self).validate(**others))


def _counted(form: LoginForm | CodeForm, step: str, account: str, is_right) -> bool:
    try:
        attempt = begin_attempt(the_line().keys, step, account, request.remote_addr or "unknown")
    except TooManyAttempts:
        log.warning("too_many_sign_in_attempts", step=step)
        form.too_many = True
        return False
    if not is_right():
        return False
    attempt_succeeded(attempt)
    return True


def set_up_sign_in(app: Flask, line: Line) -> CSRFProtect:
    """Wire Flask-Security, sessions and the protection against forged requests into the application."""
    app.config.update(
        SESSION_COOKIE_NAME="console",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=line.settings.public_base_url.startswith("https"),
        # Each page sends no referrer, so there is none to check; the token is what counts.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL="/sign-in/code",
        SECURITY_TWO_FACTOR_SETUP_URL="/sign-in/authenticator",
        SECURITY_LOGIN_USER_TEMPLATE="console/sign_in.html",
        SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE="console/sign_in_code.html",
        SECURITY_TWO_FACTOR_SETUP_TEMPLATE="console/sign_in_authenticator.html",
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_REQUIRED=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY=CODE_WINDOW_S,
        SECURITY_TWO_FACTOR_RESCUE_EMAIL=False,
        SECURITY_TOTP_SECRETS={"1": "not used: see OneTimeCodes"},
        SECURITY_TOTP_ISSUER="Helpline",
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_CACHE_CONTROL=None,  # see headers.py
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
    )
    app.session_interface = DatabaseSessions(app)
    csrf = CSRFProtect(app)
    issuer = line.helpline.helpline.name["en"]
    Security(
        app,
        SQLAlchemyUserDatastore(db, Staff, Role),
        login_form=PasswordForm,
        two_factor_verify_code_form=CodeForm,
        totp_cls=lambda secrets, issuer_name: OneTimeCodes(line.settings.field_key_ring, issuer),
    )
    _close_other_pages(app)
    _look_nobody_up_early(app)
    app.before_request_funcs.setdefault("security", []).append(_only_strangers)
    user_logged_in.connect(_begin_session, app)
    return csrf


def _look_nobody_up_early(app: Flask) -> None:
    """A child's webhook and a program's request have guards of their own: the library leaves them alone.

    Its tokens, which it would also take from a body or an address, are nothing that we ever give out.
    """
    app.login_manager.request_loader(None)
    early = app.before_request_funcs.get(None, [])
    early[:] = [look for look in early if look.__module__ != "flask_principal"]


def _close_other_pages(app: Flask) -> None:
    for endpoint in [name for name in app.view_functions if name.startswith("security.")]:
        if endpoint in OPEN_PAGES:
            app.view_functions[endpoint].guard = OPEN_PAGES[endpoint]
        else:
            app.view_functions[endpoint] = _closed


def _closed(**_parts: str) -> NoReturn:
    abort(404)


_closed.guard = "nobody: closed"


def _only_strangers():
    """No programs here, and nobody who is signed in already: an authenticator is never changed by a stolen session."""
    if request.is_json or request.endpoint not in OPEN_PAGES:
        abort(404)
    if current_user.is_authenticated:
        return redirect(url_for("home.start"), 303)
    return None


def _begin_session(app: Flask, user: Staff, **_others: object) -> None:
    """A new session id at sign-in, so that one planted before is worth nothing after."""
    app.session_interface.regenerate(session)
    app.session_interface.drop_expired()
    session.pop("csrf_token", None)
    if chosen := session.pop(CHOSEN_LANGUAGE, None):
        user.interface_language = chosen
    record_act(db.session(), actor=f"staff:{user.id}", action="staff.signed_in", subject=f"staff:{user.id}")
