"""Server-side sessions in PostgreSQL: Redis may vanish and nobody is logged out, and a session can be ended from here.

Flask-Session brings the interface. Its own SQLAlchemy store commits the request's database session, creates
its table when the application is built and keeps session ids as they are; this one does none of that.
"""

import json
import time
from datetime import timedelta
from hashlib import sha256

from flask import Flask
from flask_session.base import Serializer, ServerSideSession, ServerSideSessionInterface
from sqlalchemy import delete, insert, select, update

from helpline.console.models import ConsoleSession
from helpline.store.db import db
from helpline.store.types import utc_now

# An open console page asks for news every few seconds, so only a browser that was closed or lost goes idle.
IDLE_LIMIT = timedelta(minutes=30)
# Longer than any shift: whoever stays signs in again.
ABSOLUTE_LIMIT = timedelta(hours=12)
# Between two writes of a session in which nothing has changed.
KEPT_ALIVE_EVERY_S = 60
LAST_KEPT = "last_kept"


class JsonSerializer(Serializer):
    """Sessions as JSON. The library's own falls back to pickle, which could run what it reads."""

    def encode(self, session: ServerSideSession) -> bytes:
        return json.dumps(dict(session)).encode()

    def decode(self, serialized_data: bytes) -> dict:
        return json.loads(serialized_data)


class DatabaseSessions(ServerSideSessionInterface):
    """Keeps each session in a row that ends by itself when idle or too old."""

    def __init__(self, app: Flask):
        super().__init__(app, key_prefix="", permanent=False)
        self.serializer = JsonSerializer()

    def should_set_storage(self, app: Flask, session: ServerSideSession) -> bool:
        return session.modified or time.time() - session.get(LAST_KEPT, 0) > KEPT_ALIVE_EVERY_S

    def _retrieve_session_data(self, store_id: str) -> dict | None:
        now = utc_now()
        kept = select(ConsoleSession.data).where(
            ConsoleSession.id_hash == _hash(store_id),
            ConsoleSession.expires_at > now,
            ConsoleSession.started_at > now - ABSOLUTE_LIMIT,
        )
        with db.engine.begin() as connection:
            data = connection.scalar(kept)
        return None if data is None else self.serializer.decode(data)

    def _delete_session(self, store_id: str) -> None:
        with db.engine.begin() as connection:
            connection.execute(delete(ConsoleSession).where(ConsoleSession.id_hash == _hash(store_id)))

    def _upsert_session(self, session_lifetime: timedelta, session: ServerSideSession, store_id: str) -> None:
        was_kept = LAST_KEPT in session
        session[LAST_KEPT] = int(time.time())
        now, data = utc_now(), self.serializer.encode(session)
        if was_kept:
            # Never inserted again: a request that began before a sign-out must not bring the session back.
            kept = update(ConsoleSession).where(ConsoleSession.id_hash == _hash(store_id))
            kept = kept.values(data=data, expires_at=now + IDLE_LIMIT)
        else:
            kept = insert(ConsoleSession).values(
                id_hash=_hash(store_id), data=data, started_at=now, expires_at=now + IDLE_LIMIT
            )
        with db.engine.begin() as connection:
            connection.execute(kept)

    def regenerate(self, session: ServerSideSession) -> None:
        """A new session id with a new row; the old one is worth nothing from now on."""
        super().regenerate(session)
        session.pop(LAST_KEPT, None)

    def drop_expired(self) -> None:
        """Forget sessions that have ended by themselves."""
        with db.engine.begin() as connection:
            connection.execute(delete(ConsoleSession).where(ConsoleSession.expires_at <= utc_now()))

    def is_alive(self, session_id: str) -> bool:
        """Whether this session has neither ended nor been ended. For streams that outlive a request."""
        return self._retrieve_session_data(session_id) is not None


def _hash(session_id: str) -> bytes:
    # 256 random bits need no slow hash.
    return sha256(session_id.encode()).digest()
