"""Scripted callers: plays a TOML script of children who call and text, against a running simulator.

`play` is for the command line and for tests; docs/simulator.md explains the steps.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import requests

from helpline.simulator.script_caller import Caller, StepFailed
from helpline.simulator.script_file import CallerLines, ScriptUnreadable, read_script

Report = Callable[[str], None]

PLAYED, A_STEP_FAILED, NOT_PLAYED = 0, 1, 2


def play(script_path: Path | str, simulator_url: str, report: Report) -> int:
    """Let every caller of the script act at once; the exit code: 0 played, 1 a step failed, 2 not played.

    `report` gets one line of text for each step, from several threads.
    """
    try:
        script = read_script(Path(script_path))
        line = requests.get(f"{simulator_url}/sim/line", timeout=5).json()
    except ScriptUnreadable as error:
        report(f"{script_path}: {error}")
        return NOT_PLAYED
    except requests.RequestException:
        report(f"no phone line answers at {simulator_url}")
        return NOT_PLAYED
    report(script.title)
    failures: list[str] = []
    threads = [
        threading.Thread(target=_act, args=(lines, simulator_url, line, report, failures)) for lines in script.callers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return A_STEP_FAILED if failures else PLAYED


def _act(lines: CallerLines, simulator_url: str, line: dict, report: Report, failures: list[str]) -> None:
    """One caller's whole part; a failed step ends it, and the caller hangs up."""
    time.sleep(lines.starts_after_s / line["speed"])
    caller = Caller(simulator_url, lines.number, lines.to or line["helpline_number"], line["speed"])
    for number, step in enumerate(lines.steps, 1):
        report(f"{lines.name}: {step}")
        try:
            caller.do(step)
        except (StepFailed, requests.RequestException) as error:
            failures.append(lines.name)
            report(f"{lines.name}: FAILED at step {number} ({step}): {error}")
            caller.hang_up_if_standing()
            return
    report(f"{lines.name}: done")
