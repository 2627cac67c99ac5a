"""What the line did: webhooks sent, REST calls received, and every time a person was left with nothing.

Kept in memory for the pages and the tests of a demonstration line; it ends with the process.
"""

from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import datetime

from helpline.simulator.moments import now

KEPT = 5000


@dataclass
class WebhookRecord:
    """One request to the service and how it answered."""

    kind: str
    url: str
    method: str
    params: dict[str, str]
    event: str | None = None
    idempotency_token: str = ""
    attempts: int = 0
    status: int | None = None
    body: str = ""
    error: str | None = None
    ms: int = 0
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class RestRecord:
    """One REST call from the service."""

    method: str
    path: str
    form: dict[str, list[str]]
    status: int
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class DeadLine:
    """Somebody heard an error, or a text went nowhere: what a helpline must never let happen."""

    sid: str
    direction: str
    from_number: str
    to_number: str
    code: int
    url: str
    why: str
    at: datetime = field(default_factory=now)


class Journal:
    """The last few thousand records of each kind, oldest first."""

    def __init__(self):
        self.webhooks: deque[WebhookRecord] = deque(maxlen=KEPT)
        self.rest: deque[RestRecord] = deque(maxlen=KEPT)
        self.dead_lines: deque[DeadLine] = deque(maxlen=KEPT)

    def clear(self) -> None:
        """Forget everything."""
        for records in (self.webhooks, self.rest, self.dead_lines):
            records.clear()


def as_json(record) -> dict:
    """A record as plain values, moments in ISO 8601."""
    values = asdict(record)
    values["at"] = record.at.isoformat()
    return values
