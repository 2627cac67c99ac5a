"""The doorbell rings after the commit and never before; without Redis a commit is as good and nearly as quick."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.outbox.bell import (
    CHANNEL,
    PERFORM,
    QUEUE_NAME,
    QUIET_SECONDS,
    Bell,
    commit,
    connect_redis,
    remember_change,
    roll_back,
)
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from tests.servers import ServersFolder, TestValkey


class SilentServer:
    """Takes connections and never says a word, like a machine that hangs."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self._socket.getsockname()[1]}/0"
        self.visitors: list[socket.socket] = []
        threading.Thread(target=self._take_in, daemon=True).start()

    def _take_in(self) -> None:
        while True:
            try:
                self.visitors.append(self._socket.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        for one in (self._socket, *self.visitors):
            one.close()


@pytest.fixture
def silent() -> Iterator[SilentServer]:
    server = SilentServer()
    yield server
    server.close()


@pytest.fixture
def redis(redis_url: str) -> Redis:
    redis = Redis.from_url(redis_url)
    redis.flushall()
    return redis


@pytest.fixture
def bell(redis_url: str) -> Bell:
    return Bell(connect_redis(redis_url))


def rung_for(redis: Redis) -> list[int]:
    jobs = Queue(QUEUE_NAME, connection=redis, serializer=JSONSerializer).jobs
    assert {job.func_name for job in jobs} <= {PERFORM}
    return [job.args[0] for job in jobs]


def seconds_to_commit(session: Session, bell: Bell) -> float:
    owe(session, "end_room", "room")
    remember_change(session, "floor")
    begun = time.monotonic()
    commit(session, bell)
    return time.monotonic() - begun


def test_a_worker_is_rung_after_the_commit_and_not_before(session: Session, bell: Bell, redis: Redis):
    work = owe(session, "end_room", "room")
    assert rung_for(redis) == []

    commit(session, bell)

    assert rung_for(redis) == [work.id]
    commit(session, bell)
    assert rung_for(redis) == [work.id]


def test_nobody_is_rung_for_what_was_undone(session: Session, bell: Bell, redis: Redis):
    owe(session, "end_room", "room")
    remember_change(session, "floor")
    roll_back(session)

    commit(session, bell)

    assert rung_for(redis) == []


def test_viewers_are_told_once_of_changes_that_come_together(bell: Bell, redis: Redis):
    ears = redis.pubsub(ignore_subscribe_messages=True)
    ears.subscribe(CHANNEL)
    ears.get_message(timeout=1)

    bell.tell_viewers(["floor"])
    bell.tell_viewers(["dispatch", "floor"])

    heard = [ears.get_message(timeout=1), ears.get_message(timeout=0.2)]
    assert [message and message["data"] for message in heard] == [b"dispatch,floor", None]


def test_what_is_handed_to_redis_is_a_number_and_nothing_else(session: Session, bell: Bell, redis: Redis):
    owe(session, "send_text", "some identifier", note="canary")
    commit(session, bell)

    kept = b"".join(redis.dump(key) for key in redis.scan_iter())
    assert b"canary" not in kept
    assert b"some identifier" not in kept


def test_without_redis_a_commit_is_as_good_and_quick(session: Session):
    bell = Bell(connect_redis("redis://127.0.0.1:9/0"))

    assert seconds_to_commit(session, bell) < 0.5
    assert len(session.scalars(select(OwedWork)).all()) == 1


def test_a_redis_that_hangs_costs_one_commit_half_a_second_and_the_next_nothing(session: Session, silent: SilentServer):
    bell = Bell(connect_redis(silent.url))
    bell.gathers = False  # told at once, so that telling counts too

    assert seconds_to_commit(session, bell) < 0.9
    asked = len(silent.visitors)
    assert seconds_to_commit(session, bell) < 0.2
    assert len(silent.visitors) == asked

    time.sleep(QUIET_SECONDS)
    seconds_to_commit(session, bell)
    assert len(silent.visitors) > asked


def test_the_first_ring_after_redis_was_restarted_is_heard(own_servers_folder: ServersFolder, session: Session):
    valkey = TestValkey(own_servers_folder)
    bell = Bell(connect_redis(valkey.url))
    bell.gathers = False
    seconds_to_commit(session, bell)
    valkey.stop()
    valkey.start()
    redis = Redis.from_url(valkey.url)
    redis.flushall()

    seconds_to_commit(session, bell)

    assert len(rung_for(redis)) == 1
    valkey.stop()
