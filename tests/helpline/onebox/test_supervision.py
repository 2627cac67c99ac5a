"""The supervisor: what dies is started again, and nothing is left behind, however the supervisor ends."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from helpline.onebox.children import Program
from helpline.onebox.supervise import Supervisor

SLEEPER = (sys.executable, "-S", "-c", "import time; time.sleep(600)")
DEAF = (
    *(sys.executable, "-S", "-c"),
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
)
# Starts a worker of its own in the same group, as a web server does, and tells its number.
PARENT_OF_A_WORKER = (
    *(sys.executable, "-S", "-c"),
    "import subprocess, sys, time; "
    "print(subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(600)']).pid, flush=True); "
    "time.sleep(600)",
)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]):
    supervisor = Supervisor(said.append)
    yield supervisor
    supervisor.stop_all(within_s=0.2)


def make_program(tmp_path: Path, command: tuple[str, ...], name: str = "stand-in") -> Program:
    return Program(name, command, os.environ, log=tmp_path / f"{name}.log", folder=tmp_path)


def said_by(program: Program) -> list[str]:
    return [line for line in program.log.read_text().splitlines() if not line.startswith("---")]


def pid_of(supervisor: Supervisor, name: str = "stand-in") -> int:
    return supervisor._watched[name].child.pid


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(is_so: Callable[[], object], within_s: float = 10) -> None:
    give_up_at = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < give_up_at, "it did not come true in time"
        time.sleep(0.02)


def test_a_killed_program_is_started_again_and_it_is_said(supervisor, said, tmp_path):
    supervisor.start(make_program(tmp_path, SLEEPER))
    killed = pid_of(supervisor)
    os.kill(killed, signal.SIGKILL)
    supervisor.wait_until(lambda: pid_of(supervisor) != killed, 5, "stand-in", tmp_path)
    assert is_alive(pid_of(supervisor))
    assert "stand-in ended (killed by SIGKILL); starting it again" in said[0]


def test_workers_of_a_dead_web_server_are_gone_before_it_starts_again(supervisor, tmp_path):
    program = make_program(tmp_path, PARENT_OF_A_WORKER)
    supervisor.start(program)
    wait_for(lambda: said_by(program))
    orphan = int(said_by(program)[0])
    first = pid_of(supervisor)
    os.kill(first, signal.SIGKILL)
    supervisor.wait_until(lambda: pid_of(supervisor) != first, 5, "stand-in", tmp_path)
    assert not is_alive(orphan)


def test_a_program_that_keeps_dying_is_tried_less_and_less_often(supervisor, said, tmp_path):
    supervisor.start(make_program(tmp_path, (sys.executable, "-S", "-c", "raise SystemExit(3)")))
    supervisor.wait_until(lambda: len(said) == 3, 10, "stand-in", tmp_path)
    assert [line.partition(". Its log")[0].rpartition("in ")[2] for line in said] == ["0.1 s", "0.5 s", "1 s"]
    assert all("exit status 3" in line for line in said)


def test_a_program_deaf_to_the_request_is_killed_when_its_time_is_over(supervisor, said, tmp_path):
    program = make_program(tmp_path, DEAF)
    supervisor.start(program)
    wait_for(lambda: said_by(program))
    pid = pid_of(supervisor)
    supervisor.stop(["stand-in"], within_s=0.3)
    assert not is_alive(pid)
    assert said == ["stand-in did not stop within 0.3 s and was ended"]


SUPERVISING_PROCESS = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from helpline.onebox.children import Program
    from helpline.onebox.supervise import StopAsked, Supervisor

    folder = Path(sys.argv[1])
    supervisor = Supervisor(print)
    supervisor.listen_for_stop()
    for name in ("one", "two"):
        supervisor.start(Program(name, tuple(sys.argv[2:]), os.environ, folder / f"{name}.log", folder))
        (folder / f"{name}.pid").write_text(str(supervisor._watched[name].child.pid))
    (folder / "ready").touch()
    try:
        supervisor.keep_running()
    except StopAsked:
        supervisor.stop_all(within_s=5)
    """
)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_when_the_supervisor_ends(ending: signal.Signals, tmp_path):
    command = [sys.executable, "-c", SUPERVISING_PROCESS, str(tmp_path), *SLEEPER]
    supervising = subprocess.Popen(command, cwd=Path(__file__).parents[3])
    wait_for((tmp_path / "ready").exists)
    children = [int((tmp_path / f"{name}.pid").read_text()) for name in ("one", "two")]
    assert all(is_alive(child) for child in children)
    supervising.send_signal(ending)
    supervising.wait(10)
    wait_for(lambda: not any(is_alive(child) for child in children), within_s=3)
