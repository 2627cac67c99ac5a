"""Small types that every table uses: identifiers that cannot be guessed, and times that are always UTC."""

import os
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.types import TypeDecorator


def new_id() -> UUID:
    """128 random bits. Not a version-4 UUID, which spends six of them on saying so (OWASP ASVS 11.5.1)."""
    return UUID(bytes=os.urandom(16))


def utc_now() -> datetime:
    """The present instant, aware, in UTC. Pure rooms never call this; they are told the time."""
    return datetime.now(UTC)


class UTCTime(TypeDecorator):
    """A timestamp with time zone that refuses a naive value instead of guessing its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value
