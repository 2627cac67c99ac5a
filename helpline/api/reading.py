"""Reads what a request holds: 415 for another type, 400 for what is no JSON, 422 naming each wrong field."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request
from pydantic import BaseModel, ValidationError

from helpline.api.problems import INVALID, NOT_JSON, UNREADABLE, Problem

LONGEST_BODY = 128 * 1024


def takes(model: type[BaseModel], *, optional: bool = False) -> Callable:
    """Give the view the body as `body`. An `optional` body that is not sent counts as an empty object."""

    def read_first(view: Callable) -> Callable:
        @wraps(view)
        def reading(*args: Any, **kwargs: Any) -> Any:
            return view(*args, body=_read(model, optional), **kwargs)

        reading.takes = model
        reading.body_optional = optional
        return reading

    return read_first


def asks(name: str, what: str) -> Callable:
    """Give the view the query's `name`, which must be there; `what` says what it is."""

    def read_first(view: Callable) -> Callable:
        @wraps(view)
        def reading(*args: Any, **kwargs: Any) -> Any:
            value = request.args.get(name, "")
            if not value or "\0" in value:
                raise Problem(INVALID, f"look at: {name}", [{"field": name, "message": what}])
            return view(*args, **{name: value}, **kwargs)

        reading.asks = name
        return reading

    return read_first


def _read(model: type[BaseModel], optional: bool) -> BaseModel:
    request.max_content_length = LONGEST_BODY
    sent = request.get_data()
    if optional and not sent:
        return model()
    if request.mimetype != "application/json":
        raise Problem(NOT_JSON)
    try:
        return model.model_validate_json(sent)
    except ValidationError as error:
        raise _problem_of(error) from None


def _problem_of(error: ValidationError) -> Problem:
    # What was sent is never repeated: it may be the very thing that must not be shown or kept.
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    if any(fault["type"] == "json_invalid" for fault in faults):
        return Problem(UNREADABLE)
    by_field: dict[str, list[str]] = {}
    for fault in faults:
        by_field.setdefault(_name(fault["loc"]), []).append(fault["msg"])
    errors = [{"field": name, "message": " or ".join(messages)} for name, messages in by_field.items()]
    return Problem(INVALID, f"look at: {', '.join(by_field)}", errors)


def _name(place: tuple) -> str:
    return str(place[0]) if place else "body"
