"""One thread a process that listens for changes while anyone watches, and not otherwise.

When Redis is away, frozen or not there yet, it says once a second that anything may have changed: watchers
then look into the database themselves.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import structlog
from redis import Redis, RedisError
from redis.client import PubSub

from helpline.feed.changes import Changes

log = structlog.get_logger()

LOOK_EVERY_S = 0.25  # how soon a shutdown, or the last watcher's leaving, is noticed
ASK_AFTER_S = 1.0  # a line that is silent this long is asked whether it still lives
DEAD_AFTER_S = 2.5  # ... and given up when it still says nothing
TRY_AGAIN_S = 1.0


class Deaf(Exception):
    """The line to Redis is open and nothing answers on it."""


class Listener:
    """`connect` makes a Redis client whose reads may wait; `is_ending` tells that the process shuts down."""

    def __init__(self, connect: Callable[[], Redis], channel: str, changes: Changes, is_ending: Callable[[], bool]):
        self._connect = connect
        self._channel = channel
        self._changes = changes
        self._is_ending = is_ending
        self._lock = threading.Lock()
        self._watchers = 0
        self._thread: threading.Thread | None = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Changes are heard while this is entered, by anyone."""
        with self._lock:
            self._watchers += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="feed", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._watchers -= 1

    def _run(self) -> None:
        while not self._may_leave():
            try:
                with closing(self._connect()) as redis, closing(redis.pubsub()) as ears:
                    ears.subscribe(self._channel)
                    self._hear(ears)
                    return
            except (RedisError, OSError, Deaf) as fault:
                log.warning("feed_deaf", fault=type(fault).__name__)
                self._changes.note_all()
                time.sleep(TRY_AGAIN_S)

    def _hear(self, ears: PubSub) -> None:
        """Returns when nobody needs to hear any more. Raises when nothing can be heard."""
        heard_at = asked_at = time.monotonic()
        while not self._may_leave():
            message = ears.get_message(timeout=LOOK_EVERY_S)
            now = time.monotonic()
            if message:
                heard_at = now
                self._take_in(message)
            elif now - heard_at > DEAD_AFTER_S:
                raise Deaf
            elif now - max(heard_at, asked_at) > ASK_AFTER_S:
                asked_at = now
                ears.ping()

    def _take_in(self, message: dict) -> None:
        if message["type"] == "subscribe":
            self._changes.note_all()  # what happened before we could hear
        elif message["type"] == "message":
            self._changes.note(message["data"].decode().split(","))

    def _may_leave(self) -> bool:
        """True when the thread must end; it then counts as ended, so that the next watcher starts another."""
        if self._is_ending():
            self._changes.end()
        with self._lock:
            if self._watchers and not self._changes.over:
                return False
            self._thread = None
            return True
