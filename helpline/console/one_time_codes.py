"""Authenticator codes: secrets sealed under the field keys, and every code accepted once."""

from collections.abc import Sequence
from hashlib import sha256

from flask_security import Totp
from passlib.exc import UsedTokenError
from passlib.totp import TOTP, AppWallet, TotpMatch
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from helpline.console.models import UsedCode
from helpline.staff.models import Staff
from helpline.store.db import db


class OneTimeCodes(Totp):
    """Flask-Security's codes, with protection against a code that is used twice."""

    def __init__(self, field_keys: Sequence[bytes], issuer: str):
        secrets = {_tag(key): _wrapping_secret(key) for key in field_keys}
        wallet = AppWallet(secrets, default_tag=_tag(field_keys[0]))
        self._totp = TOTP.using(issuer=issuer, wallet=wallet)

    def get_last_counter(self, user: Staff) -> int | None:
        with db.engine.connect() as connection:
            return connection.scalar(select(UsedCode.counter).where(UsedCode.staff_id == user.id))

    def set_last_counter(self, user: Staff, tmatch: TotpMatch) -> None:
        """Mark the code as used. Raises UsedTokenError when another request was faster with it."""
        new = insert(UsedCode).values(staff_id=user.id, counter=tmatch.counter)
        newer = new.on_conflict_do_update(
            index_elements=[UsedCode.staff_id],
            set_={"counter": new.excluded.counter},
            where=UsedCode.counter < new.excluded.counter,
        )
        with db.engine.begin() as connection:
            if connection.scalar(newer.returning(UsedCode.counter)) is None:
                raise UsedTokenError


def _tag(key: bytes) -> str:
    # Named after the key itself, so that the name stays when keys are added before it or dropped after it.
    return sha256(b"one-time code tag" + key).hexdigest()[:12]


def _wrapping_secret(key: bytes) -> str:
    return sha256(b"one-time code secrets" + key).hexdigest()
