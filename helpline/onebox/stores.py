"""Starts the two servers that hold what the service writes, unless the caller brought their own."""

from helpline.onebox import postgres, screen, valkey
from helpline.onebox.box import OneBox
from helpline.onebox.environment import is_given
from helpline.onebox.postgres import PostgresServer
from helpline.onebox.server_binaries import ServerBinaries, find_server_binaries
from helpline.onebox.supervise import Supervisor
from helpline.onebox.valkey import ValkeyServer

DATABASE = "helpline"
READY_WITHIN_S = 30


def start_stores(supervisor: Supervisor, box: OneBox) -> dict[str, str]:
    """Start what is needed and wait until it answers; return the addresses by variable name."""
    binaries = find_server_binaries(box.account, box.folder / "servers")
    addresses = {}
    if not is_given(box.caller, "DATABASE_URL"):
        addresses["DATABASE_URL"] = _start_postgres(supervisor, box, binaries)
    if not is_given(box.caller, "REDIS_URL"):
        addresses["REDIS_URL"] = _start_valkey(supervisor, box, binaries)
    return addresses


def _start_postgres(supervisor: Supervisor, box: OneBox, binaries: ServerBinaries) -> str:
    server = PostgresServer(
        folder=box.folder.postgres,
        sockets=box.sockets,
        log=box.folder.logs / "postgres.log",
        binaries=binaries,
        account=box.account,
        superuser_password=box.secrets["POSTGRES_SUPERUSER_PASSWORD"],
        password=box.secrets["POSTGRES_PASSWORD"],
    )
    contents = "new and empty" if server.make_if_new() else "with its data"
    supervisor.start(server.program)
    supervisor.wait_until(server.is_ready, READY_WITHIN_S, postgres.NAME, server.log)
    screen.say(f"PostgreSQL {binaries.postgres_version} runs, {contents}")
    return server.make_database(DATABASE)


def _start_valkey(supervisor: Supervisor, box: OneBox, binaries: ServerBinaries) -> str:
    server = ValkeyServer(
        folder=box.folder.valkey,
        sockets=box.sockets,
        log=box.folder.logs / "valkey.log",
        binaries=binaries,
        account=box.account,
        password=box.secrets["VALKEY_PASSWORD"],
    )
    server.write_settings()
    supervisor.start(server.program)
    supervisor.wait_until(server.is_ready, READY_WITHIN_S, valkey.NAME, server.log)
    screen.say("Valkey runs")
    return server.url
