"""A lookout: a thread that looks every two seconds whether the database holds something newer for this process.

Whoever keeps something in memory that two people may change elsewhere gives it its `look`. Nobody waits for it but
the very first who asks, and they not long.
"""

import threading
import time
import weakref
from collections.abc import Callable

from sqlalchemy import Engine

LOOK_EVERY_S = 2.0
# A process that has just begun gives its first look this long before it answers with what it was shipped with.
FIRST_LOOK_S = 1.0


class Lookout:
    """Calls `look`, a method, as long as its owner is in use. `look` raises nothing and says `has_looked`."""

    def __init__(self, name: str, look: Callable[[Engine], object]):
        self._name = name
        self._look = weakref.WeakMethod(look)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._looked = threading.Event()

    def follow(self, engine: Engine) -> None:
        """Look from now on. Begins once; costs nothing after."""
        if self._looked.is_set():
            return
        with self._lock:
            if self._thread is None:
                looking = (self._look, engine)
                self._thread = threading.Thread(target=_keep_looking, args=looking, name=self._name, daemon=True)
                self._thread.start()
        self._looked.wait(FIRST_LOOK_S)
        self._looked.set()

    def has_looked(self) -> None:
        """A look is done, however it went: nobody waits for the first any longer."""
        self._looked.set()


def _keep_looking(look: weakref.WeakMethod, engine: Engine) -> None:
    while (present := look()) is not None:
        present(engine)
        del present
        time.sleep(LOOK_EVERY_S)
