"""What is answered when something goes wrong: a problem document under /api, a plain page elsewhere, no internals."""

import traceback

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError

from helpline.api.guard import the_session
from helpline.api.problems import AWAY, FAILED, Problem, problem_of, write_problem
from helpline.outbox.bell import roll_back

log = structlog.get_logger()

API = "/api/"


def answer_errors(app: Flask) -> None:
    """Handle every exception that no part of the service has handled itself."""
    app.register_error_handler(HTTPException, _answer_refusal)
    app.register_error_handler(Exception, _answer_fault)


def keep_private(answer: Response) -> Response:
    """No cache between us and a client keeps what was answered, and no browser guesses at what it is."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _answer_refusal(error: HTTPException) -> Response | HTTPException:
    if not request.path.startswith(API):
        return error
    problem = problem_of(error)
    return keep_private(write_problem(problem)) if problem else error


def _answer_fault(error: Exception) -> Response | HTTPException:
    roll_back(the_session())
    problem = problem_of(error)
    if problem is None or problem.kind in (FAILED, AWAY):
        # Not the error's own words: a database error repeats the values it failed on.
        log.error("request_failed", route=request.endpoint, fault=type(error).__name__, at=_place_of(error))
    if not request.path.startswith(API):
        return InternalServerError()
    return keep_private(write_problem(problem or Problem(FAILED)))


def _place_of(error: Exception) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames[-6:]]
