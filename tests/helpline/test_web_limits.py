"""Few requests at once; calls never wait for pages; nobody is refused."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from helpline.web_limits import PATIENCE_S, PLACES_FOR_PAGES, WebLimits


class SlowApplication:
    """Takes its time for everything, and counts how many it was busy with at once."""

    def __init__(self, seconds: float):
        self._seconds = seconds
        self._lock = threading.Lock()
        self.busy = self.most = 0

    def __call__(self, environ: dict, start_response) -> list[bytes]:
        with self._lock:
            self.busy += 1
            self.most = max(self.most, self.busy)
        time.sleep(self._seconds)
        with self._lock:
            self.busy -= 1
        return [b"done"]


def ask(app: WebLimits, path: str) -> float:
    """Seconds until the answer."""
    asked_at = time.monotonic()
    assert app({"PATH_INFO": path}, None) == [b"done"]
    return time.monotonic() - asked_at


def test_no_more_than_a_few_pages_are_made_at_once():
    slow = SlowApplication(0.02)
    limited = WebLimits(slow)
    with ThreadPoolExecutor(20) as crowd:
        list(crowd.map(lambda _: ask(limited, "/api/v1/queue"), range(20)))
    assert slow.most == PLACES_FOR_PAGES


def test_a_childs_call_does_not_wait_for_slow_pages():
    limited = WebLimits(SlowApplication(0.3))
    with ThreadPoolExecutor(20) as crowd:
        pages = [crowd.submit(ask, limited, "/reports") for _ in range(8)]
        time.sleep(0.05)
        assert ask(limited, "/voice/incoming") < 0.4
        assert max(page.result() for page in pages) > 0.5


def test_who_has_waited_long_enough_goes_ahead():
    limited = WebLimits(SlowApplication(3))
    with ThreadPoolExecutor(20) as crowd:
        asked = [crowd.submit(ask, limited, "/voice/step") for _ in range(PLACES_FOR_PAGES + 1)]
        assert max(one.result() for one in asked) < 3 + PATIENCE_S + 0.5


def test_the_fallback_and_the_pulse_answer_even_when_all_places_are_taken():
    limited = WebLimits(SlowApplication(0.3))
    with ThreadPoolExecutor(20) as crowd:
        calls = [crowd.submit(ask, limited, "/voice/step") for _ in range(8)]
        pages = [crowd.submit(ask, limited, "/reports") for _ in range(8)]
        time.sleep(0.05)
        assert ask(limited, "/voice/fallback") < 0.4
        assert ask(limited, "/healthz") < 0.4
        assert len([one.result() for one in calls + pages]) == 16
