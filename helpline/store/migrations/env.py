"""Runs migrations against the service's database, with limits so that a migration never blocks a child's call."""

from alembic import context
from flask import current_app
from flask_security import AsaList
from sqlalchemy import text

from helpline.store.types import UTCTime

PLAIN = {UTCTime: "sa.DateTime(timezone=True)", AsaList: "sa.UnicodeText()"}
database = current_app.extensions["migrate"].db


def render_item(kind: str, item: object, _autogenerate_context: object) -> str | bool:
    """Write column types that are not SQLAlchemy's own as plain ones: migrations outlive the code they came from."""
    return PLAIN.get(type(item), False) if kind == "type" else False


def run() -> None:
    """Apply migrations, each in a transaction of its own."""
    with database.engine.connect() as connection:
        # A lock not granted quickly is given up, so that live calls never queue behind a migration; the work
        # itself may take its time.
        connection.execute(text("SET lock_timeout = '2s'; SET statement_timeout = 0"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            transaction_per_migration=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
