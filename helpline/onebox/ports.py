"""The two ports a browser needs, checked before anything starts."""

import socket
from collections.abc import Mapping

DEFAULT_PORTS = {"PORT": 8000, "SIMULATOR_PORT": 8010}


class PortRefused(Exception):
    """A port is no number, is taken, or may not be used. The text names the port and the variable."""


def choose_ports(environment: Mapping[str, str], host: str) -> dict[str, int]:
    """The port for each variable, every one of them free at this moment. Raises PortRefused."""
    ports = {name: _read(environment, name) for name in DEFAULT_PORTS}
    if len(set(ports.values())) < len(ports):
        raise PortRefused(f"PORT and SIMULATOR_PORT are both {ports['PORT']}; they must differ.")
    for name, port in ports.items():
        _refuse_if_taken(name, port, host)
    return ports


def _read(environment: Mapping[str, str], name: str) -> int:
    text = environment.get(name) or str(DEFAULT_PORTS[name])
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise PortRefused(f"{name} is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def _refuse_if_taken(name: str, port: int, host: str) -> None:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        # Connections of an earlier run that are still fading away do not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise PortRefused(
                f"Port {port} cannot be used ({error.strerror}). Choose another: {name}={port + 1} make run"
            ) from error
