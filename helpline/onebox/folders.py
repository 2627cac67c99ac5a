"""The data folder: where it lies, whose it is, and that only one run uses it at a time."""

import fcntl
import hashlib
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpline.onebox.accounts import Account

PROJECT = Path(__file__).resolve().parents[2]
MARK = "lock"
LONGEST_SOCKET_PATH = 107
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"


class DataFolderRefused(Exception):
    """The folder belongs to someone else, is in use, or holds something that is not ours."""


@dataclass(frozen=True)
class DataFolder:
    """The names of what lies in the data folder."""

    path: Path

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    @property
    def postgres(self) -> Path:
        return self / "postgres"

    @property
    def valkey(self) -> Path:
        return self / "valkey"

    @property
    def logs(self) -> Path:
        return self / "logs"

    @property
    def secrets(self) -> Path:
        return self / "secrets.json"

    @property
    def environment(self) -> Path:
        return self / "environment.json"

    @property
    def spelled_out(self) -> Path:
        return self / "spelled-out"

    @property
    def phonebook(self) -> Path:
        return self / "demo-sign-ins.json"


def choose_data_folder(environment: Mapping[str, str], account: Account | None) -> tuple[DataFolder, str]:
    """Where the data lies, and a line that says so when it is not where it was asked for.

    The servers' account must be able to reach the folder. A private home above it stays private: the
    data goes elsewhere.
    """
    wanted = Path(environment.get("DATA_DIR") or PROJECT / "data").absolute()
    above = next(folder for folder in wanted.parents if folder.exists())
    if account is None or account.can_use(above):
        return DataFolder(wanted), ""
    digest = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    instead = Path("/var/lib") / f"child-helpline-{digest}"
    return DataFolder(instead), f"{above} is private, so the data is kept in {instead}"


@contextmanager
def hold_data_folder(folder: DataFolder, account: Account | None) -> Iterator[bool]:
    """Make the folder if need be, and keep every other run out of it. Raises DataFolderRefused.

    Gives True if the last run was killed, so that its processes may be ending only now.
    """
    folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_if_not_ours(folder.path)
    with _lock(folder.path) as last_run_was_killed:
        if account is None:
            folder.path.chmod(0o700)
        else:
            # The servers' account may pass through to its own folders, and see nothing on the way.
            os.chown(folder.path, os.geteuid(), account.gid)
            folder.path.chmod(0o710)
        folder.logs.mkdir(mode=0o700, exist_ok=True)
        yield last_run_was_killed


def make_socket_folder(folder: DataFolder, account: Account | None) -> Path:
    """A private folder for the servers' sockets, short enough for the system's limit on such paths."""
    sockets = folder / "run"
    if len(os.fsencode(sockets / LONGEST_SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        sockets = Path(tempfile.mkdtemp(prefix="helpline-"))
    make_private_folder(sockets, account)
    return sockets


def make_private_folder(path: Path, account: Account | None) -> None:
    """A folder that only the servers' account (or we ourselves) can enter."""
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    if account is not None:
        account.own(path)


def empty_data_folder(folder: DataFolder) -> bool:
    """Remove all data for good; False if there was none. Raises DataFolderRefused while in use."""
    if not folder.path.exists():
        return False
    _refuse_if_not_ours(folder.path)
    with _lock(folder.path):
        shutil.rmtree(folder.path)
    return True


def _refuse_if_not_ours(path: Path) -> None:
    owner = path.stat().st_uid
    if owner != os.geteuid():
        raise DataFolderRefused(
            f"{path} belongs to {_name_of(owner)}, not to {_name_of(os.geteuid())}. Run as its owner, "
            "or choose another folder: DATA_DIR=/path/to/folder make run"
        )
    if not (path / MARK).exists() and any(path.iterdir()):
        raise DataFolderRefused(
            f"{path} holds files that are not this service's. Choose an empty folder, or one that does "
            "not exist yet: DATA_DIR=/path/to/folder make run"
        )


@contextmanager
def _lock(path: Path) -> Iterator[bool]:
    """Hold the lock file. Its text is the holder's process number, taken out again at a proper end."""
    with open(path / MARK, "a+", encoding="utf-8") as lock:
        lock.seek(0)
        last_holder = lock.read()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataFolderRefused(
                f"{path} is in use: the service already runs there (process {last_holder}). Stop it "
                "first, or choose another folder and ports: DATA_DIR, PORT, SIMULATOR_PORT."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield last_holder != ""
        lock.truncate(0)


def _name_of(uid: int) -> str:
    try:
        return f"{pwd.getpwuid(uid).pw_name} (uid {uid})"
    except KeyError:
        return f"uid {uid}"
