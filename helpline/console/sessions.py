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
from sqlalchemy import Interval, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

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
        kept = select(ConsoleSession.data).where(
            ConsoleSession.id_hash == _hash(store_id), ConsoleSession.expires_at > utc_now()
        )
        with db.engine.begin() as connection:
            data = connection.scalar(kept)
        return None if data is None else self.serializer.decode(data)

    def _delete_session(self, store_id: str) -> None:
        with db.engine.begin() as connection:
            connection.execute(delete(ConsoleSession).where(ConsoleSession.id_hash == _hash(store_id)))

    def _upsert_session(self, session_lifetime: timedelta, session: ServerSideSession, store_id: str) -> None:
        session[LAST_KEPT] = int(time.time())
        now = utc_now()
        data = self.serializer.encode(session)
        new = insert(ConsoleSession).values(
            id_hash=_hash(store_id), data=data, started_at=now, expires_at=now + IDLE_LIMIT
        )
        kept = new.on_conflict_do_update(
            index_elements=[ConsoleSession.id_hash],
            set_={
                "data": data,
                "expires_at": func.least(
                    now + IDLE_LIMIT, ConsoleSession.started_at + literal(ABSOLUTE_LIMIT, Interval())
                ),
            },
        )
        with db.engine.begin() as connection:
            connection.execute(kept)

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
