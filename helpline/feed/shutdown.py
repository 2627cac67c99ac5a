"""Whether this process has been told to stop.

The web server waits for open streams before it ends and tells nobody that it waits, and it puts its own
signal handlers over everyone else's. So we listen where every signal leaves a byte, whoever handles it.
"""

import signal
import socket
import threading
from contextlib import suppress
from functools import cache

STOP = {signal.SIGTERM, signal.SIGINT}
NOT_SET = -1


class StopSign:
    """Made in the main thread, it sees the signals that tell this process to stop.

    Where that is not possible (in another thread, or when somebody listens there already) it is never
    seen, and streams end when their time is over.
    """

    def __init__(self) -> None:
        self._hear, self._tell = socket.socketpair()
        self._hear.setblocking(False)
        self._tell.setblocking(False)
        self._seen: set[int] = set()
        if threading.current_thread() is threading.main_thread():
            before = signal.set_wakeup_fd(self._tell.fileno(), warn_on_full_buffer=False)
            if before != NOT_SET:
                signal.set_wakeup_fd(before)

    def is_up(self) -> bool:
        """True from the moment the process was told to stop."""
        with suppress(BlockingIOError):  # no signal since the last look
            self._seen.update(self._hear.recv(4096))
        return not STOP.isdisjoint(self._seen)


@cache
def stop_sign() -> StopSign:
    """The one of this process: its sockets must live as long as signals may come."""
    return StopSign()
