"""A scripted person with a phone: does one step at a time through the line's own interface."""

import re
import time
from collections.abc import Callable

import requests

from helpline.simulator.script_file import Step

PATIENCE_S = 90
LOOK_EVERY_S = 0.05


class StepFailed(Exception):
    """What a step waited for did not come."""


class Caller:
    """One phone. What was already waited for is not heard again, so steps follow the call."""

    def __init__(self, simulator_url: str, number: str, helpline_number: str, speed: float):
        self._url = f"{simulator_url}/sim"
        self._number, self._helpline, self._speed = number, helpline_number, speed
        self._call_sid = ""
        self._heard_so_far = 0
        self._texts_so_far = 0

    def do(self, step: Step) -> None:
        """Carry out one step; raises StepFailed."""
        getattr(self, f"_{step.do}")(**step.details)

    def hang_up_if_standing(self) -> None:
        """Put the phone down, if a call was made."""
        if self._call_sid:
            requests.post(f"{self._url}/calls/{self._call_sid}/hangup", timeout=20)

    def _dial(self) -> None:
        self._call_sid = self._post("/calls", {"from": self._number, "to": self._helpline})["call_sid"]
        self._heard_so_far = 0

    def _wait_for(self, text: str = "", pattern: str = "", within_s: float = PATIENCE_S) -> None:
        """Hear something new that contains `text` or matches `pattern`; without either, anything."""
        wanted = re.compile(pattern or re.escape(text))

        def heard_it() -> bool:
            heard = self._call()["heard"]
            for place in range(self._heard_so_far, len(heard)):
                if wanted.search(heard[place]["text"]):
                    self._heard_so_far = place + 1
                    return True
            return False

        self._wait_until(heard_it, within_s, lambda: f"did not hear it; last heard: {self._last_heard()}")

    def _press(self, keys: str, within_s: float = PATIENCE_S) -> None:
        """Press when the line listens, as a person does who was asked to."""
        self._wait_until(
            lambda: (self._call()["listening"] or {}).get("keys"), within_s, lambda: "nobody asked for keys"
        )
        self._post(f"/calls/{self._call_sid}/keys", {"digits": keys})

    def _say(self, text: str, language: str = "") -> None:
        self._post(f"/calls/{self._call_sid}/speak", {"text": text, "language": language})

    def _silence(self, seconds: float) -> None:
        time.sleep(seconds / self._speed)

    def _expect_queue(self, within_s: float = PATIENCE_S) -> None:
        self._wait_until(lambda: self._call()["in_queue"], within_s, lambda: "is not in a queue")

    def _expect_conference(self, within_s: float = PATIENCE_S) -> None:
        self._wait_until(lambda: self._call()["with"], within_s, lambda: "is talking to nobody")

    def _expect_end(self, within_s: float = PATIENCE_S) -> None:
        self._wait_until(lambda: self._call()["end_reason"], within_s, lambda: "the call goes on")

    def _hang_up(self) -> None:
        self._post(f"/calls/{self._call_sid}/hangup", {})

    def _text(self, body: str) -> None:
        self._post("/messages", {"from": self._number, "to": self._helpline, "body": body})

    def _wait_for_text(self, pattern: str = "", within_s: float = PATIENCE_S) -> None:
        wanted = re.compile(pattern)

        def received_it() -> bool:
            texts = [text for text in self._texts() if text["to"] == self._number]
            for place in range(self._texts_so_far, len(texts)):
                if wanted.search(texts[place]["body"]):
                    self._texts_so_far = place + 1
                    return True
            return False

        self._wait_until(received_it, within_s, lambda: "no such text came")

    def _wait_until(self, look: Callable, within_s: float, why_not: Callable[[], str]) -> None:
        deadline = time.monotonic() + within_s
        while not look():
            if time.monotonic() > deadline:
                raise StepFailed(f"{why_not()} (waited {within_s:g} s)")
            time.sleep(LOOK_EVERY_S)

    def _last_heard(self) -> str:
        heard = self._call()["heard"]
        return heard[-1]["text"] if heard else "nothing"

    def _call(self) -> dict:
        if not self._call_sid:
            raise StepFailed("has not dialled")
        return requests.get(f"{self._url}/calls/{self._call_sid}", timeout=20).json()

    def _texts(self) -> list[dict]:
        return requests.get(f"{self._url}/messages", params={"number": self._number}, timeout=20).json()

    def _post(self, path: str, body: dict) -> dict:
        reply = requests.post(self._url + path, json=body, timeout=20)
        if not reply.ok:
            raise StepFailed(reply.json().get("error", reply.text))
        return reply.json() if reply.content else {}
