"""Keeps a list of programs running: notices which one died, says so, and starts it again.

Single-threaded: whoever waits for something waits through `wait_until`, which tends the programs
meanwhile and gives way when a stop is asked for.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from helpline.onebox.children import Program, end_group, has_ended, start_child

LOOK_EVERY_S = 0.05
# How long to wait before the first, second ... new start of a program that keeps dying.
BACK_OFF_S = (0.1, 0.5, 1, 2, 5, 10)
# A program that ran this long was well; its next death counts as the first.
WELL_AFTER_S = 20


class StopAsked(Exception):
    """Someone pressed Ctrl-C, or the system asked us to end."""


class NotReadyInTime(Exception):
    """What was waited for did not come; `log` may say why."""

    def __init__(self, name: str, within_s: float, log: Path):
        self.log = log
        super().__init__(f"{name} was not ready after {within_s:g} s")


@dataclass
class Watched:
    """One program under watch."""

    program: Program
    child: subprocess.Popen
    started_at: float = field(default_factory=time.monotonic)
    deaths: int = 0
    start_again_at: float | None = None

    @property
    def is_running(self) -> bool:
        return self.start_again_at is None


class Supervisor:
    """The programs under watch, in the order they were started."""

    def __init__(self, say: Callable[[str], None]):
        self._say = say
        self._watched: dict[str, Watched] = {}
        self._stop_asked = False

    def listen_for_stop(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal ask for an orderly stop."""
        signal.signal(signal.SIGINT, self._note_stop)
        signal.signal(signal.SIGTERM, self._note_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asks to outlive the terminal
            signal.signal(signal.SIGHUP, self._note_stop)

    def start(self, program: Program) -> None:
        """Start a program and keep it running from now on."""
        self._watched[program.name] = Watched(program, start_child(program))

    def run_to_end(self, program: Program, within_s: float) -> int:
        """Run a program once, watching the others meanwhile; return its exit status."""
        child = start_child(program)
        try:
            self.wait_until(lambda: has_ended(child), within_s, program.name, program.log)
        finally:
            status = end_group(child)
        return status

    def wait_until(self, is_so: Callable[[], bool], within_s: float, name: str, log: Path) -> None:
        """Tend the programs until `is_so()`. Raises NotReadyInTime after `within_s` seconds, or StopAsked.

        `name` and `log` say what was waited for.
        """
        give_up_at = time.monotonic() + within_s
        while not is_so():
            if time.monotonic() > give_up_at:
                raise NotReadyInTime(name, within_s, log)
            self._look_after()

    def keep_running(self) -> NoReturn:
        """Tend the programs until a stop is asked for: raises StopAsked."""
        while True:
            self._look_after()

    def tend(self) -> None:
        """Look at each program once: note the dead, start again those whose pause is over."""
        for watched in self._watched.values():
            if watched.is_running and has_ended(watched.child):
                self._note_death(watched)
            elif watched.start_again_at is not None and time.monotonic() >= watched.start_again_at:
                watched.child = start_child(watched.program)
                watched.started_at = time.monotonic()
                watched.start_again_at = None

    def stop(self, names: Iterable[str], within_s: float) -> None:
        """Ask these programs to stop, all at once, and kill what has not ended after `within_s`."""
        stopping = [self._watched.pop(name) for name in names if name in self._watched]
        running = [watched for watched in stopping if watched.is_running]
        for watched in running:
            if not has_ended(watched.child):
                os.kill(watched.child.pid, watched.program.stop_signal)
        give_up_at = time.monotonic() + within_s
        while not all(has_ended(watched.child) for watched in running) and time.monotonic() < give_up_at:
            time.sleep(LOOK_EVERY_S)
        for watched in running:
            if not has_ended(watched.child):
                self._say(f"{watched.program.name} did not stop within {within_s:g} s and was ended")
            end_group(watched.child)

    def stop_all(self, within_s: float) -> None:
        """Stop whatever is still under watch."""
        self.stop(list(self._watched), within_s)

    def _look_after(self) -> None:
        if self._stop_asked:
            raise StopAsked
        self.tend()
        time.sleep(LOOK_EVERY_S)

    def _note_death(self, watched: Watched) -> None:
        status = end_group(watched.child)
        if time.monotonic() - watched.started_at >= WELL_AFTER_S:
            watched.deaths = 0
        pause = BACK_OFF_S[min(watched.deaths, len(BACK_OFF_S) - 1)]
        watched.deaths += 1
        watched.start_again_at = time.monotonic() + pause
        self._say(
            f"{watched.program.name} ended ({describe_end(status)}); "
            f"starting it again in {pause:g} s. Its log: {watched.program.log}"
        )

    def _note_stop(self, _number: int, _frame: object) -> None:
        self._stop_asked = True


def describe_end(status: int) -> str:
    """A process's exit status in words."""
    if status < 0:
        return f"killed by {signal.Signals(-status).name}"
    return f"exit status {status}"
