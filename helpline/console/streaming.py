"""Tells open pages that something has changed; they then ask for what they show, each under its own guard.

The stream itself carries nothing but the news that there is news, so it can tell nobody anything.
"""

from collections.abc import Iterator

from flask import Flask, Response, current_app, session
from werkzeug.exceptions import ServiceUnavailable

from helpline.console.guard import the_session
from helpline.feed.streams import Feed, TooManyStreams, write_event, write_opening

TOPIC = "floor"


def stream_changes() -> Response:
    """A stream of server-sent events for the signed-in person. Without a free place: 503, and the page polls."""
    app: Flask = current_app._get_current_object()
    feed: Feed = app.extensions["feed"]
    try:
        place = feed.take_place()
    except TooManyStreams as full:
        raise ServiceUnavailable from full
    # A stream lives for minutes; it must not keep a database connection so long.
    the_session().close()
    answer = Response(_news(app, feed, session.sid), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    answer.call_on_close(place.close)
    return answer


def _news(app: Flask, feed: Feed, session_id: str) -> Iterator[bytes]:
    yield write_opening()
    for version in feed.watch(TOPIC):
        if not _still_signed_in(app, session_id):
            return
        yield write_event("changed", version, "{}")


def _still_signed_in(app: Flask, session_id: str) -> bool:
    with app.app_context():
        return app.session_interface.is_alive(session_id)
