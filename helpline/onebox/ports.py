"""The two ports a browser needs, checked before anything starts, and one of any number for mail."""

import socket
import time
from collections.abc import Mapping

DEFAULT_PORTS = {"PORT": 8000, "SIMULATOR_PORT": 8010}
# Only our own processes speak there, so any free one will do.
MAIL_PORT = "SIMULATOR_MAIL_PORT"


class PortRefused(Exception):
    """A port is no number, is taken, or may not be used. The text names the port and the variable."""


def choose_ports(environment: Mapping[str, str], host: str, patience_s: float = 0) -> dict[str, int]:
    """The port for each variable, every one of them free at this moment. Raises PortRefused.

    A taken port may become free for `patience_s` seconds, for the last run's processes to end.
    """
    ports = {name: read_port(environment, name) for name in DEFAULT_PORTS}
    if len(set(ports.values())) < len(ports):
        raise PortRefused(f"PORT and SIMULATOR_PORT are both {ports['PORT']}; they must differ.")
    give_up_at = time.monotonic() + patience_s
    for name, port in ports.items():
        while (fault := _try_port(port, host)) and time.monotonic() < give_up_at:
            time.sleep(0.1)
        if fault:
            raise PortRefused(f"Port {port} cannot be used ({fault}). Choose another: {name}={port + 1} make run")
    return ports | {MAIL_PORT: _any_free_port()}


def read_port(environment: Mapping[str, str], name: str) -> int:
    """The port that a variable names, or its default. Raises PortRefused."""
    text = environment.get(name) or str(DEFAULT_PORTS[name])
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise PortRefused(f"{name} is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def _any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _try_port(port: int, host: str) -> str | None:
    """Why the port cannot be listened on, in the system's words; None if it can."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        # Connections of an earlier run that are still fading away do not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            return error.strerror
    return None
