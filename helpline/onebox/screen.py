"""What `make run` shows: a line for each step, then one screen that says where to go and how to stop."""

import json
import os
import sys
import time
from pathlib import Path

from helpline.onebox.folders import DataFolder

STARTED_AT = time.monotonic()
LAST_LOG_LINES = 25
SHOWN_ROLES = {"counsellor": "Counsellor", "shift_lead": "Shift lead", "administrator": "Administrator"}


def say(text: str) -> None:
    """One line of progress, with the seconds since the start."""
    _show(f"{time.monotonic() - STARTED_AT:6.1f} s  {text}")


def show_log_end(log: Path) -> None:
    """The last lines of a process's log, for someone who has to find out why it failed."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    _show("\n  ".join([f"\nThe end of {log}:", *lines[-LAST_LOG_LINES:]]))


def show_welcome(console: str, simulator: str, folder: DataFolder) -> None:
    """Where to go, how to sign in, how to stop."""
    lines = [
        "",
        f"  Console      {console}",
        *_sign_in_lines(folder.phonebook),
        "",
        f"  Simulator    {simulator}",
        "               a child's phone, the counsellors' phones, the partners' desks, and the one-time",
        "               codes for signing in",
        "",
        f"  Data, logs   {folder.path}  (make clean-data starts over)",
        "  Commands     make flask ARGS='queue list'",
        "  Stop         Ctrl-C",
        "",
    ]
    _show("\n".join(lines))


def _show(text: str) -> None:
    try:
        print(text, flush=True)
    except OSError:
        # Whoever read our lines has gone away. Calls are still taken, so we go on, in silence.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _sign_in_lines(phonebook: Path) -> list[str]:
    if not phonebook.exists():
        return ["               sign in with an account of this database"]
    staff = json.loads(phonebook.read_text(encoding="utf-8"))["staff"]
    first_of = {}
    for member in staff:
        first_of.setdefault(member["role"], member)
    return [
        f"    {label:<14}{first_of[role]['email']}   password {first_of[role]['password']}"
        for role, label in SHOWN_ROLES.items()
        if role in first_of
    ]
