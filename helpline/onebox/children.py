"""Starting and ending one process, with nothing left behind: not when it dies, nor when we do."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline.onebox.accounts import Account

PR_SET_PDEATHSIG = 1
LARGEST_KEPT_LOG_BYTES = 10_000_000


@dataclass(frozen=True)
class Program:
    """A process to be started: what, as whom, where its output goes, and how to ask it to stop."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    folder: Path
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM


def start_child(program: Program) -> subprocess.Popen:
    """Start the program in a process group of its own, tied to our life.

    Its own group keeps a Ctrl-C in the terminal from reaching it before we can stop things in order,
    and lets us end whatever it has started in turn.
    """
    account = program.account
    parent = os.getpid()
    with open(program.log, "a", encoding="utf-8") as log:
        # A line of our own, because the log holds earlier starts too.
        print(f"--- {program.name} starts at {time.strftime('%Y-%m-%d %H:%M:%S')}", file=log, flush=True)
        return subprocess.Popen(
            program.command,
            env=dict(program.environment),
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            process_group=0,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=lambda: die_with_parent(program.stop_signal, parent),
        )


def has_ended(child: subprocess.Popen) -> bool:
    """True once the process has ended. Leaves it unreaped, so that its group's number stays its own."""
    if child.returncode is not None:
        return True
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def end_group(child: subprocess.Popen) -> int:
    """Kill what is left of the child and of all that it started; return how the child itself ended.

    A web server killed outright leaves workers that hold the port; they must be gone before the next.
    """
    if child.returncode is None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            # Only the ended child itself is left in the group, or (on macOS) only processes ending now.
            child.kill()
    return child.wait()


def open_log(path: Path) -> Path:
    """Make the log file private; put a long one aside so that logs do not grow for ever."""
    if path.exists() and path.stat().st_size > LARGEST_KEPT_LOG_BYTES:
        path.replace(path.with_name(path.name + ".previous"))
    path.touch(mode=0o600)
    return path


def die_with_parent(by_signal: signal.Signals, parent: int) -> None:
    """Have Linux send us `by_signal` when process `parent` dies, however it dies. Elsewhere, nothing."""
    if _LIBC is None:
        return
    _LIBC.prctl(PR_SET_PDEATHSIG, by_signal, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), by_signal)


# Looked up here because nothing may be loaded between fork and exec, where die_with_parent runs.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
