"""One call on the line: who, in what state, what was heard, and the waiting that its thread does."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from helpline.simulator.moments import new_sid, now
from helpline.simulator.wire.callbacks import CallbackPlan

if TYPE_CHECKING:
    from helpline.simulator.exchange.conferences import Participant
    from helpline.simulator.exchange.line import Line
    from helpline.simulator.exchange.queues import Place

LONGEST_CALL_S = 14_400
ENDED = ("completed", "busy", "failed", "no-answer", "canceled")


@dataclass(frozen=True)
class DocumentRequest:
    """Where to fetch the next instructions, or the instructions themselves (`twiml`)."""

    url: str = ""
    method: str = "POST"
    params: dict[str, str] = field(default_factory=dict)
    twiml: str | None = None


class CallEnded(Exception):
    """The call is over: somebody hung up, or the REST interface ended it."""


class NewInstructions(Exception):
    """The REST interface sent the call elsewhere; whatever it was doing is abandoned."""

    def __init__(self, request: DocumentRequest):
        super().__init__(request.url)
        self.request = request


class WaitIsOver(Exception):
    """What a waiting document was played for has come."""


@dataclass(frozen=True)
class Heard:
    """One thing that reached this person's ear; `kind` is say, play, music, voice or error."""

    kind: str
    text: str
    language: str = ""
    voice: str = ""
    speaker: str = ""
    at: datetime = field(default_factory=now)


@dataclass
class Listening:
    """A <Gather> that is open: what it takes, and what it has."""

    takes_keys: bool
    takes_speech: bool
    digits_wanted: int | None
    finish_on: str
    digits: str = ""
    speech: str | None = None
    done: bool = False

    @property
    def begun(self) -> bool:
        """Whether the person has pressed or said anything yet."""
        return self.done or bool(self.digits) or self.speech is not None


@dataclass(eq=False)
class Call:
    """A leg. Its own thread runs it; everybody else changes it under the line's lock and wakes the thread."""

    line: "Line"
    from_number: str
    to_number: str
    direction: str
    sid: str = field(default_factory=lambda: new_sid("CA"))
    status: str = "queued"
    parent_sid: str | None = None
    callback: CallbackPlan | None = None
    fallback: DocumentRequest | None = None
    time_limit_s: int = LONGEST_CALL_S
    ring_for_s: float = 60
    machine_detection: str = ""  # "Enable", or "DetectMessageEnd" to wait for the tone after a greeting
    machine_callback: CallbackPlan | None = None
    answered_by: str | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    end_status: str | None = None
    end_reason: str = ""
    callbacks_sent: int = 0
    heard: list[Heard] = field(default_factory=list)
    said: list[Heard] = field(default_factory=list)
    notes: list[tuple[datetime, str]] = field(default_factory=list)
    listening: Listening | None = None
    place: "Place | None" = None
    participant: "Participant | None" = None
    bridged_to: "Call | None" = None
    answer_wish: str | None = None
    pressed_star: bool = False
    orders: DocumentRequest | None = None
    changed: threading.Condition = field(init=False)

    def __post_init__(self):
        self.changed = threading.Condition(self.line.lock)

    @property
    def ended(self) -> bool:
        """Whether the call has reached a final status."""
        return self.status in ENDED

    @property
    def person(self) -> str:
        """The number of the person on this leg: who called in, or who was called."""
        return self.from_number if self.direction == "inbound" else self.to_number

    def wake(self) -> None:
        """Let the call's thread and the pages look again; the caller holds the line's lock."""
        self.updated_at = now()
        self.changed.notify_all()
        self.line.touch()

    def note(self, text: str) -> None:
        """Write a line into the call's log."""
        with self.line.lock:
            self.notes.append((now(), text))
            self.line.touch()

    def hear(self, heard: Heard) -> None:
        """Let the person hear something."""
        with self.line.lock:
            self.heard.append(heard)
            self.wake()

    def end(self, status: str, reason: str) -> None:
        """Ask the call to end with this final status; its thread does the rest. Later reasons lose."""
        with self.line.lock:
            if self.end_status is None and not self.ended:
                self.end_status, self.end_reason = status, reason
                self.wake()

    def redirect(self, request: DocumentRequest) -> None:
        """Give the call new instructions, replacing what it is doing."""
        with self.line.lock:
            self.orders = request
            self.wake()

    def check_for_interruption(self, over: Callable[[], bool] | None = None) -> None:
        """Raise what the call's thread must attend to before anything else."""
        if self.end_status is not None:
            raise CallEnded(self.end_reason)
        if self.orders is not None:
            request, self.orders = self.orders, None
            raise NewInstructions(request)
        if over is not None and over():
            raise WaitIsOver

    def wait(
        self,
        seconds: float | None,
        until: Callable[[], bool] = lambda: False,
        over: Callable[[], bool] | None = None,
    ) -> bool:
        """Let line seconds pass (None: no limit); True as soon as `until` holds. May be interrupted."""
        deadline = None if seconds is None else time.monotonic() + self.line.account.real_seconds(seconds)
        with self.line.lock:
            while True:
                self.check_for_interruption(over)
                if until():
                    return True
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    return False
                self.changed.wait(left)
