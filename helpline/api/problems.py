"""Every way in which the API says no, in one place: RFC 9457 problem documents with stable types (docs/api.md).

A room below states a fact as an exception; `FACTS` says which problem that is. To teach the API a new
exception, add a line there, and if need be a problem here and in the document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Response, json
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from helpline.answering import Invalid, NotPossibleNow
from helpline.contacts.stages import ContactNotFound, MoveNotAllowed
from helpline.feed.streams import TooManyStreams
from helpline.handoff.inbound import NobodyToReceive
from helpline.handoff.moving import HandoffNotFound, TransitionRefused
from helpline.live_queue.reservations import ReservationNotFound, ReservationOver
from helpline.staff.activity import ActivityUnknown
from helpline.switches.turning import SwitchRefused, SwitchUnknown
from helpline.texting.sending import ContactNotYours, TextsStopped


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its name at the end of the type URI, its status and its title."""

    name: str
    status: int
    title: str
    headers: Mapping[str, str] = field(default_factory=dict)


UNREADABLE = Kind("unreadable", 400, "The request could not be read")
NO_TOKEN = Kind("no-token", 401, "A valid token is needed", {"WWW-Authenticate": "Bearer"})
NOT_THIS_ROLE = Kind("not-this-role", 403, "This role may not do that")
NOT_FOUND = Kind("not-found", 404, "There is no such thing, or it is not yours to know")
WRONG_METHOD = Kind("wrong-method", 405, "This address does not take this method")
CONFLICT = Kind("conflicting-change", 409, "Someone else was quicker")
RESERVATION_OVER = Kind("reservation-over", 409, "The reservation is over")
NOT_POSSIBLE_NOW = Kind("not-possible-now", 409, "This cannot be done now")
TOO_LARGE = Kind("too-large", 413, "The request is too large")
NOT_JSON = Kind("not-json", 415, "The body must be application/json")
INVALID = Kind("invalid", 422, "The request is readable but not valid")
FAILED = Kind("failed", 500, "Something went wrong on our side")
TOO_MANY_STREAMS = Kind("too-many-streams", 503, "No place for another stream; poll instead", {"Retry-After": "10"})
AWAY = Kind("away", 503, "The service cannot answer right now", {"Retry-After": "2"})
# Statuses that the web framework gives of itself.
OTHERS = {kind.status: kind for kind in (UNREADABLE, NOT_FOUND, WRONG_METHOD, TOO_LARGE, NOT_JSON)}
KINDS = {kind.name: kind for kind in globals().copy().values() if isinstance(kind, Kind)}

FACTS: dict[type[Exception], Kind] = {
    ContactNotFound: NOT_FOUND,
    ReservationNotFound: NOT_FOUND,
    ReservationOver: RESERVATION_OVER,
    HandoffNotFound: NOT_FOUND,
    TransitionRefused: NOT_POSSIBLE_NOW,
    NobodyToReceive: NOT_POSSIBLE_NOW,
    NotPossibleNow: NOT_POSSIBLE_NOW,
    MoveNotAllowed: NOT_POSSIBLE_NOW,
    ContactNotYours: NOT_POSSIBLE_NOW,
    TextsStopped: NOT_POSSIBLE_NOW,
    Invalid: INVALID,
    ActivityUnknown: INVALID,
    SwitchRefused: INVALID,
    SwitchUnknown: NOT_FOUND,
    IntegrityError: CONFLICT,
    TooManyStreams: TOO_MANY_STREAMS,
    OperationalError: AWAY,
    NoConnectionFree: AWAY,
}
# Of these the caller is told the exception's own words. All others may carry an id or a value: never repeated.
SPOKEN = (SwitchRefused, NotPossibleNow, TransitionRefused, Invalid, ActivityUnknown)
DETAILS = {
    ReservationOver: "it has ended as {}",
    MoveNotAllowed: "the contact has moved on meanwhile: {}",
    TextsStopped: "no text goes to this number until the child writes again or a person decides so",
    ContactNotYours: "only the counsellor of a connected text conversation writes in it",
}


class Problem(Exception):
    """A refusal with its kind, a sentence of detail, and for invalid fields which and why."""

    def __init__(self, kind: Kind, detail: str | None = None, errors: list[dict] | None = None):
        super().__init__(kind.name)
        self.kind = kind
        self.detail = detail
        self.errors = errors


def problem_of(error: Exception) -> Problem | None:
    """The problem that this exception is; None when it is not one anybody foresaw."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        kind = OTHERS.get(error.code)
        return Problem(kind) if kind else None
    kind = next((FACTS[fact] for fact in type(error).__mro__ if fact in FACTS), None)
    return Problem(kind, _detail_of(error)) if kind else None


def write_problem(problem: Problem) -> Response:
    """The answer, as application/problem+json."""
    document = {"type": f"/problems/{problem.kind.name}", "title": problem.kind.title, "status": problem.kind.status}
    if problem.detail:
        document["detail"] = problem.detail
    if problem.errors:
        document["errors"] = problem.errors
    answer = Response(json.dumps(document), problem.kind.status, problem.kind.headers)
    answer.content_type = "application/problem+json"
    return answer


def _detail_of(error: Exception) -> str | None:
    if isinstance(error, SPOKEN):
        return str(error)
    template = DETAILS.get(type(error))
    return template.format(error) if template else None
