"""Tokens for the JSON API: shown once, kept as a hash, ended at once when revoked."""

import secrets
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.staff.models import ApiToken, Staff
from helpline.store.types import utc_now

TOKEN_BYTES = 32


def issue_token(session: Session, staff: Staff, actor: str) -> str:
    """A new token for this person. What is returned is never seen again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(ApiToken(staff_id=staff.id, token_hash=_hash(token), created_at=utc_now()))
    record_act(session, actor=actor, action="token.issued", subject=f"staff:{staff.id}")
    return token


def find_by_token(session: Session, token: str) -> Staff | None:
    """Who this token speaks for; None when it is unknown, revoked, or its owner no longer works here."""
    query = (
        select(Staff)
        .join(ApiToken, ApiToken.staff_id == Staff.id)
        .where(ApiToken.token_hash == _hash(token), ApiToken.revoked_at.is_(None), Staff.active)
    )
    return session.scalars(query).one_or_none()


def revoke_tokens(session: Session, staff: Staff, actor: str) -> None:
    """End every token of this person."""
    ended = update(ApiToken).where(ApiToken.staff_id == staff.id, ApiToken.revoked_at.is_(None))
    session.execute(ended.values(revoked_at=utc_now()))
    record_act(session, actor=actor, action="token.revoked", subject=f"staff:{staff.id}")


def _hash(token: str) -> bytes:
    # 256 random bits need no slow hash: there is nothing to guess.
    return sha256(token.encode()).digest()
