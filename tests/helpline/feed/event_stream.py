"""A client of the event stream: opens it and reads events, with a limit to its patience."""

import http.client
import json
import time
from typing import NamedTuple

OPENS_WITHIN_S = 10


class Event(NamedTuple):
    name: str
    version: int
    data: dict


class EventStream:
    """One open stream, or the refusal of one (`status`)."""

    def __init__(self, port: int, token: str):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=OPENS_WITHIN_S)
        self._connection.request("GET", "/api/v1/stream", headers={"Authorization": f"Bearer {token}"})
        # The connection forgets its socket when the answer has no length; we keep it to set its patience.
        self._socket = self._connection.sock
        self._answer = self._connection.getresponse()
        self.status = self._answer.status
        self.headers = self._answer.headers

    def next_event(self, name: str, within_s: float = 5) -> Event:
        """The next event of this name. TimeoutError when none comes in time, EOFError when the stream has ended."""
        give_up_at = time.monotonic() + within_s
        while True:
            fields = self._next_block(give_up_at)
            if fields.get("event") == name:
                return Event(name, int(fields["id"]), json.loads(fields["data"]))

    def next_that(self, name: str, fits, within_s: float = 5) -> Event:
        """The next event of this name whose data fits."""
        give_up_at = time.monotonic() + within_s
        while True:
            event = self.next_event(name, give_up_at - time.monotonic())
            if fits(event.data):
                return event

    def _next_block(self, give_up_at: float) -> dict[str, str]:
        fields: dict[str, str] = {}
        while True:
            self._socket.settimeout(max(give_up_at - time.monotonic(), 0.01))
            line = self._answer.readline().decode()
            if not line:
                raise EOFError
            if line == "\n":
                return fields
            key, _, value = line.rstrip("\n").partition(": ")
            fields[key] = value

    def close(self) -> None:
        self._answer.close()
        self._connection.close()
