"""The doorbell: after a commit, rings a worker for each work owed and tells viewers that something changed.

The bell may fail: Redis holds nothing that is not in PostgreSQL. A failed ring is counted and forgotten;
the clock finds the work by itself within two seconds, and viewers ask again by themselves.
"""

import threading
import time
from collections.abc import Callable, Iterable

import structlog
from prometheus_client import Counter
from redis import ConnectionError as NoConnection
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy.orm import Session

log = structlog.get_logger()

QUEUE_NAME = "owed"
UNHURRIED_QUEUE = "unhurried"  # what workers do when nothing else is to be done
PERFORM = "helpline.jobs.duties.perform_owed"
CHANNEL = "helpline:changed"
# After a failed ring the bell stays quiet this long, so that a frozen Redis costs one caller half a second
# and not every caller.
QUIET_SECONDS = 2.0
# Changes are gathered this long before viewers are told.
GATHER_SECONDS = 0.02
JOB_TIMEOUT_SECONDS = 25
FAILURE_KEPT_SECONDS = 3600

UNRUNG = Counter("helpline_bell_unrung_total", "Doorbells that could not be rung because Redis did not answer")


def connect_redis(url: str, socket_timeout: float | None = 0.5) -> Redis:
    """A client that gives up quickly. redis-py's own defaults hold a caller for seconds when Redis is down.

    A connection that was lost is made anew, once; a Redis that does not answer is not asked a second time.
    """
    retry = Retry(NoBackoff(), 1, supported_errors=(NoConnection,))
    return Redis.from_url(url, retry=retry, socket_connect_timeout=0.25, socket_timeout=socket_timeout)


class Bell:
    """Rings through Redis. One for each process."""

    def __init__(self, redis: Redis):
        self._redis = redis
        self._queue = Queue(QUEUE_NAME, connection=redis, serializer=JSONSerializer)
        self._unhurried = Queue(UNHURRIED_QUEUE, connection=redis, serializer=JSONSerializer)
        self._quiet_until = 0.0
        self._changed: set[str] = set()
        self._something_changed = threading.Event()
        self._teller: threading.Thread | None = None
        self._lock = threading.Lock()
        # A process that may end at any moment tells at once and does not gather.
        self.gathers = True

    def ring_workers(self, owed_ids: Iterable[int], *, unhurried: bool = False) -> None:
        """Hand this work to the workers. Never raises: the truth is committed already."""
        queue = self._unhurried if unhurried else self._queue
        for owed_id in owed_ids:
            self._try(lambda owed_id=owed_id: self._enqueue(queue, owed_id))

    def tell_viewers(self, topics: Iterable[str]) -> None:
        """Tell everyone who watches that something has changed, a moment later and together with what else has.

        Told by a thread of its own: a caller's webhook does not wait for it, and a flood of calls makes a few
        dozen notices a second and not thousands.
        """
        if not self.gathers:
            self._publish(topics)
            return
        with self._lock:
            self._changed.update(topics)
            if self._teller is None:
                self._teller = threading.Thread(target=self._tell, daemon=True, name="bell")
                self._teller.start()
        self._something_changed.set()

    def _enqueue(self, queue: Queue, owed_id: int) -> None:
        queue.enqueue(
            PERFORM,
            owed_id,
            description="owed work",
            job_timeout=JOB_TIMEOUT_SECONDS,
            result_ttl=0,
            failure_ttl=FAILURE_KEPT_SECONDS,
        )

    def _tell(self) -> None:
        while True:
            self._something_changed.wait()
            time.sleep(GATHER_SECONDS)
            self._something_changed.clear()
            with self._lock:
                topics, self._changed = self._changed, set()
            self._publish(topics)

    def _publish(self, topics: Iterable[str]) -> None:
        if told := ",".join(sorted(topics)):
            self._try(lambda: self._redis.publish(CHANNEL, told))

    def _try(self, ring: Callable[[], object]) -> None:
        if time.monotonic() < self._quiet_until:
            UNRUNG.inc()
            return
        try:
            ring()
        except RedisError as error:
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            UNRUNG.inc()
            log.warning("bell_not_rung", fault=type(error).__name__)


def remember_owed(session: Session, owed_id: int, *, unhurried: bool = False) -> None:
    """Ring a worker for this work after the commit."""
    session.info.setdefault("unhurried" if unhurried else "owed", []).append(owed_id)


def remember_change(session: Session, topic: str) -> None:
    """Tell viewers of `topic` after the commit."""
    session.info.setdefault("changed", set()).add(topic)


def commit(session: Session, bell: Bell) -> None:
    """Commit, then ring for what was owed and changed. The only way the service commits."""
    session.commit()
    owed, changed = session.info.pop("owed", ()), session.info.pop("changed", ())
    bell.ring_workers(owed)
    bell.ring_workers(session.info.pop("unhurried", ()), unhurried=True)
    if changed:
        bell.tell_viewers(changed)


def roll_back(session: Session) -> None:
    """Undo, and forget what would have been told."""
    session.rollback()
    session.info.pop("owed", None)
    session.info.pop("unhurried", None)
    session.info.pop("changed", None)
