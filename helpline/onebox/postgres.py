"""One PostgreSQL server in one folder: made, described as a program to run, asked whether it is ready.

It listens on a Unix socket only, asks everyone for a password, and the service's own role is no
superuser.
"""

import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from helpline.onebox.accounts import Account
from helpline.onebox.children import Program, open_log
from helpline.onebox.folders import make_private_folder
from helpline.onebox.server_binaries import ServerBinaries

NAME = "PostgreSQL"
SUPERUSER = "postgres"
ROLE = "helpline"
PLAIN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # Two web workers, two job workers, the clock, and the commands of whoever looks in.
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The long form repeats the values of rows in error messages, and rows hold what children said.
    "log_error_verbosity": "terse",
}
# For data that a test throws away: safe when the server is killed, not when the machine is.
THROW_AWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off"}


class PostgresFolderRefused(Exception):
    """The data was written by another major version, which this one cannot read."""


class DatabaseNotMade(Exception):
    """initdb failed; the text is its own account of why."""


@dataclass(frozen=True)
class PostgresServer:
    """A server's place, programs, passwords and settings."""

    folder: Path
    sockets: Path
    log: Path
    binaries: ServerBinaries
    account: Account | None
    superuser_password: str
    password: str
    more_settings: tuple[tuple[str, str], ...] = ()

    def make_if_new(self) -> bool:
        """Make the empty cluster on the first run; True if it did. Raises PostgresFolderRefused."""
        if self.folder.exists():
            self._refuse_other_version()
            return False
        # Made beside and moved into place: a run cut short leaves no half-made database behind.
        unfinished = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        make_private_folder(unfinished, self.account)
        self._run_initdb(unfinished)
        unfinished.rename(self.folder)
        return True

    @property
    def program(self) -> Program:
        """The server as a process to start. SIGINT is PostgreSQL's word for 'stop now, in good order'."""
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)} | dict(self.more_settings)
        chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name=NAME,
            command=(str(self.binaries.postgres / "postgres"), "-D", str(self.folder), *chosen),
            environment=PLAIN_ENVIRONMENT,
            log=open_log(self.log),
            folder=Path("/"),
            account=self.account,
            stop_signal=signal.SIGINT,
        )

    def is_ready(self) -> bool:
        """True when the server answers."""
        try:
            self.connect_as_superuser().close()
        except psycopg.OperationalError:
            return False
        return True

    def connect_as_superuser(self) -> psycopg.Connection:
        """A connection for setting things up, each statement for itself."""
        return psycopg.connect(
            host=str(self.sockets),
            user=SUPERUSER,
            password=self.superuser_password,
            dbname="postgres",
            connect_timeout=5,
            autocommit=True,
        )

    def make_database(self, name: str, template: str = "template1") -> str:
        """Make a database owned by the service's role, if it is not there; return its address."""
        with self.connect_as_superuser() as connection:
            if not _exists(connection, "pg_roles", "rolname", ROLE):
                make_role = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                connection.execute(make_role.format(sql.Identifier(ROLE), sql.Literal(self.password)))
            if not _exists(connection, "pg_database", "datname", name):
                make = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
                names = (sql.Identifier(part) for part in (name, ROLE, template))
                connection.execute(make.format(*names))
        return self.url(name)

    def url(self, database: str) -> str:
        """The address of a database, for DATABASE_URL."""
        socket_folder = quote(str(self.sockets), safe="")
        return f"postgresql+psycopg://{ROLE}:{self.password}@/{database}?host={socket_folder}"

    def _refuse_other_version(self) -> None:
        written_by = (self.folder / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = self.binaries.postgres_version
        if written_by != ours.partition(".")[0]:
            raise PostgresFolderRefused(
                f"{self.folder} was written by PostgreSQL {written_by}, and this is PostgreSQL {ours}. "
                "Move the data over with pg_dump and that version, choose another folder (DATA_DIR), "
                "or start over: make clean-data"
            )

    def _run_initdb(self, target: Path) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self.sockets, encoding="ascii") as password_file:
            password_file.write(self.superuser_password)
            password_file.flush()
            if self.account is not None:
                self.account.own(Path(password_file.name))
            made = subprocess.run(
                [
                    str(self.binaries.postgres / "initdb"),
                    f"--pgdata={target}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={password_file.name}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    # Sorts alike on every machine, whatever languages the system has.
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-sync",
                ],
                env=PLAIN_ENVIRONMENT,
                cwd="/",
                capture_output=True,
                text=True,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
                check=False,
            )
        if made.returncode != 0:
            raise DatabaseNotMade(f"initdb failed: {made.stderr.strip()}")


def _exists(connection: psycopg.Connection, catalogue: str, column: str, name: str) -> bool:
    query = sql.SQL("SELECT 1 FROM {} WHERE {} = %s").format(sql.Identifier(catalogue), sql.Identifier(column))
    return connection.execute(query, [name]).fetchone() is not None
