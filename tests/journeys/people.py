"""The people of a journey: children on their phones, staff through the API, desks on theirs."""

import time
from collections.abc import Callable
from typing import TypeVar

import requests

T = TypeVar("T")


def eventually(look: Callable[[], T], within_s: float = 10, every_s: float = 0.05) -> T:
    """The first true value that `look` gives. Fails, telling the last value, when there is none in time."""
    give_up_at = time.monotonic() + within_s
    while True:
        value = look()
        if value:
            return value
        if time.monotonic() > give_up_at:
            raise AssertionError(f"not within {within_s} s: {getattr(look, '__name__', look)} (last: {value!r})")
        time.sleep(every_s)


class Leg:
    """One leg at the phone line, in somebody's hand."""

    def __init__(self, url: str, sid: str):
        self._url, self.sid = f"{url}/sim/calls/{sid}", sid

    @property
    def state(self) -> dict:
        return requests.get(self._url, timeout=5).json()

    @property
    def status(self) -> str:
        return self.state["status"]

    @property
    def heard(self) -> str:
        """Everything this person has heard, in order."""
        return " | ".join(line["text"] for line in self.state["heard"])

    def press(self, digits: str) -> None:
        requests.post(f"{self._url}/keys", json={"digits": digits}, timeout=5).raise_for_status()

    def say(self, text: str) -> None:
        requests.post(f"{self._url}/speak", json={"text": text}, timeout=5).raise_for_status()

    def answer(self) -> None:
        requests.post(f"{self._url}/answer", json={}, timeout=5).raise_for_status()

    def decline(self) -> None:
        requests.post(f"{self._url}/reject", json={}, timeout=5).raise_for_status()

    def hang_up(self) -> None:
        requests.post(f"{self._url}/hangup", json={}, timeout=5).raise_for_status()

    def hears(self, text: str, within_s: float = 10) -> None:
        """Wait until this person has heard these words."""
        eventually(lambda: text in self.heard, within_s)

    def is_on_hold_queue(self) -> bool:
        return bool(self.state["in_queue"])

    def is_in_room(self) -> bool:
        return bool(self.state["in_conference"])


class Phones:
    """Everyone's phones."""

    def __init__(self, url: str):
        self._url = url

    def dial(self, number: str, to: str) -> Leg:
        """Somebody dials."""
        answer = requests.post(f"{self._url}/sim/calls", json={"from": number, "to": to}, timeout=5)
        return Leg(self._url, answer.json()["call_sid"])

    def ringing_at(self, number: str, within_s: float = 10) -> Leg:
        """The leg that rings at this number, as soon as it does."""

        def look() -> str | None:
            legs = requests.get(f"{self._url}/sim/phones/{number}", timeout=5).json()["calls"]
            return next((leg["sid"] for leg in legs if leg["status"] == "ringing"), None)

        return Leg(self._url, eventually(look, within_s))

    def legs_at(self, number: str) -> list[Leg]:
        """Every leg of this number."""
        legs = requests.get(f"{self._url}/sim/phones/{number}", timeout=5).json()["calls"]
        return [Leg(self._url, leg["sid"]) for leg in legs]

    def set_behaviour(self, number: str, behaviour: str, after_s: float = 0) -> None:
        body = {"behaviour": behaviour, "after_s": after_s}
        requests.put(f"{self._url}/sim/phones/{number}", json=body, timeout=5).raise_for_status()

    def text(self, number: str, to: str, body: str) -> None:
        message = {"from": number, "to": to, "body": body}
        requests.post(f"{self._url}/sim/messages", json=message, timeout=5).raise_for_status()

    def set_faults(self, **faults: list[dict]) -> None:
        """Put exactly these faults of the telephone company in force (docs/simulator.md)."""
        requests.put(f"{self._url}/sim/faults", json=faults, timeout=5).raise_for_status()

    def texts_at(self, number: str) -> list[dict]:
        return requests.get(f"{self._url}/sim/messages", params={"number": number}, timeout=5).json()

    def calls(self) -> list[dict]:
        """Every leg there has been."""
        return requests.get(f"{self._url}/sim/calls", timeout=5).json()

    def put_all_down(self) -> None:
        """Everyone hangs up."""
        for call in requests.get(f"{self._url}/sim/calls", timeout=5).json():
            requests.post(f"{self._url}/sim/calls/{call['sid']}/hangup", json={}, timeout=5)

    def dead_lines(self) -> list:
        """Calls on which a child heard an error and was cut off. There must be none, ever."""
        return requests.get(f"{self._url}/sim/dead-lines", timeout=5).json()

    def rest_calls(self) -> list[dict]:
        return requests.get(f"{self._url}/sim/rest", timeout=5).json()


class Colleague:
    """Someone of the staff, through the JSON API."""

    def __init__(self, url: str, token: str):
        self._url = f"{url}/api/v1"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, body: dict | None = None) -> requests.Response:
        return self._session.request(method, self._url + path, json=body, timeout=10)

    def get(self, path: str) -> dict:
        answer = self.ask("GET", path)
        answer.raise_for_status()
        return answer.json()

    def be(self, activity: str) -> None:
        self.ask("PUT", "/me/activity", {"activity": activity}).raise_for_status()

    def offer(self, within_s: float = 10) -> dict:
        """The reservation that is offered to this person, as soon as there is one."""
        return eventually(lambda: self.get("/me").get("reservation"), within_s)

    def accept(self, within_s: float = 10) -> dict:
        """Wait for an offer and accept it."""
        reservation = self.offer(within_s)
        self.ask("POST", f"/reservations/{reservation['id']}/accept", {}).raise_for_status()
        return reservation

    def contact(self, contact_id: str) -> dict:
        return self.get(f"/contacts/{contact_id}")

    def sees_state(self, contact_id: str, state: str, within_s: float = 10) -> dict:
        """Wait until a contact is in this state."""

        def look() -> dict | None:
            contact = self.contact(contact_id)
            return contact if contact["state"] == state else None

        return eventually(look, within_s)
