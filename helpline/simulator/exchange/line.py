"""The exchange: every call, queue, conference and text of this one process, under one lock.

It is a phone line, not a record: what it knows ends with the process.
"""

import threading
from dataclasses import dataclass

from helpline.simulator.account import Account
from helpline.simulator.exchange.calls import Call, Heard
from helpline.simulator.exchange.conferences import Conference
from helpline.simulator.exchange.messages import Message
from helpline.simulator.exchange.queues import WaitingQueue
from helpline.simulator.moments import new_sid
from helpline.simulator.wire.callbacks import CallbackSender
from helpline.simulator.wire.faults import Faults
from helpline.simulator.wire.journal import DeadLine, Journal
from helpline.simulator.wire.webhooks import WebhookClient

BEHAVIOURS = ("manual", "answer", "no_answer", "busy", "failed", "voicemail")


@dataclass(frozen=True)
class Behaviour:
    """What a phone does when it rings: `kind` is one of BEHAVIOURS, `after_s` counts from the first ring."""

    kind: str = "manual"
    after_s: float = 2.0


class Line:
    """State and its lock. The lock is never held while waiting for the service."""

    def __init__(self, account: Account):
        self.account = account
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.version = 0
        self.number_sid = new_sid("PN")
        self.journal = Journal()
        self.faults = Faults()
        self.webhooks = WebhookClient(account, self.journal, self.faults)
        self.callbacks = CallbackSender(account, self.webhooks, self.faults)
        self.forget_everything()

    def forget_everything(self) -> None:
        """An unused line: no calls, texts, faults or behaviours. Calls that still stand are ended."""
        with self.lock:
            for call in list(getattr(self, "calls", {}).values()):
                call.end("completed", "the line was reset")
            self.calls: dict[str, Call] = {}
            self.queues: list[WaitingQueue] = []
            self.conferences: list[Conference] = []
            self.messages: list[Message] = []
            self.opted_out: set[str] = set()
            self.text_faults: dict[str, int] = {}  # what befalls texts to a number, by Twilio's code
            self.behaviours: dict[str, Behaviour] = {}
            self.journal.clear()
            self.faults.replace([], [])
            self.touch()

    def touch(self) -> None:
        """Something a page may show has changed. The caller holds the lock."""
        self.version += 1
        self.changed.notify_all()

    def wait_for_change(self, after: int, timeout_s: float) -> int:
        """The newest version, as soon as it is beyond `after` or `timeout_s` (wall clock) has passed."""
        with self.lock:
            self.changed.wait_for(lambda: self.version > after, timeout_s)
            return self.version

    def behaviour_of(self, number: str) -> Behaviour:
        """What this phone does when it rings; a person decides unless told otherwise."""
        return self.behaviours.get(number, Behaviour())

    def add_call(self, call: Call) -> None:
        """Make a new leg known."""
        with self.lock:
            self.calls[call.sid] = call
            self.touch()

    def leave_dead(self, call: Call, code: int, url: str, why: str) -> None:
        """Record that this person heard an error, and let them hear it."""
        call.hear(Heard("error", "An application error has occurred. Goodbye.", "en-US"))
        self.journal.dead_lines.append(
            DeadLine(call.sid, call.direction, call.from_number, call.to_number, code, url, why)
        )
        call.note(f"DEAD LINE: {why}")
