"""Seals audit rows into a hash chain, and verifies it.

Chaining inside a child's webhook would make every webhook wait for every other one; so rows are written
unsealed with their change, and the clock seals them within a second, in order. From then on an edited,
removed or swapped row breaks the chain at its place.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow

FIRST_HASH = bytes(32)
BATCH = 500
SEALER_LOCK = 0x0A0D17  # any fixed number; one sealer at a time


@dataclass(frozen=True)
class Verdict:
    """What `verify_chain` found: rows walked, rows not yet sealed, and the first broken link if any."""

    sealed: int
    unsealed: int
    broken_at: int | None
    reason: str | None


def seal_rows(session: Session) -> int:
    """Seal up to BATCH unsealed rows. Returns how many. The caller commits."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(SEALER_LOCK))):
        return 0
    last = session.execute(
        select(AuditRow.seal_no, AuditRow.hash)
        .where(AuditRow.seal_no.is_not(None))
        .order_by(AuditRow.seal_no.desc())
        .limit(1)
    ).first()
    number, link = (last.seal_no, last.hash) if last else (0, FIRST_HASH)
    rows = session.scalars(select(AuditRow).where(AuditRow.seal_no.is_(None)).order_by(AuditRow.id).limit(BATCH)).all()
    for row in rows:
        number += 1
        row.seal_no, row.previous_hash = number, link
        row.hash = link = _hash_of(row, number, link)
    return len(rows)


def verify_chain(session: Session) -> Verdict:
    """Walk every sealed row in order and recompute its hash."""
    link, expected = FIRST_HASH, 0
    for row in _sealed_rows(session):
        expected += 1
        reason = _fault_in(row, expected, link)
        if reason:
            return Verdict(expected - 1, _count_unsealed(session), row.id, reason)
        link = row.hash
    return Verdict(expected, _count_unsealed(session), None, None)


def _fault_in(row: AuditRow, expected: int, link: bytes) -> str | None:
    if row.seal_no != expected:
        return f"row {expected} of the chain is missing"
    if row.previous_hash != link:
        return "does not follow the row before it"
    if row.hash != _hash_of(row, expected, link):
        return "was changed after it was sealed"
    return None


def _hash_of(row: AuditRow, number: int, link: bytes) -> bytes:
    told = [number, row.id, row.at.isoformat(), row.actor, row.action, row.subject, row.detail]
    return sha256(link + json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).digest()


def _sealed_rows(session: Session) -> Iterator[AuditRow]:
    query = select(AuditRow).where(AuditRow.seal_no.is_not(None)).order_by(AuditRow.seal_no)
    session.execute(text("SET LOCAL statement_timeout = 0"))
    return session.scalars(query.execution_options(yield_per=BATCH))


def _count_unsealed(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.seal_no.is_(None)))
