"""The database: one Flask-SQLAlchemy object, its naming rules and its time limits.

Rooms take a `Session` as their first argument and never commit; the top floor commits once a request or a
step of a job, through `helpline.outbox.bell.commit`.
"""

from pathlib import Path

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

MIGRATIONS = Path(__file__).parent / "migrations"

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Sent with every connection. A statement that hangs must not hold a child's webhook: Twilio gives up after
# 15 s, so ours gives up after 4 and the caller hears the fallback, which leads to a person.
CONNECTION_OPTIONS = (
    "-c timezone=UTC -c statement_timeout=4000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=15000"
)


class Base(DeclarativeBase):
    """The base of every table; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def engine_options(pool_size: int = 8) -> dict:
    """SQLAlchemy engine options: fail fast rather than keep a caller waiting for a free connection."""
    return {
        "pool_size": pool_size,
        "max_overflow": 4,
        "pool_timeout": 2,
        "pool_use_lifo": True,
        "hide_parameters": True,  # an error message must not repeat what a child wrote
        "connect_args": {"connect_timeout": 2, "options": CONNECTION_OPTIONS},
    }
