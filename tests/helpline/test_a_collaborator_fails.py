"""Whatever breaks under us, at whichever webhook: the child hears a sound answer that leads on, and arrives after all.

The faults are real ones: a table that is not there fails every statement about it, and a cache that nobody answers at.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import text

from app import create_app
from helpline.store.db import db
from helpline.telephony.twiml_check import check_twiml, leads_on
from tests.helpline.conftest import PUBLIC, settings_for
from tests.helpline.phone_company import ChildsCall, PhoneCompany
from tests.helpline.test_every_way_by_webhook import Caller

# How a child comes to each kind of webhook: keys pressed before, and the webhook's path and fields.
ANYWHERE = {
    "the first words": ((), "/voice/incoming", {}),
    "a key in a menu": (("1",), "/voice/step?n=2", {"Digits": "1"}),
    "the last key of the menus": (("1",), "/voice/step?n=2", {"Digits": "9"}),
    "silence in a menu": (("1",), "/voice/step?n=2", {}),
    "the waiting loop": (("0",), "/voice/waiting?n=2", {"QueueSid": "QU" + "b" * 32}),
    "danger while waiting": (("0",), "/voice/waiting?n=2", {"Digits": "9"}),
    "a full hold queue": (("0",), "/voice/hold-ended?n=2", {"QueueResult": "queue-full"}),
    "the door of the room": (("0",), "/voice/room", {}),
    "out of the room": (("0",), "/voice/room-left?n=2", {}),
    "back in line": (("0",), "/voice/back-in-line", {}),
    "back after a fault": ((), "/voice/incoming?chance=1&danger=0", {}),
}
NEEDED_BY_A_CALL = (
    "contacts",
    "calls",
    "flow_sessions",
    "contact_events",
    "queue_entries",
    "webhook_receipts",
    "audit",
    "timers",
    "owed_work",
)


@contextmanager
def gone(table: str) -> Iterator[None]:
    """While this lasts, the database knows no such table."""
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_gone"))
    yield
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table}_gone RENAME TO {table}"))


def ask(call: ChildsCall, path: str, fields: dict[str, str]) -> None:
    """One webhook whose answer must be sound and lead on, whatever it is."""
    heard = call.ask(path, **fields)
    assert heard.status == 200
    assert check_twiml(heard.xml, on_hold=path.startswith("/voice/waiting")) == [], heard.xml
    assert leads_on(heard.xml), heard.xml


def come_back(call: ChildsCall) -> None:
    """Do as the answers say until the child is on hold; each is asked for where the one before it pointed."""
    for _ in range(6):
        if call.heard.find("Enqueue") is not None or call.heard.find("Gather") is not None:
            return
        redirects = call.heard.root.findall("Redirect")
        ask(call, redirects[-1].text, {})
    raise AssertionError(f"never came to a person: {call.heard.xml}")


def test_the_tables_a_call_needs_are_those_of_the_database(app: Flask):
    assert set(NEEDED_BY_A_CALL) <= set(db.metadata.tables)


@pytest.mark.parametrize("table", NEEDED_BY_A_CALL)
def test_a_table_that_is_gone_loses_nobody(app: Flask, phone_company: PhoneCompany, table: str):
    for keys, path, fields in ANYWHERE.values():
        caller = Caller(phone_company).goes_to(keys)
        with gone(table):
            ask(caller.call, path, fields)
        come_back(caller.call)
        assert caller.contact().state in ("menu", "waiting")
        if fields.get("Digits") == "9":
            assert caller.contact().level == "critical"


def test_a_cache_that_is_gone_changes_nothing_for_the_child(app: Flask, settings):
    without = create_app(settings_for(settings.database_url, "redis://127.0.0.1:9/0"))
    with without.app_context():
        company = PhoneCompany(without, PUBLIC)
        for keys, path, fields in ANYWHERE.values():
            ask(Caller(company).goes_to(keys).call, path, fields)
        db.session.remove()
        db.engine.dispose()
