"""A port that cannot be used is refused at once, with its number and the name of its variable."""

import socket
import threading

import pytest

from helpline.onebox.ports import PortRefused, choose_ports

LOOPBACK = "127.0.0.1"


@pytest.fixture
def taken_port():
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize(("name", "other"), [("PORT", "SIMULATOR_PORT"), ("SIMULATOR_PORT", "PORT")])
def test_a_taken_port_is_refused_by_number_and_variable(name, other, taken_port, free_port):
    with pytest.raises(PortRefused, match=rf"Port {taken_port} .*in use.* {name}="):
        choose_ports({name: str(taken_port), other: str(free_port)}, LOOPBACK)


def test_a_port_that_the_last_run_is_just_leaving_is_waited_for(free_port):
    held = socket.create_server((LOOPBACK, free_port))
    leaving = threading.Timer(0.3, held.close)
    leaving.start()
    ports = choose_ports({"PORT": str(free_port), "SIMULATOR_PORT": str(free_port + 1)}, LOOPBACK, patience_s=5)
    leaving.join()
    assert ports["PORT"] == free_port


@pytest.mark.parametrize("text", ["eight thousand", "0", "65536", "-1", "80.5", "٨٠٠٠"])
def test_a_port_that_is_no_port_number_is_refused(text):
    with pytest.raises(PortRefused, match="PORT is .* number from 1 to 65535"):
        choose_ports({"PORT": text}, LOOPBACK)


def test_two_servers_on_one_port_are_refused(free_port):
    with pytest.raises(PortRefused, match="must differ"):
        choose_ports({"PORT": str(free_port), "SIMULATOR_PORT": str(free_port)}, LOOPBACK)
