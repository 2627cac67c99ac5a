"""Starts the whole service in order, keeps it running, and stops it in order."""

import os
import shutil
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline.onebox import postgres, screen, valkey
from helpline.onebox.accounts import Account, find_server_account
from helpline.onebox.children import Program, die_with_parent, open_log
from helpline.onebox.environment import complete_environment, is_given, make_own_values
from helpline.onebox.folders import (
    PROJECT,
    DataFolder,
    choose_data_folder,
    hold_data_folder,
    make_socket_folder,
)
from helpline.onebox.ports import choose_ports
from helpline.onebox.postgres import PostgresServer
from helpline.onebox.secrets_file import load_secrets, write_private_json
from helpline.onebox.server_binaries import ServerBinaries, find_server_binaries
from helpline.onebox.supervise import StopAsked, Supervisor
from helpline.onebox.valkey import ValkeyServer
from helpline.onebox.web_server import DEFAULT_HOST, web_server_command

DATABASE = "helpline"
WORKERS = ("worker 1", "worker 2")
SERVERS_READY_WITHIN_S = 30
STEP_WITHIN_S = 120
WEB_READY_WITHIN_S = 60
# Together they keep a stop inside ten seconds.
SERVICE_STOPS_WITHIN_S = 7
SERVERS_STOP_WITHIN_S = 3


class StepFailed(Exception):
    """A step of the start ended badly; its log has been shown."""


@dataclass(frozen=True)
class OneBox:
    """What one run has found out before it starts anything."""

    caller: Mapping[str, str]
    folder: DataFolder
    account: Account | None
    host: str
    ports: Mapping[str, int]


def run(caller: Mapping[str, str]) -> int:
    """Start everything and stay until a stop is asked for; return the exit status.

    Raises one of the refusals (PortRefused, DataFolderRefused, ...) before anything is started.
    """
    if "MAKELEVEL" in caller:
        # Killed outright, make could not pass anything on; then nobody would be left to stop us.
        die_with_parent(signal.SIGTERM, os.getppid())
    account = find_server_account()
    folder, where = choose_data_folder(caller, account)
    host = caller.get("HOST") or DEFAULT_HOST
    with hold_data_folder(folder, account):
        box = OneBox(caller, folder, account, host, choose_ports(caller, host))
        if where:
            screen.say(where)
        return _run_in(box)


def _run_in(box: OneBox) -> int:
    secrets = load_secrets(box.folder.secrets, database_exists=box.folder.postgres.exists())
    sockets = make_socket_folder(box.folder, box.account)
    supervisor = Supervisor(screen.say)
    supervisor.listen_for_stop()
    try:
        own = make_own_values(secrets, box.ports, box.folder.phonebook)
        own |= _start_servers(supervisor, box, sockets, secrets)
        write_private_json(box.folder.environment, own)
        _start_service(supervisor, box, complete_environment(box.caller, own))
        supervisor.keep_running()
    except StopAsked:
        pass
    except (StepFailed, TimeoutError) as failure:
        screen.say(str(failure))
        return 1
    finally:
        _stop_in_order(supervisor)
        if sockets.parent != box.folder.path:
            shutil.rmtree(sockets, ignore_errors=True)
    return 0


def _start_servers(supervisor: Supervisor, box: OneBox, sockets: Path, secrets: Mapping[str, str]) -> dict[str, str]:
    """Start those of the two servers that the caller did not bring; return their addresses."""
    binaries = find_server_binaries(box.account, box.folder / "servers")
    addresses = {}
    if not is_given(box.caller, "DATABASE_URL"):
        addresses["DATABASE_URL"] = _start_postgres(supervisor, box, sockets, secrets, binaries)
    if not is_given(box.caller, "REDIS_URL"):
        addresses["REDIS_URL"] = _start_valkey(supervisor, box, sockets, secrets, binaries)
    return addresses


def _start_postgres(
    supervisor: Supervisor,
    box: OneBox,
    sockets: Path,
    secrets: Mapping[str, str],
    binaries: ServerBinaries,
) -> str:
    server = PostgresServer(
        folder=box.folder.postgres,
        sockets=sockets,
        log=box.folder.logs / "postgres.log",
        binaries=binaries,
        account=box.account,
        superuser_password=secrets["POSTGRES_SUPERUSER_PASSWORD"],
        password=secrets["POSTGRES_PASSWORD"],
    )
    is_new = server.make_if_new()
    supervisor.start(server.program)
    supervisor.wait_until(server.is_ready, SERVERS_READY_WITHIN_S, postgres.NAME)
    screen.say(f"PostgreSQL {binaries.postgres_version} runs, {'new and empty' if is_new else 'with its data'}")
    return server.make_database(DATABASE)


def _start_valkey(
    supervisor: Supervisor,
    box: OneBox,
    sockets: Path,
    secrets: Mapping[str, str],
    binaries: ServerBinaries,
) -> str:
    server = ValkeyServer(
        folder=box.folder.valkey,
        sockets=sockets,
        log=box.folder.logs / "valkey.log",
        binaries=binaries,
        account=box.account,
        password=secrets["VALKEY_PASSWORD"],
    )
    server.write_settings()
    supervisor.start(server.program)
    supervisor.wait_until(server.is_ready, SERVERS_READY_WITHIN_S, valkey.NAME)
    screen.say("Valkey runs")
    return server.url


def _start_service(supervisor: Supervisor, box: OneBox, environment: Mapping[str, str]) -> None:
    """Migrate, then start the web server while the demonstration helpline is loaded, then the rest."""

    def flask(name: str, *command: str) -> Program:
        return _program(box, environment, name, (sys.executable, "-m", "flask", "--app", "app", *command))

    _run_step(supervisor, flask("migrate", "db", "upgrade"), "The database is up to date")
    web = web_server_command(box.host, box.ports["PORT"])
    supervisor.start(_program(box, environment, "web", web))
    _run_step(supervisor, flask("demo", "demo", "load"), "The demonstration helpline is loaded")
    for worker in WORKERS:
        supervisor.start(flask(worker, "work"))
    supervisor.start(flask("clock", "clock"))
    supervisor.start(flask("simulator", "simulator"))
    _wait_for_answers(supervisor, box)


def _program(box: OneBox, environment: Mapping[str, str], name: str, command: tuple[str, ...]) -> Program:
    log = open_log(box.folder.logs / f"{name.replace(' ', '-')}.log")
    return Program(name=name, command=command, environment=environment, log=log, folder=PROJECT)


def _run_step(supervisor: Supervisor, program: Program, done: str) -> None:
    if supervisor.run_to_end(program, STEP_WITHIN_S) != 0:
        screen.show_log_end(program.log)
        raise StepFailed(f"'{' '.join(program.command[1:])}' failed; everything is stopped")
    screen.say(done)


def _wait_for_answers(supervisor: Supervisor, box: OneBox) -> None:
    console = f"http://{_reachable(box.host)}:{box.ports['PORT']}"
    try:
        supervisor.wait_until(lambda: _is_healthy(f"{console}/readyz"), WEB_READY_WITHIN_S, "web")
    except TimeoutError:
        screen.show_log_end(box.folder.logs / "web.log")
        raise
    screen.say("The web server answers")
    simulator_port = box.ports["SIMULATOR_PORT"]
    supervisor.wait_until(lambda: _listens(simulator_port), WEB_READY_WITHIN_S, "simulator")
    screen.say("Workers, clock and phone simulator run")
    addresses = {"console": f"{console}/", "simulator": f"http://127.0.0.1:{simulator_port}/"}
    screen.show_welcome(addresses, box.folder.phonebook, box.folder.path)


def _reachable(host: str) -> str:
    return DEFAULT_HOST if host in ("0.0.0.0", "::") else host


def _is_healthy(url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _stop_in_order(supervisor: Supervisor) -> None:
    """First those who take calls and work, then the phone line they speak to, last what they write to."""
    screen.say("Stopping")
    supervisor.stop(("web", "clock", *WORKERS), SERVICE_STOPS_WITHIN_S)
    supervisor.stop(("simulator",), 1)
    supervisor.stop_all(SERVERS_STOP_WITHIN_S)
    screen.say("Stopped")
