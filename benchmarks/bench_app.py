"""The service with two reference routes beside its own, so that all are measured on one server in one run."""

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import Column, DateTime, Identity, Integer, MetaData, Table, Text, insert

from app import create_app
from helpline.store.db import db

rows = Table(
    "bench_rows",
    MetaData(),
    Column("id", Integer, Identity(), primary_key=True),
    Column("at", DateTime(timezone=True)),
    Column("note", Text),
)
INSERT = insert(rows)


def create_bench_app() -> Flask:
    """The service, plus /bench/constant and /bench/insert."""
    app = create_app()
    with app.app_context():
        rows.create(db.engine, checkfirst=True)

    @app.post("/bench/constant")
    def constant() -> str:
        return "well"

    @app.post("/bench/insert")
    def single_insert() -> str:
        with db.engine.begin() as connection:
            connection.execute(INSERT, {"at": datetime.now(UTC), "note": "one plain row"})
        return "well"

    constant.guard = single_insert.guard = "benchmark only"
    return app
