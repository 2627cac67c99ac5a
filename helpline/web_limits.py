"""Few requests at once, however many threads the web server has.

It has many threads because every open event stream holds one. A hundred requests worked on at the same time
would only be slower, each of them, and would fight for the few database connections. So a request waits for
one of a few places (docs/decisions/0002-streams.md gives the figures). Children's calls and texts have
places of their own: a slow report never stands before them.
"""

import threading
from collections.abc import Callable, Iterable
from contextlib import contextmanager

PHONE_PATHS = ("/voice/", "/sms/")
PLACES_FOR_CALLS = 4
PLACES_FOR_PAGES = 4
# After this long a request goes ahead without a place: being slow is better than refusing a child.
PATIENCE_S = 1.0
# These do no work, and must answer even when everything else hangs.
FREE = ("/healthz", "/voice/fallback")

WSGIApp = Callable[[dict, Callable], Iterable[bytes]]


class WebLimits:
    """A WSGI application that lets few requests at a time into another.

    Only the making of an answer takes a place. The body of a stream is drawn afterwards, without one.
    """

    def __init__(self, app: WSGIApp):
        self._app = app
        self._calls = threading.Semaphore(PLACES_FOR_CALLS)
        self._pages = threading.Semaphore(PLACES_FOR_PAGES)

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path in FREE:
            return self._app(environ, start_response)
        with _place(self._calls if path.startswith(PHONE_PATHS) else self._pages):
            return self._app(environ, start_response)


@contextmanager
def _place(places: threading.Semaphore):
    taken = places.acquire(timeout=PATIENCE_S)
    try:
        yield
    finally:
        if taken:
            places.release()
