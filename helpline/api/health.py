"""What machines ask: is the process up, can it take calls, what does it count."""

from functools import cache

import structlog
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from helpline.api.guard import open_to_all, the_line, the_session
from helpline.feed.streams import Feed
from helpline.floor.alerts import CLOCK_SILENT_S, clock_age_s
from helpline.store.db import MIGRATIONS
from helpline.store.types import utc_now

log = structlog.get_logger()

routes = Blueprint("health", __name__)

# Minimal: the flow files could not be loaded, and the built-in flows lead every caller straight to a person.
# Older: the newest version of a flow, or of the risk rules, has faults; the last good one is in force.
WELL, MINIMAL, OLDER, AWAY = "ok", "minimal", "older", "away"
# Without these a call can not be taken. Redis and the clock make us quick: away, they make us slow, and a web
# server that a balancer takes out of service for it would only make that worse.
DECISIVE = ("database", "migrations", "flows")


@routes.get("/healthz")
@open_to_all("tells only that the process is up")
def healthz() -> Response:
    """The process is up. Looks at nothing else, so that a database that hangs does not get processes killed."""
    return jsonify(status=WELL)


@routes.get("/readyz")
@open_to_all("tells the state of our own parts, nothing of anyone")
def readyz() -> tuple[Response, int]:
    """Whether this process can take calls: 200, or 503 with what is missing. `degraded`: it can, but slowly."""
    checks = {"flows": _check_flows(), "rules": _check_rules(), "redis": _check_redis()} | _check_database()
    ready = all(checks[name] in (WELL, MINIMAL, OLDER) for name in DECISIVE)
    degraded = any(result != WELL for result in checks.values())
    status = ("degraded" if degraded else WELL) if ready else "not ready"
    return jsonify(status=status, checks=checks), 200 if ready else 503


@routes.get("/metrics")
@open_to_all("counts only; whoever runs the service keeps it from the outside at the proxy")
def metrics() -> Response:
    """Prometheus figures of the process that happened to answer; with several, scrape each or add them over time."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _check_flows() -> str:
    edition = the_line().book.edition
    if not edition.library.flows:
        return AWAY
    if edition.library.instead:
        return MINIMAL
    return OLDER if edition.faults else WELL


def _check_rules() -> str:
    return OLDER if the_line().rule_book.edition.faults else WELL


def _check_redis() -> str:
    feed: Feed = current_app.extensions["feed"]
    return WELL if feed.can_hear() else AWAY


def _check_database() -> dict[str, str]:
    try:
        return {"database": WELL, "migrations": _check_migrations(), "clock": _check_clock()}
    except SQLAlchemyError as error:
        log.error("not_ready", fault=type(error).__name__)
        return {"database": AWAY, "migrations": "unknown", "clock": "unknown"}
    finally:
        the_session().rollback()


def _check_migrations() -> str:
    revision = MigrationContext.configure(the_session().connection()).get_current_revision()
    return WELL if revision == head_revision() else f"at {revision}, should be {head_revision()}"


def _check_clock() -> str:
    age_s = clock_age_s(the_session(), utc_now())
    if age_s is None:
        return "never seen"
    return WELL if age_s <= CLOCK_SILENT_S else f"silent for {age_s} s"


@cache
def head_revision() -> str | None:
    """The newest migration of this code."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
