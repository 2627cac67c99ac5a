"""First credentials of an account: a password nobody chose and the secret of an authenticator."""

import secrets
from dataclasses import dataclass

from flask_security import hash_password
from flask_security.proxies import _security

PASSWORD_BYTES = 12


@dataclass(frozen=True)
class Credentials:
    """What to keep (`password_hash`, `totp_sealed`) and what to hand over once (`password`, `totp_key`, base32)."""

    password: str
    password_hash: str
    totp_key: str
    totp_sealed: str


def new_credentials() -> Credentials:
    """Make a password and an authenticator secret. Needs the application's context."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    sealed = _security.totp_factory.generate_totp_secret()
    return Credentials(password, hash_password(password), _security.totp_factory.get_totp_b32_key(sealed), sealed)
