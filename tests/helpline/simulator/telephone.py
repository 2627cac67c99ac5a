"""The line as a test holds it: phones in hand on one side, the REST interface on the other."""

import requests

from tests.helpline.simulator.fake_service import eventually

CHILD = "+97455500001"
HELPLINE = "+97444000000"
COUNSELLOR = "+97455500100"
DESK = "+97444999000"


class Telephone:
    """Speaks to a simulator that runs at `url`."""

    def __init__(self, url: str, account_sid: str, token: str):
        self.url = url
        self.account_sid, self.token = account_sid, token
        self.rest_url = f"{url}/2010-04-01/Accounts/{account_sid}"

    def rest(self, method: str, path: str, fields: dict | None = None, status: int | None = None) -> requests.Response:
        """A REST call as the service makes it; fails unless the answer has `status` (any 2xx by default)."""
        given = {"params": fields} if method == "GET" else {"data": fields}
        reply = requests.request(method, self.rest_url + path, auth=(self.account_sid, self.token), timeout=20, **given)
        assert reply.status_code == status if status else reply.ok, reply.text
        return reply

    def sim(self, method: str, path: str, body: dict | None = None):
        """A call to the line's own interface."""
        reply = requests.request(method, f"{self.url}/sim{path}", json=body, timeout=20)
        assert reply.ok, reply.text
        return reply.json() if reply.content else None

    def dial(self, from_number: str = CHILD, to_number: str = HELPLINE) -> str:
        """A person calls; the call's identifier."""
        return self.sim("POST", "/calls", {"from": from_number, "to": to_number})["call_sid"]

    def call(self, sid: str) -> dict:
        return self.sim("GET", f"/calls/{sid}")

    def heard(self, sid: str) -> list[str]:
        return [heard["text"] for heard in self.call(sid)["heard"]]

    def press(self, sid: str, digits: str) -> bool:
        return self.sim("POST", f"/calls/{sid}/keys", {"digits": digits})["taken"]

    def wait_until_heard(self, sid: str, text: str) -> None:
        eventually(lambda: text in self.heard(sid))

    def wait_for_status(self, sid: str, status: str) -> dict:
        return eventually(lambda: (call := self.call(sid))["status"] == status and call)

    def set_phone(self, number: str, behaviour: str, after_s: float = 0) -> None:
        self.sim("PUT", f"/phones/{number}", {"behaviour": behaviour, "after_s": after_s})

    def dead_lines(self) -> list[dict]:
        return self.sim("GET", "/dead-lines")

    def queue_sid(self, name: str) -> str:
        queues = self.rest("GET", "/Queues.json").json()["queues"]
        return next(queue["sid"] for queue in queues if queue["friendly_name"] == name)

    def members(self, name: str) -> list[str]:
        """The calls waiting in a queue, longest first."""
        queue = self.rest("GET", f"/Queues/{self.queue_sid(name)}/Members.json").json()
        return [member["call_sid"] for member in queue["queue_members"]]

    def add_participant(self, conference: str, to_number: str, **fields) -> str:
        """Ring somebody into a conference; the leg's call identifier."""
        form = {"From": HELPLINE, "To": to_number, "Beep": "false"} | fields
        return self.rest("POST", f"/Conferences/{conference}/Participants.json", form, 201).json()["call_sid"]
