"""The service behind its real web server, one process, with a Valkey that a test may kill."""

import os
import time
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from helpline.feed.streams import SEND_AGAIN_S
from helpline.line import Line
from helpline.onebox.children import Program
from helpline.onebox.web_server import web_server_command
from helpline.staff.accounts import create_staff, find_by_email
from helpline.staff.tokens import issue_token
from tests.helpline.conftest import PUBLIC, settings_for
from tests.helpline.feed.event_stream import EventStream
from tests.helpline.phone_company import PhoneCompany
from tests.journeys.running_service import PROJECT, Process, as_environment, free_port
from tests.servers import ServersFolder, TestPostgres, TestValkey


@pytest.fixture(scope="module")
def own_valkey() -> Iterator[TestValkey]:
    folder = ServersFolder()
    server = TestValkey(folder)
    yield server
    server.kill()
    folder.remove()


@pytest.fixture(scope="module")
def settings(postgres: TestPostgres, migrated_database: str, own_valkey: TestValkey) -> Settings:
    """One database for the module: starting the web server takes seconds. Each test leaves the queue empty."""
    database = postgres.create_database(copy_of=migrated_database)
    return settings_for(database, own_valkey.url, PORT=str(free_port()))


@pytest.fixture(scope="module")
def web(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """One process of the production web server."""
    command = list(web_server_command("127.0.0.1", settings.port))
    command[command.index("--workers") + 1] = "1"
    log = tmp_path_factory.mktemp("web") / "web.log"
    log.touch()
    environment = os.environ | as_environment(settings)
    program = Program(name="web", command=tuple(command), environment=environment, log=log, folder=PROJECT)
    process = Process(program, f"http://127.0.0.1:{settings.port}/healthz")
    process.start()
    yield process
    process.stop()


@pytest.fixture
def child_waits(app: Flask) -> Iterator[Callable[[], None]]:
    """A child calls the line and presses the danger key. `app` is another process: the web server hears of it."""
    company = PhoneCompany(app, PUBLIC)
    calls = []

    def call() -> None:
        calls.append(company.call(f"+9745500000{len(calls)}"))
        calls[-1].press("9")

    yield call
    for waiting in calls:
        waiting.hang_up()


@pytest.fixture
def watch(web: Process, settings: Settings, session: Session, line: Line) -> Iterator[Callable[..., EventStream]]:
    """`watch(role)` opens the stream of one person with this role, the same person each time."""
    opened: list[EventStream] = []

    def watch_as(role: str) -> EventStream:
        opened.append(EventStream(settings.port, _token_of(session, line, role)))
        return opened[-1]

    yield watch_as
    for stream in opened:
        stream.close()
    _wait_until_places_are_free(settings, line)


def _wait_until_places_are_free(settings: Settings, line: Line) -> None:
    """A client's going is noticed when something is written to it."""
    give_up_at = time.monotonic() + 2 * SEND_AGAIN_S
    while "helpline_streams_open 0.0" not in _figures(settings):
        assert time.monotonic() < give_up_at, "streams stay open after their clients have gone"
        line.bell.tell_viewers(["floor"])
        time.sleep(0.1)


def _figures(settings: Settings) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/metrics", timeout=5) as answer:
        return answer.read().decode()


def _token_of(session: Session, line: Line, role: str) -> str:
    email = f"{role}@example.org"
    person = find_by_email(session, email) or create_staff(
        session,
        line.keys,
        email=email,
        name=role,
        role=role,
        languages=["en"],
        device_number=None,
        actor="operator",
    )
    token = issue_token(session, person, "operator")
    session.commit()
    return token
