"""The production web server's command line, in one place: `make serve` and `make run` both use it.

Runs alone as `python -m helpline.onebox.web_server`, in the foreground; HOST and PORT say where.
"""

import os
import sys
from collections.abc import Mapping
from typing import NoReturn

from helpline.onebox.ports import PortRefused, read_port

# Two processes use two cores and survive the loss of one. A new one needs about a second to import.
WORKERS = 2
# Each open console holds a thread for its event stream, so there must be more threads than consoles and
# requests together. The service itself refuses streams beyond its limit before they crowd out calls.
THREADS_A_WORKER = 64
# A worker still importing when it is told to stop never hears it; and open streams have no end of
# their own. After this long they are ended, well inside the ten seconds that a shutdown may take.
KILL_WORKERS_AFTER = "5s"
DEFAULT_HOST = "127.0.0.1"


def web_server_command(host: str, port: int) -> tuple[str, ...]:
    """The command that serves the site. It keeps no access log: addresses and queries are personal."""
    return (
        sys.executable,
        *("-m", "granian", "--factory", "app:create_app"),
        *("--interface", "wsgi"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(WORKERS)),
        *("--blocking-threads", str(THREADS_A_WORKER)),
        *("--workers-kill-timeout", KILL_WORKERS_AFTER),
        "--respawn-failed-workers",
        "--no-access-log",
        "--no-ws",
    )


def serve(environment: Mapping[str, str]) -> NoReturn:
    """Become the web server."""
    try:
        port = read_port(environment, "PORT")
    except PortRefused as refusal:
        sys.exit(f"Not started: {refusal}")
    command = web_server_command(environment.get("HOST") or DEFAULT_HOST, port)
    os.execv(command[0], command)


if __name__ == "__main__":
    serve(os.environ)
