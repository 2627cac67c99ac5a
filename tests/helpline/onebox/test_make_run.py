"""The whole service on one machine, as `make run` starts it: up, back after a crash, stopped, gone."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import ServersFolder

PROJECT = Path(__file__).parents[3]
UP_WITHIN_S = 60
STOPPED_WITHIN_S = 12

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]


def wait_for(is_so: Callable[[], object], within_s: float, what: str) -> None:
    give_up_at = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < give_up_at, f"not within {within_s} s: {what}"
        time.sleep(0.05)


def find_free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def descendants(pid: int) -> set[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(child): int(parent) for child, parent in map(str.split, listed.splitlines())}
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def is_alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


class MadeRun:
    """One `make run` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.port, simulator_port = find_free_ports()
        self._screen = folder / "screen.txt"
        self._environment = os.environ | {
            "DATA_DIR": str(self.data),
            "PORT": str(self.port),
            "SIMULATOR_PORT": str(simulator_port),
        }

    def start(self) -> None:
        with open(self._screen, "wb") as screen:
            self.process = subprocess.Popen(
                self.command, cwd=PROJECT, env=self._environment, stdout=screen, stderr=subprocess.STDOUT
            )
        wait_for(lambda: "Ctrl-C" in self.shown or self.process.poll() is not None, UP_WITHIN_S, "a running service")
        assert self.process.poll() is None, self.shown

    command = (sys.executable, "-m", "helpline.onebox", "run")

    @property
    def shown(self) -> str:
        return self._screen.read_text(encoding="utf-8")

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def find_child(self, words: str) -> int:
        command = ["pgrep", "-P", str(self.process.pid), "-f", words]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[0])


@pytest.fixture
def made_run(own_servers_folder: ServersFolder) -> Iterator[MadeRun]:
    made_run = MadeRun(own_servers_folder.path)
    made_run.start()
    yield made_run
    if made_run.process.poll() is None:
        made_run.process.terminate()
        made_run.process.wait(STOPPED_WITHIN_S)


def test_a_service_comes_up_says_where_it_is_and_stops_without_a_trace(made_run: MadeRun):
    sign_ins = json.loads((made_run.data / "demo-sign-ins.json").read_text(encoding="utf-8"))["staff"]
    for role in ("counsellor", "shift_lead"):
        assert any(member["role"] == role and member["email"] in made_run.shown for member in sign_ins)
    assert len(made_run.shown.splitlines()) <= 24
    assert made_run.is_ready()

    second = subprocess.run(
        made_run.command, cwd=PROJECT, env=made_run._environment, capture_output=True, text=True, check=False
    )
    assert second.returncode == 2
    assert "already runs there" in second.stderr

    started = descendants(made_run.process.pid)
    assert len(started) >= 8
    made_run.process.send_signal(signal.SIGINT)
    assert made_run.process.wait(STOPPED_WITHIN_S) == 0
    assert not [pid for pid in started if is_alive(pid)]


def test_servers_and_web_killed_outright_come_back(made_run: MadeRun):
    for words in ("bin/postgres -D", "valkey-server", "granian"):
        os.kill(made_run.find_child(words), signal.SIGKILL)
    wait_for(lambda: made_run.shown.count("starting it again") >= 3, 5, "three new starts")
    wait_for(made_run.is_ready, UP_WITHIN_S, "a ready service")


def test_nothing_outlives_a_killed_run_and_the_next_one_finds_its_keys(made_run: MadeRun):
    started = descendants(made_run.process.pid)
    keys = (made_run.data / "secrets.json").read_text(encoding="utf-8")
    made_run.process.kill()
    made_run.process.wait()
    wait_for(lambda: not any(is_alive(pid) for pid in started), STOPPED_WITHIN_S, "everything gone")
    made_run.start()
    assert made_run.is_ready()
    assert "with its data" in made_run.shown
    assert (made_run.data / "secrets.json").read_text(encoding="utf-8") == keys
