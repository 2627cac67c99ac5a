"""The views as a stream of events: drawn once a process for all who watch, sent when something has changed.

Between two changes a stream holds a thread and nothing else: no database connection, no transaction.
"""

import json
from collections.abc import Iterator

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpline.feed.streams import Feed, write_event, write_opening
from helpline.floor.own import view_everyone
from helpline.floor.queue import view_queue
from helpline.floor.whole import view_floor
from helpline.line import Line

log = structlog.get_logger()

TOPIC = "floor"


def follow(
    feed: Feed, engine: Engine, line: Line, staff_id: int, *, whole_floor: bool, language: str | None = None
) -> Iterator[bytes]:
    """Server-sent events: `floor` or `queue`, as a lead or a counsellor sees it, and `me`, each when it is new.

    Ends by itself after some minutes, when the person's account is ended, or when the database cannot be read;
    a client comes back by itself. Whoever calls holds a place (`Feed.take_place`).
    """
    yield write_opening()
    me_before = None
    for version in feed.watch(TOPIC):
        try:
            shared, me = _draw(feed, engine, line, version, whole_floor, language, staff_id)
        except SQLAlchemyError as error:
            log.warning("stream_ended", fault=type(error).__name__)
            return
        if me is None:
            return
        yield write_event("floor" if whole_floor else "queue", version, shared)
        if me != me_before:
            me_before = me
            yield write_event("me", version, me)


def _draw(
    feed: Feed, engine: Engine, line: Line, version: int, whole_floor: bool, language: str | None, staff_id: int
) -> tuple[str, str | None]:
    name, view = ("floor", view_floor) if whole_floor else ("queue", view_queue)
    with Session(engine) as session:
        shared = feed.snapshots.draw((name, language), version, lambda: _write(view(session, line, language)))
        everyone = feed.snapshots.draw("everyone", version, lambda: _write_each(view_everyone(session, line)))
        if staff_id not in everyone:  # an account that is newer than the drawing, or one that has been ended
            everyone = _write_each(view_everyone(session, line))
    return shared, everyone.get(staff_id)


def _write_each(views: dict[int, dict]) -> dict[int, str]:
    return {staff_id: _write(view) for staff_id, view in views.items()}


def _write(view: dict) -> str:
    return json.dumps(view, ensure_ascii=False, separators=(",", ":"))
