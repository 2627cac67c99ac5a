"""Live views over a real web server: quick while Redis is there, slower without it, and never in the way of calls."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from helpline.api import shapes
from helpline.feed.streams import MOST_STREAMS, SEND_AGAIN_S
from helpline.staff.models import Staff
from tests.helpline.feed.event_stream import EventStream
from tests.journeys.running_service import Process
from tests.servers import TestValkey

Watch = Callable[..., EventStream]
Act = Callable[[], None]


def one_waits(queue: dict) -> bool:
    return len(queue["entries"]) == 1


def settle() -> None:
    """Beyond the second drawing that each first stream makes once it has begun to listen."""
    time.sleep(1)


def test_a_counsellor_sees_the_present_at_once_and_a_waiting_child_within_a_second(watch: Watch, child_waits: Act):
    stream = watch("counsellor")
    first = stream.next_event("queue")
    assert first.data == {"entries": []}
    me = stream.next_event("me").data
    shapes.Me.model_validate_json(json.dumps(me))

    settle()
    called_at = time.monotonic()
    child_waits()
    stream.next_that("queue", one_waits, within_s=3)

    assert time.monotonic() - called_at < 1


def test_a_shift_lead_sees_the_whole_floor(watch: Watch, child_waits: Act):
    stream = watch("shift_lead")
    stream.next_event("floor")
    child_waits()
    seen = stream.next_that("floor", lambda floor: one_waits(floor["queue"]))
    assert seen.data["queue"]["entries"][0]["risk"]["level"] == "critical"


@pytest.mark.faults
def test_when_redis_dies_changes_still_come_within_two_seconds_and_when_it_is_back_at_once(
    watch: Watch, child_waits: Act, own_valkey: TestValkey
):
    stream = watch("counsellor")
    stream.next_event("queue")
    settle()
    own_valkey.kill()
    child_waits()
    stream.next_that("queue", one_waits, within_s=2.5)

    own_valkey.start()
    time.sleep(3)  # our side has found it again, and the bell is no longer quiet
    child_waits()
    stream.next_that("queue", lambda queue: len(queue["entries"]) == 2, within_s=1)


@pytest.mark.faults
def test_when_redis_freezes_changes_still_come(watch: Watch, child_waits: Act, own_valkey: TestValkey):
    stream = watch("counsellor")
    stream.next_event("queue")
    settle()
    own_valkey.freeze()
    try:
        child_waits()
        stream.next_that("queue", one_waits, within_s=6)
    finally:
        own_valkey.thaw()


def test_a_stream_beyond_the_limit_is_refused_and_a_vanished_client_gives_its_place_free(
    watch: Watch, child_waits: Act
):
    streams = [watch("counsellor") for _ in range(MOST_STREAMS)]
    assert {stream.status for stream in streams} == {200}
    refused = watch("counsellor")
    assert (refused.status, refused.headers["Retry-After"]) == (503, "10")

    streams[0].close()
    streams[1].close()
    give_up_at = time.monotonic() + 2 * SEND_AGAIN_S + 2
    while (again := watch("counsellor")).status != 200:
        assert time.monotonic() < give_up_at
        time.sleep(0.5)
    assert again.next_event("queue")


def test_open_streams_hold_no_database_connection_and_leave_room_for_calls(
    watch: Watch, session: Session, child_waits: Act
):
    streams = [watch("shift_lead") for _ in range(30)]
    for stream in streams:
        stream.next_event("floor")
    child_waits()
    with ThreadPoolExecutor(30) as readers:
        list(readers.map(lambda stream: stream.next_that("floor", lambda floor: one_waits(floor["queue"])), streams))

    in_use = session.scalar(
        text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'")
    )
    assert in_use == 1  # this question itself


def test_a_revoked_account_loses_its_stream_at_the_next_change(watch: Watch, session: Session, child_waits: Act):
    stream = watch("counsellor")
    stream.next_event("queue")
    _set_active(session, False)
    child_waits()
    try:
        with pytest.raises(EOFError):
            stream.next_that("queue", lambda queue: False, within_s=3)
    finally:
        _set_active(session, True)


def _set_active(session: Session, active: bool) -> None:
    session.execute(update(Staff).values(active=active))
    session.commit()


def test_the_web_server_ends_at_once_with_streams_open(watch: Watch, web: Process):
    streams = [watch("counsellor") for _ in range(5)]
    for stream in streams:
        stream.next_event("queue")
    asked_at = time.monotonic()
    web.stop()
    took_s = time.monotonic() - asked_at
    web.start()  # for the tests that come after
    assert took_s < 3  # it kills its workers after five
