"""Callbacks to the service: told and forgotten, in order for one call unless a fault says otherwise.

As with Twilio, a callback that the service answers with an error is lost.
"""

import logging
import threading
import uuid
from collections import deque
from dataclasses import dataclass, field

from helpline.simulator.account import Account
from helpline.simulator.wire.faults import Faults
from helpline.simulator.wire.webhooks import WebhookClient, WebhookFailed

log = logging.getLogger(__name__)
LONGEST_REORDER_S = 3.0


@dataclass(frozen=True)
class CallbackPlan:
    """Where the service wants to be told about a call, conference or text, and of which events."""

    url: str
    events: frozenset[str]
    method: str = "POST"


@dataclass(frozen=True)
class Callback:
    """One message to the service; those of one `stream` (a call, a conference, a text) keep their order."""

    stream: str
    kind: str
    event: str
    url: str
    params: dict[str, str]
    method: str = "POST"
    token: str = field(default_factory=lambda: str(uuid.uuid4()))


class CallbackSender:
    """One short-lived thread a stream, so a slow answer about one call delays no other."""

    def __init__(self, account: Account, webhooks: WebhookClient, faults: Faults):
        self._account = account
        self._webhooks = webhooks
        self._faults = faults
        self._lock = threading.Lock()
        self._streams: dict[str, deque[Callback]] = {}
        self._held_back: dict[str, Callback] = {}

    def send(self, callback: Callback) -> None:
        """Hand over one callback; returns at once."""
        fault = self._faults.take_callback_fault(callback.kind, callback.event)
        match fault.fault if fault else None:
            case "drop":
                return
            case "delay":
                self._later(fault.delay_s, lambda: self._enqueue(callback))
            case "reorder":
                self._hold_back(callback)
            case "duplicate":
                self._enqueue(callback)
                self._enqueue(callback)
            case _:
                self._enqueue(callback)

    def _hold_back(self, callback: Callback) -> None:
        with self._lock:
            self._held_back[callback.stream] = callback
        self._later(LONGEST_REORDER_S, lambda: self._release(callback))

    def _release(self, callback: Callback) -> None:
        """Nothing came to overtake it: send it after all."""
        with self._lock:
            still_held = self._held_back.get(callback.stream) is callback
            if still_held:
                del self._held_back[callback.stream]
        if still_held:
            self._enqueue(callback)

    def _enqueue(self, callback: Callback) -> None:
        with self._lock:
            waiting = self._streams.get(callback.stream)
            idle = waiting is None
            if idle:
                waiting = self._streams[callback.stream] = deque()
            waiting.append(callback)
            overtaken = self._held_back.pop(callback.stream, None)
            if overtaken:
                waiting.append(overtaken)
        if idle:
            threading.Thread(target=self._deliver, args=(callback.stream,), daemon=True).start()

    def _deliver(self, stream: str) -> None:
        while True:
            with self._lock:
                if not self._streams[stream]:
                    del self._streams[stream]
                    return
                callback = self._streams[stream].popleft()
            self._post(callback)

    def _post(self, callback: Callback) -> None:
        try:
            self._webhooks.request(
                callback.kind, callback.url, callback.params, callback.method, callback.event, callback.token
            )
        except WebhookFailed as failure:
            log.warning("callback %s was lost: %s", callback.event, failure)

    def _later(self, line_seconds: float, act) -> None:
        timer = threading.Timer(self._account.real_seconds(line_seconds), act)
        timer.daemon = True
        timer.start()
