"""The same views, sent as they change."""

from flask import Blueprint, Response, current_app

from helpline.api.guard import ANSWERING, WATCHING, allowed, the_caller, the_line, the_session
from helpline.feed.streams import Feed
from helpline.floor.live import follow
from helpline.store.db import db

routes = Blueprint("stream", __name__)


@routes.get("/stream")
@allowed(*ANSWERING)
def stream() -> Response:
    """Server-sent events: `floor` for who watches, `queue` for counsellors, `me` for both, each in its GET's shape.

    Ends after some minutes; clients come back by themselves. 503 with Retry-After when too many are open.
    """
    feed: Feed = current_app.extensions["feed"]
    caller_id, watches = the_caller().id, the_caller().role in WATCHING
    place = feed.take_place()
    the_session().close()  # a stream lives for minutes and must not keep a database connection so long
    events = follow(feed, db.engine, the_line(), caller_id, whole_floor=watches)
    answer = Response(events, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})
    answer.call_on_close(place.close)
    return answer
