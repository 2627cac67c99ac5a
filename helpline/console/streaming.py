"""Streams to open pages: news as it comes, for as long as the person is signed in.

Between two pieces of news a stream holds a thread and nothing else: no database connection, no transaction.
"""

from collections.abc import Callable, Iterator

import structlog
from flask import Response, current_app, session, stream_with_context
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import ServiceUnavailable

from helpline.console.guard import the_session
from helpline.feed.streams import Feed, TooManyStreams, write_opening
from helpline.store.db import db

log = structlog.get_logger()

TOPIC = "floor"
# Nothing new for this page; it tells proxies and us that the line is alive.
STILL_HERE = b":\n\n"

Write = Callable[[Session, int], bytes]


def the_feed() -> Feed:
    """What this process hears of changes."""
    return current_app.extensions["feed"]


def stream_news(write: Write) -> Response:
    """Server-sent events: whatever `write` makes of each version. Without a free place: 503, and the page polls."""
    try:
        place = the_feed().take_place()
    except TooManyStreams as full:
        raise ServiceUnavailable from full
    the_session().close()
    answer = Response(stream_with_context(_news(write, session.sid)), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    answer.call_on_close(place.close)
    return answer


def _news(write: Write, session_id: str) -> Iterator[bytes]:
    yield write_opening()
    for version in the_feed().watch(TOPIC):
        try:
            if not current_app.session_interface.is_alive(session_id):
                return
            with Session(db.engine) as reading:
                news = write(reading, version)
        except SQLAlchemyError as error:
            # The page polls meanwhile, and comes back by itself.
            log.warning("stream_ended", fault=type(error).__name__)
            return
        yield news
