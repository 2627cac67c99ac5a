"""The JSON API under /api/v1, and the addresses that machines ask whether the service is well.

Each file of routes holds a blueprint called `routes`; a new one is added to `ROUTES` below. Every route says
beside itself who may use it (`allowed`), what it takes (`takes`) and what it answers (`answers`); the OpenAPI
document is made from that, and the application does not start with a route that lacks its guard.
"""

from flask import Blueprint, Flask

from helpline.api import (
    calls,
    contacts,
    conversation,
    conversing,
    floor,
    handoffs,
    health,
    me,
    missed,
    number_marks,
    openapi,
    queue,
    records,
    reservations,
    shelters,
    stream,
    switches,
)
from helpline.api.errors import answer_errors, keep_private
from helpline.api.guard import refuse_unguarded

ROUTES = (
    queue,
    contacts,
    me,
    missed,
    number_marks,
    reservations,
    conversation,
    conversing,
    calls,
    records,
    handoffs,
    shelters,
    floor,
    switches,
    stream,
    openapi,
)


def register(app: Flask) -> None:
    """Add the API and the health routes. Raises RouteWithoutGuard."""
    api = Blueprint("api", __name__, url_prefix="/api/v1")
    for module in ROUTES:
        api.register_blueprint(module.routes)
    api.after_request(keep_private)
    app.register_blueprint(api)
    app.register_blueprint(health.routes)
    refuse_unguarded(app, "api")
    answer_errors(app)
