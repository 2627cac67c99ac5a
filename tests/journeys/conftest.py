"""The whole service running, with people who work in it, for whole stories."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import create_app
from helpline.contacts.models import Call
from helpline.partners.pins import set_pin
from helpline.staff.accounts import create_staff
from helpline.staff.models import Staff
from helpline.staff.tokens import issue_token
from helpline.store.db import db
from tests.helpline.conftest import migrated_database, settings_for
from tests.journeys.people import Colleague, Leg, Phones, eventually
from tests.journeys.running_service import RunningService, as_environment, free_port
from tests.servers import ServersFolder, TestPostgres, TestValkey

__all__ = ["migrated_database"]

HELPLINE = "+97444000919"
# Speech and silences pass this many times faster than in life; the service's own clocks do not.
SPEED = "20"
# Keys are clicked one by one here, by a browser that has to share its machine: a PIN must not time out meanwhile.
SPEED_FOR_FINGERS = "6"
FIRST_DESK, SECOND_DESK, LAST_DESK = "+97455000111", "+97455000112", "+97455000119"
PINS = {"community_police_north": "4711", "community_police_south": "4712", "police_operations_room": "4713"}


class Helpline:
    """A running helpline of a test's own: its processes, its phones and its people."""

    def __init__(self, database_url: str, valkey: TestValkey, logs: Path, phonebook: Path | None = None, **more: str):
        self.logs, self.valkey = logs, valkey
        self._numbers = count(1)
        ports = {"PORT": str(free_port())}
        ports["SIMULATOR_PORT"] = str(int(ports["PORT"]) + 1)
        self.settings = settings_for(
            database_url,
            valkey.url,
            PUBLIC_BASE_URL=f"http://127.0.0.1:{ports['PORT']}",
            TWILIO_API_BASE_URL=f"http://127.0.0.1:{ports['SIMULATOR_PORT']}",
            SIMULATOR_FALLBACK=str(logs / "fallback.xml"),
            **ports,
            **({"SIMULATOR_SPEED": SPEED} | more),
            **({"SIMULATOR_PHONEBOOK": str(phonebook)} if phonebook else {}),
        )
        self.app = create_app(self.settings)
        commands = self.app.test_cli_runner()
        # As at the telephone company: the static document is hosted away from the service.
        commands.invoke(args=["fallback", "render", "--out", str(logs / "fallback.xml")], catch_exceptions=False)
        if phonebook:
            commands.invoke(args=["demo", "load"], catch_exceptions=False)
        self.service = RunningService(as_environment(self.settings), logs)
        self.phones = Phones(self.service.simulator_url)
        with self.app.app_context():
            for partner, pin in PINS.items():
                set_pin(db.session(), partner, pin, "operator")
            db.session.commit()

    def hire(self, name: str, device: str, role: str = "counsellor", **skills: object) -> Colleague:
        """Someone who works here, with a phone that is picked up at once."""
        with self.app.app_context():
            facts = {"languages": ["ar", "en"], "actor": "operator", "role": role, "name": name} | skills
            person = create_staff(
                db.session(),
                self.app.extensions["helpline"].keys,
                email=f"{name}.{next(self._numbers)}@helpline.example",
                device_number=device,
                **facts,
            )
            token = issue_token(db.session(), person, "operator")
            db.session.commit()
        self.phones.set_behaviour(device, "answer")
        return Colleague(self.service.url, token)

    def dial(self, child: str) -> Leg:
        """A child dials the helpline and hears its first words."""
        leg = self.phones.dial(child, HELPLINE)
        leg.hears("9")
        return leg

    def contact_of(self, call_sid: str) -> dict:
        """A contact as an auditor reads it."""
        with self.app.app_context():
            facts = {"languages": [], "actor": "operator", "role": "auditor", "name": "auditor", "device_number": None}
            email = f"auditor.{next(self._numbers)}@helpline.example"
            auditor = create_staff(db.session(), self.app.extensions["helpline"].keys, email=email, **facts)
            token = issue_token(db.session(), auditor, "operator")
            db.session.commit()
        return Colleague(self.service.url, token).get(f"/contacts?call_sid={call_sid}")

    def send_everyone_home(self) -> None:
        """All lines are put down, and nobody is on shift any more."""
        self.phones.put_all_down()
        with self.app.app_context():
            session = db.session()
            eventually(lambda: _count_live(session) == 0)
            session.execute(update(Staff).values(activity="offline", on_call=False, active=False))
            session.commit()

    def end(self) -> None:
        """Stop everything of it."""
        self.service.stop()
        with self.app.app_context():
            db.engine.dispose()


@contextmanager
def running_helpline(database_url: str, logs: Path, **more: Any) -> Iterator[Helpline]:
    """A helpline that runs on a migrated database and a Valkey of its own, and is gone afterwards."""
    folder = ServersFolder()
    valkey = TestValkey(folder)
    running = Helpline(database_url, valkey, logs, **more)
    try:
        running.service.start()
        yield running
    finally:
        running.end()
        valkey.stop()
        folder.remove()


@pytest.fixture(scope="session")
def new_database(postgres: TestPostgres, migrated_database: str) -> Callable[[], str]:
    """Make one more migrated database on the server that all stories share, and tell its URL."""
    return lambda: postgres.create_database(copy_of=migrated_database)


@pytest.fixture
def own_postgres(own_servers_folder: ServersFolder) -> Iterator[TestPostgres]:
    """A PostgreSQL for one story alone, which may kill it or look at its files."""
    server = TestPostgres(own_servers_folder)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def house(new_database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpline]:
    """One running helpline for a module's stories."""
    with running_helpline(new_database(), tmp_path_factory.mktemp("logs")) as running:
        yield running


@pytest.fixture(scope="module")
def demonstration(new_database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpline]:
    """The demonstration helpline with its own people, for a module's stories that play all their pages."""
    logs = tmp_path_factory.mktemp("logs")
    more = {"phonebook": logs / "phonebook.json", "SIMULATOR_SPEED": SPEED_FOR_FINGERS}
    with running_helpline(new_database(), logs, **more) as running:
        yield running


@pytest.fixture
def helpline(house: Helpline) -> Iterator[Helpline]:
    """The running helpline, with nobody on shift and nobody on the line when the story begins."""
    yield house
    house.send_everyone_home()


def _count_live(session: Session) -> int:
    session.rollback()
    live = select(func.count()).select_from(Call).where(Call.role == "caller", Call.ended_at.is_(None))
    return session.scalar(live)
