"""Which account the database and Valkey run as. PostgreSQL refuses to run as root, rightly."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED = "nobody"


class NoAccountForServers(Exception):
    """Root started us, and the machine has no account to which the servers could be handed."""


@dataclass(frozen=True)
class Account:
    """Another user of this machine that the servers run as."""

    name: str
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        os.chown(path, self.uid, self.gid)

    def can_use(self, path: Path) -> bool:
        """True if this account may execute the file or enter the folder, whatever lies above it."""
        found = subprocess.run(
            ["/bin/sh", "-c", 'test -x "$0"', str(path)],
            user=self.uid,
            group=self.gid,
            extra_groups=[],
            cwd="/",
            check=False,
        )
        return found.returncode == 0


def find_server_account() -> Account | None:
    """The account for the servers when we are root; None when they run as whoever started us."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError as error:
        raise NoAccountForServers(
            f"PostgreSQL does not run as root, and there is no account '{UNPRIVILEGED}' to run it as. "
            "Start again as another user."
        ) from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
