"""The whole service as it runs in life: web server, worker, clock and phone line, each a process that can be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from config.settings import Settings
from helpline.onebox.children import Program, end_group, has_ended, start_child
from helpline.onebox.web_server import web_server_command

PROJECT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 40
STOP_WITHIN_S = 10
FLASK = (sys.executable, "-m", "flask", "--app", "app")


def free_port() -> int:
    """A port nobody uses now, below those that connections going out take for themselves."""
    for port in range(20000 + os.getpid() % 5000, 30000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                probe.close()
                with socket.socket() as taken:
                    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    try:
                        taken.bind(("127.0.0.1", port))
                        return port
                    except OSError:
                        continue
    raise RuntimeError("no free port")


class Process:
    """One process of the service. `kill()` is a power cut; `start()` brings it back."""

    def __init__(self, program: Program, ready_url: str | None = None):
        self._program = program
        self._ready_url = ready_url
        self._child: subprocess.Popen | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._child = start_child(self._program)
        give_up_at = time.monotonic() + READY_WITHIN_S
        while self._ready_url and not _answers(self._ready_url):
            if has_ended(self._child) or time.monotonic() > give_up_at:
                raise RuntimeError(f"{self._program.name} did not start:\n{self.log[-3000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End it and all it has started with SIGKILL."""
        end_group(self._child)

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        if self._child and not has_ended(self._child):
            self._child.send_signal(signal.SIGTERM)
            give_up_at = time.monotonic() + STOP_WITHIN_S
            while not has_ended(self._child) and time.monotonic() < give_up_at:
                time.sleep(0.05)
        if self._child:
            end_group(self._child)

    @property
    def name(self) -> str:
        return self._program.name

    @property
    def log(self) -> str:
        """What it has written."""
        return self._program.log.read_text(encoding="utf-8", errors="replace")


class RunningService:
    """Web server, worker, clock and simulator against given servers; ports of their own."""

    def __init__(self, environment: dict[str, str], folder: Path):
        self.web_port, self.simulator_port = int(environment["PORT"]), int(environment["SIMULATOR_PORT"])
        self.url = f"http://127.0.0.1:{self.web_port}"
        self.simulator_url = f"http://127.0.0.1:{self.simulator_port}"

        def program(name: str, *command: str) -> Program:
            log = folder / f"{name}.log"
            log.touch()
            return Program(name=name, command=command, environment=surroundings, log=log, folder=PROJECT)

        surroundings = _with_kept_bytecode(os.environ | environment)

        web = program("web", *web_server_command("127.0.0.1", self.web_port))
        self.web = Process(web, f"{self.url}/healthz")
        self.worker = Process(program("worker", *FLASK, "work"))
        self.clock = Process(program("clock", *FLASK, "clock"))
        self.simulator = Process(program("simulator", *FLASK, "simulator"), f"{self.simulator_url}/sim/calls")

    @property
    def processes(self) -> tuple[Process, ...]:
        return (self.simulator, self.web, self.worker, self.clock)

    def start(self) -> None:
        """Start all, and wait until the clock ticks too."""
        for process in self.processes:
            process.start()
        give_up_at = time.monotonic() + READY_WITHIN_S
        while "ticks" not in self.clock.log:
            if time.monotonic() > give_up_at:
                raise RuntimeError(f"the clock did not start:\n{self.clock.log[-3000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop all, those who take calls first."""
        for process in reversed(self.processes):
            process.stop()


def as_environment(settings: Settings) -> dict[str, str]:
    """These settings as a process finds them in its environment."""
    values = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value is not None:
            secret = getattr(value, "get_secret_value", None)
            values[name.upper()] = secret() if secret else str(value)
    return values


def _with_kept_bytecode(environment: dict[str, str]) -> dict[str, str]:
    # Where Python is told to keep no bytecode, each process would compile the same files for seconds.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment | {"PYTHONPYCACHEPREFIX": str(Path(sys.prefix) / "bytecode")}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
