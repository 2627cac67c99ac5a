"""Draws a view once for all who watch it, not once for each of them."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

# Waiting times and alerts move without any change. No drawing is handed out that is older than this.
STALE_AFTER_S = 5.0


@dataclass(frozen=True)
class Drawn:
    """What was drawn, from data that is at least as new as `version`."""

    version: int
    at: float
    view: Any


class Snapshots:
    """The last drawing of each view, by a key that names the view and its language."""

    def __init__(self) -> None:
        self._drawn: dict[Hashable, Drawn] = {}
        self._turns: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)

    def draw(self, key: Hashable, version: int, make: Callable[[], Any]) -> Any:
        """The view drawn at this version or later; `make` is called by one watcher while the others wait for it."""
        with self._turns[key]:
            last = self._drawn.get(key)
            if last is None or last.version < version or time.monotonic() - last.at > STALE_AFTER_S:
                last = self._drawn[key] = Drawn(version, time.monotonic(), make())
            return last.view
