"""Twilio's queues: first in, first out by themselves, but any member can be taken out by call identifier."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from helpline.simulator.exchange.calls import Call, DocumentRequest
from helpline.simulator.moments import new_sid, now, seconds_between

DEFAULT_MAX_SIZE = 1000


class QueueFull(Exception):
    """No more calls may wait here."""


@dataclass(eq=False)
class Place:
    """One call's place in a queue. `result` is set by whoever takes the call out."""

    call: Call
    queue: "WaitingQueue"
    joined_at: datetime = field(default_factory=now)
    result: str | None = None

    @property
    def waited_s(self) -> int:
        """Seconds since joining."""
        return seconds_between(self.joined_at, None)


@dataclass(eq=False)
class WaitingQueue:
    """Calls that hold the line, in the order they came."""

    friendly_name: str
    max_size: int = DEFAULT_MAX_SIZE
    sid: str = field(default_factory=lambda: new_sid("QU"))
    places: list[Place] = field(default_factory=list)
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)

    def join(self, call: Call) -> Place:
        """Put a call at the end; raises QueueFull. The caller holds the line's lock."""
        if len(self.places) >= self.max_size:
            raise QueueFull(self.friendly_name)
        call.place = Place(call, self)
        self.places.append(call.place)
        self.updated_at = now()
        return call.place

    def remove(self, place: Place) -> None:
        """Take a call out. The caller holds the line's lock."""
        self.places.remove(place)
        place.call.place = None
        self.updated_at = now()

    @property
    def waiting(self) -> list[Place]:
        """Those whom nobody is taking out yet."""
        return [place for place in self.places if place.result is None]

    def find(self, call_sid: str) -> Place | None:
        """The place of one call, or of the longest-waiting for `Front`; not one that is already being taken out."""
        waiting = self.waiting
        if call_sid == "Front":
            return waiting[0] if waiting else None
        return next((place for place in waiting if place.call.sid == call_sid), None)

    def position(self, place: Place) -> int:
        """1 for the longest-waiting."""
        return self.places.index(place) + 1

    @property
    def average_wait_s(self) -> int:
        """Mean seconds that those now waiting have waited."""
        return round(sum(place.waited_s for place in self.places) / len(self.places)) if self.places else 0


def dequeue(place: Place, request: DocumentRequest) -> None:
    """Take a call out of its queue and let it begin at `request`. The caller holds the line's lock."""
    place.result = "redirected"
    place.call.redirect(request)


def wait_params(place: Place) -> dict[str, str]:
    """What a wait document's request tells beside the call itself."""
    return {
        "QueueSid": place.queue.sid,
        "QueuePosition": str(place.queue.position(place)),
        "QueueTime": str(place.waited_s),
        "AvgQueueTime": str(place.queue.average_wait_s),
        "CurrentQueueSize": str(len(place.queue.places)),
        "MaxQueueSize": str(place.queue.max_size),
    }


def find_queue(queues: list[WaitingQueue], matches: Callable[[WaitingQueue], bool]) -> WaitingQueue | None:
    """The first queue that matches."""
    return next((queue for queue in queues if matches(queue)), None)
