"""One Valkey server in one folder: described as a program to run, asked whether it is ready.

It listens on a Unix socket only and asks for a password, because whoever can write to it can hand the
service work to do.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import redis

from helpline.onebox.accounts import Account
from helpline.onebox.children import Program, open_log
from helpline.onebox.folders import make_private_folder
from helpline.onebox.postgres import PLAIN_ENVIRONMENT
from helpline.onebox.server_binaries import ServerBinaries

NAME = "Valkey"
SOCKET_NAME = "valkey.sock"
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "save": '""',
    "appendonly": "yes",
    "appendfsync": "everysec",
    # Full memory must refuse new jobs aloud; any other policy drops acknowledged ones in silence.
    "maxmemory": "512mb",
    "maxmemory-policy": "noeviction",
}


@dataclass(frozen=True)
class ValkeyServer:
    """A server's place, program and password."""

    folder: Path
    sockets: Path
    log: Path
    binaries: ServerBinaries
    account: Account | None
    password: str

    @property
    def socket(self) -> Path:
        return self.sockets / SOCKET_NAME

    @property
    def url(self) -> str:
        """Its address, for REDIS_URL."""
        return f"unix://:{self.password}@{quote(str(self.socket))}?db=0"

    def write_settings(self) -> None:
        """Make the folder, and the settings file that keeps the password out of the process list."""
        make_private_folder(self.folder, self.account)
        own = {"dir": f'"{self.folder}"', "unixsocket": f'"{self.socket}"', "requirepass": self.password}
        file = self._settings_file
        file.unlink(missing_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as text:
            text.writelines(f"{name} {value}\n" for name, value in (SETTINGS | own).items())
        if self.account is not None:
            self.account.own(file)

    @property
    def program(self) -> Program:
        """The server as a process to start."""
        return Program(
            name=NAME,
            command=(str(self.binaries.valkey), str(self._settings_file)),
            environment=PLAIN_ENVIRONMENT,
            log=open_log(self.log),
            folder=Path("/"),
            account=self.account,
        )

    def is_ready(self) -> bool:
        """True when the server answers, its data read back in."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return client.ping()
        except (redis.ConnectionError, redis.TimeoutError):
            return False

    @property
    def _settings_file(self) -> Path:
        return self.folder / "valkey.conf"
