"""Streams of changes to browsers and other clients: how many, how often, how long.

An open stream holds a thread of the web server for as long as it lives; that is why there is a limit to
their number, and why each ends of itself (docs/decisions/0002-streams.md).
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

from prometheus_client import Counter, Gauge
from redis import Redis, RedisError

from helpline.feed.changes import Changes
from helpline.feed.listener import Listener
from helpline.feed.snapshots import Snapshots

# Of the web server's 64 threads a process; the others stay free for children's calls.
MOST_STREAMS = 40
# A person does not read faster; a hundred callers at once must not become a hundred drawings a second.
LEAST_PAUSE_S = 0.25
# Without a change the view is sent again: it heals a lost message, tells what only time has changed, and finds
# out that a client has gone, whose thread is free then. Shorter costs drawings, longer keeps dead streams.
SEND_AGAIN_S = 10.0
# A client that lost its right to watch has lost its stream by then too; it comes back by itself if it may.
LASTS_S = 240.0
COME_BACK_MS = 2000

OPEN = Gauge("helpline_streams_open", "Event streams that are open in this process")
REFUSED = Counter("helpline_streams_refused_total", "Event streams refused because too many were open")


class TooManyStreams(Exception):
    """This process has no place for another stream; ask by polling."""


class Feed:
    """One for each process: who watches, what has changed, and what was drawn last."""

    def __init__(self, connect: Callable[[], Redis], channel: str, is_ending: Callable[[], bool]):
        self._connect = connect
        self.changes = Changes()
        self.snapshots = Snapshots()
        self._listener = Listener(connect, channel, self.changes, is_ending)
        self._free = threading.BoundedSemaphore(MOST_STREAMS)

    def can_hear(self) -> bool:
        """Whether Redis answers now."""
        try:
            with closing(self._connect()) as redis:
                return bool(redis.ping())
        except RedisError:
            return False

    def take_place(self) -> ExitStack:
        """A place for one stream; close it once or more. Raises TooManyStreams."""
        if not self._free.acquire(blocking=False):
            REFUSED.inc()
            raise TooManyStreams
        place = ExitStack()
        place.callback(self._free.release)
        place.enter_context(OPEN.track_inprogress())
        return place

    def watch(self, topic: str) -> Iterator[int]:
        """The topic's version now, at each change, and again when nothing has changed for a while; then it ends."""
        ends_at = time.monotonic() + LASTS_S * random.uniform(0.9, 1.1)  # so that not all come back at once
        with self._listener.listening():
            version = self.changes.version(topic)
            while time.monotonic() < ends_at and not self.changes.over:
                yield version
                time.sleep(LEAST_PAUSE_S)
                version = self.changes.wait_beyond(topic, version, SEND_AGAIN_S)


def write_event(name: str, version: int, data: str) -> bytes:
    """One server-sent event. `data` is JSON on one line."""
    return f"event: {name}\nid: {version}\ndata: {data}\n\n".encode()


def write_opening() -> bytes:
    """The first words of a stream: when to come back once it has ended."""
    return f"retry: {COME_BACK_MS}\n\n".encode()
