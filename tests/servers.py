"""Real PostgreSQL and Valkey servers to throw away: the same code as `make run`, other folders."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from psycopg import sql
from sqlalchemy import make_url

from helpline.onebox.accounts import Account, find_server_account
from helpline.onebox.children import Program, end_group, has_ended, start_child
from helpline.onebox.folders import make_private_folder
from helpline.onebox.postgres import THROW_AWAY_SETTINGS, PostgresServer
from helpline.onebox.server_binaries import ServerBinaries, find_server_binaries
from helpline.onebox.valkey import ValkeyServer

READY_WITHIN_S = 20
ROOM_NEEDED_BYTES = 8 * 1024**3


def _quickest_folder() -> str | None:
    """Memory if there is room: tests copy hundreds of databases and keep none. None: the usual temporary folder."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_NEEDED_BYTES
    return str(memory) if roomy else None


class ServersFolder:
    """A folder of our own under the system's temporary folder; removed by `remove()`."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="helpline-test-", dir=_quickest_folder()))
        self.account: Account | None = find_server_account()
        self.path.chmod(0o711)
        self.sockets = self.path / "run"
        make_private_folder(self.sockets, self.account)
        self.binaries: ServerBinaries = find_server_binaries(self.account, self.path / "servers")

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


class RunningServer:
    """A server that a test may kill and start again; its data stays until its folder is removed."""

    def __init__(self, program: Program, is_ready: Callable[[], bool]) -> None:
        self._program = program
        self._is_ready = is_ready
        self._child: subprocess.Popen | None = None
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers. A server just killed may need a second try."""
        give_up_at = time.monotonic() + READY_WITHIN_S
        self._child = start_child(self._program)
        while not self._is_ready():
            if has_ended(self._child):
                end_group(self._child)
                self._child = start_child(self._program)
            if time.monotonic() > give_up_at:
                raise TimeoutError(self._program.log.read_text(encoding="utf-8", errors="replace")[-2000:])
            time.sleep(0.02)

    def kill(self) -> None:
        """End it at once with SIGKILL, as when the power goes."""
        end_group(self._child)

    def freeze(self) -> None:
        """Leave it alive and silent, as a machine that hangs; `thaw()` lets it go on."""
        self._child.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._child.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Stop in good order."""
        self._child.send_signal(self._program.stop_signal)
        self._child.wait(READY_WITHIN_S)


class TestPostgres(RunningServer):
    """A throw-away PostgreSQL. `create_database()` gives a new, empty one or a copy of another."""

    __test__ = False

    def __init__(self, folder: ServersFolder) -> None:
        self._numbers = count(1)
        self._server = PostgresServer(
            folder=folder.path / "postgres",
            sockets=folder.sockets,
            log=folder.path / "postgres.log",
            binaries=folder.binaries,
            account=folder.account,
            superuser_password="only-for-tests",
            password="only-for-tests",
            more_settings=tuple(THROW_AWAY_SETTINGS.items()),
        )
        self._server.make_if_new()
        super().__init__(self._server.program, self._server.is_ready)

    def create_database(self, copy_of: str = "template1") -> str:
        """Make a database of its own for a test and return its URL. `copy_of` names a database to copy."""
        return self._server.make_database(f"test_{next(self._numbers)}", template=copy_of)

    def drop_database(self, url: str) -> None:
        """Give a test's database up, whoever still holds on to it."""
        name = sql.Identifier(make_url(url).database)
        with self._server.connect_as_superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


class TestValkey(RunningServer):
    """A throw-away Valkey; `url` is its address."""

    __test__ = False

    def __init__(self, folder: ServersFolder) -> None:
        server = ValkeyServer(
            folder=folder.path / "valkey",
            sockets=folder.sockets,
            log=folder.path / "valkey.log",
            binaries=folder.binaries,
            account=folder.account,
            password="only-for-tests",
        )
        server.write_settings()
        self.url = server.url
        super().__init__(server.program, server.is_ready)
