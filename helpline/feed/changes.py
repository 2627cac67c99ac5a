"""Counts changes by topic and wakes whoever waits for one. One for each process."""

import threading
from collections import Counter
from collections.abc import Iterable


class Changes:
    """A version for each topic; it only grows. Safe to use from many threads."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._noted: Counter[str] = Counter()
        self._noted_for_all = 0
        self._over = False

    @property
    def over(self) -> bool:
        """True once this process is shutting down."""
        return self._over

    def version(self, topic: str) -> int:
        """The present version. Read it before the database: what is drawn then is at least this new."""
        return self._noted[topic] + self._noted_for_all

    def note(self, topics: Iterable[str]) -> None:
        """These topics have changed."""
        with self._moved:
            self._noted.update(topics)
            self._moved.notify_all()

    def note_all(self) -> None:
        """Any topic may have changed: we could not hear."""
        with self._moved:
            self._noted_for_all += 1
            self._moved.notify_all()

    def end(self) -> None:
        """Send everyone home."""
        with self._moved:
            self._over = True
            self._moved.notify_all()

    def wait_beyond(self, topic: str, version: int, timeout_s: float) -> int:
        """Sleep until `topic` is beyond `version`, the time is over or the process ends. Returns the version."""
        with self._moved:
            self._moved.wait_for(lambda: self._over or self.version(topic) > version, timeout_s)
            return self.version(topic)
