"""Starts the processes of the service itself, in the order in which a person needs them."""

import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

from helpline.onebox import screen
from helpline.onebox.box import OneBox
from helpline.onebox.children import Program, open_log
from helpline.onebox.folders import PROJECT
from helpline.onebox.prepared import is_prepared, note_prepared
from helpline.onebox.supervise import Supervisor
from helpline.onebox.web_server import DEFAULT_HOST, web_server_command

WEB = "web"
SIMULATOR = "simulator"
CLOCK = "clock"
WORKERS = ("worker 1", "worker 2")
STEP_WITHIN_S = 120
ANSWERS_WITHIN_S = 60
# A direct way to our own machine, whatever proxy the caller's environment names.
STRAIGHT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class StepFailed(Exception):
    """A step of the start ended badly; its log has been shown."""


def start_service(supervisor: Supervisor, box: OneBox, environment: Mapping[str, str]) -> None:
    """Migrate, start web and phone line while the demonstration is loaded, then those who work behind them.

    Each start takes more than a second of a core, so what a person looks at first is started first.
    """

    def flask(name: str, *command: str) -> Program:
        return _program(box, environment, name, (sys.executable, "-m", "flask", "--app", "app", *command))

    web = _program(box, environment, WEB, web_server_command(box.host, box.ports["PORT"]))
    # By itself, since it needs nothing of the service but its settings, and starts in a third of the time.
    simulator = _program(box, environment, SIMULATOR, (sys.executable, "-m", "helpline.simulator"))
    prepared = is_prepared(box)
    if not prepared:
        _run_step(supervisor, flask("migrate", "db", "upgrade"), "The database is up to date")
    supervisor.start(web)
    supervisor.start(simulator)
    if not prepared:
        _run_step(supervisor, flask("demo", "demo", "load"), "The demonstration helpline is loaded")
        note_prepared(box)
    supervisor.wait_until(lambda: _is_ready(f"{box.console}readyz"), ANSWERS_WITHIN_S, WEB, web.log)
    screen.say("The web server answers")
    port = box.ports["SIMULATOR_PORT"]
    supervisor.wait_until(lambda: _listens(port), ANSWERS_WITHIN_S, SIMULATOR, simulator.log)
    screen.say("The phone simulator answers")
    for worker in WORKERS:
        supervisor.start(flask(worker, "work"))
    supervisor.start(flask(CLOCK, "clock"))


def _program(box: OneBox, environment: Mapping[str, str], name: str, command: tuple[str, ...]) -> Program:
    log = open_log(box.folder.logs / f"{name.replace(' ', '-')}.log")
    return Program(name=name, command=command, environment=environment, log=log, folder=PROJECT)


def _run_step(supervisor: Supervisor, program: Program, done: str) -> None:
    if supervisor.run_to_end(program, STEP_WITHIN_S) != 0:
        screen.show_log_end(program.log)
        raise StepFailed(f"'{' '.join(program.command[1:])}' failed; everything is stopped")
    screen.say(done)


def _is_ready(url: str) -> bool:
    try:
        with STRAIGHT.open(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((DEFAULT_HOST, port)) == 0
