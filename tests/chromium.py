"""Finds a Chromium for the browser tests; `python -m tests.chromium` installs one where that is allowed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# How it is started: as root too, and silent towards the world outside.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
INSTALL_WITHIN_S = 180
PLAYWRIGHT_FOLDERS = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
PLAYWRIGHT_PROGRAMS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium_headless_shell-*/chrome-*/*headless*shell",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def find_chromium() -> str | None:
    """The path of a Chromium that starts on this machine, or None."""
    on_path = [path for name in NAMES if (path := shutil.which(name))]
    return next((path for path in (*on_path, *_playwright_browsers()) if _starts(path)), None)


def install_chromium() -> None:
    """Try the system's package manager as root, then Playwright's own download; each within a limit."""
    attempts = []
    if os.geteuid() == 0 and shutil.which("apt-get"):
        attempts.append("apt-get update -q && apt-get install -q -y --no-install-recommends chromium")
    attempts.append(f"'{sys.executable}' -m playwright install chromium")
    for attempt in attempts:
        print(f"Looking for a browser: {attempt}", flush=True)
        _try(attempt)
        if find_chromium():
            return


def _try(command: str) -> None:
    quiet_apt = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            env=quiet_apt,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INSTALL_WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        print(f"  gave up after {INSTALL_WITHIN_S} s", flush=True)
        return
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        reason = next((line for line in lines if "error" in line.lower()), f"exit status {done.returncode}")
        print("  did not work:", reason.strip(), flush=True)


def _playwright_browsers() -> list[str]:
    given = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folders = [Path(folder).expanduser() for folder in ((given,) if given else PLAYWRIGHT_FOLDERS)]
    return [str(path) for folder in folders for program in PLAYWRIGHT_PROGRAMS for path in folder.glob(program)]


def _starts(path: str) -> bool:
    try:
        told = subprocess.run([path, "--version"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.returncode == 0


if __name__ == "__main__":
    if not find_chromium():
        install_chromium()
    found = find_chromium()
    print(f"Browser tests use {found}" if found else "No browser here: browser tests will be skipped", flush=True)
