"""Counts failed tries to sign in, in the database, so that a restart forgives nobody and a lost cache opens nothing.

A try is written as failed before it is looked at, in a transaction of its own: many at once can not slip
through between counting and writing. If it can not be written, nobody signs in.
"""

from datetime import timedelta

from sqlalchemy import func, select, update

from helpline.console.models import SignInAttempt
from helpline.privacy.keys import KeyRing
from helpline.store.db import db
from helpline.store.types import utc_now

WINDOW = timedelta(minutes=15)
# One person who mistypes, one person under attack from many places, one place that tries many people.
MOST_FAILED_PAIR = 6
MOST_FAILED_ACCOUNT = 30
MOST_FAILED_ADDRESS = 60


class TooManyAttempts(Exception):
    """This account or this address has failed too often in the last quarter of an hour."""


def begin_attempt(keys: KeyRing, step: str, account: str, address: str) -> int:
    """Write down a try as failed and return its id. Raises TooManyAttempts."""
    row = {"account": keys.pseudonym(account.strip().lower()), "address": keys.pseudonym(address)}
    with db.engine.begin() as connection:
        added = SignInAttempt.__table__.insert().values(at=utc_now(), step=step, succeeded=False, **row)
        attempt_id = connection.scalar(added.returning(SignInAttempt.id))
    with db.engine.connect() as connection:
        pair, of_account, of_address = connection.execute(_failed(**row)).one()
    if pair > MOST_FAILED_PAIR or of_account > MOST_FAILED_ACCOUNT or of_address > MOST_FAILED_ADDRESS:
        raise TooManyAttempts
    return attempt_id


def attempt_succeeded(attempt_id: int) -> None:
    """It was the right password or code: it no longer counts against anyone."""
    with db.engine.begin() as connection:
        connection.execute(update(SignInAttempt).where(SignInAttempt.id == attempt_id).values(succeeded=True))


def _failed(account: bytes, address: bytes):
    ours, theirs = SignInAttempt.account == account, SignInAttempt.address == address
    recent = (SignInAttempt.at > utc_now() - WINDOW, ~SignInAttempt.succeeded)
    counts = (func.count().filter(ours & theirs), func.count().filter(ours), func.count().filter(theirs))
    return select(*counts).select_from(SignInAttempt).where(*recent, ours | theirs)
