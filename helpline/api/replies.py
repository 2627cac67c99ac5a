"""Commits what a view did and sends what it returns: no answer leaves before its change and its audit row are kept."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, jsonify
from pydantic import BaseModel

from helpline.api.guard import the_line, the_session
from helpline.outbox.bell import commit


def answers(model: type[BaseModel], status: int = 200) -> Callable:
    """The view returns plain values in the shape of `model`; they are sent as JSON with this status."""

    def commit_then_send(view: Callable) -> Callable:
        @wraps(view)
        def answering(*args: Any, **kwargs: Any) -> Response:
            told = view(*args, **kwargs)
            commit(the_session(), the_line().bell)
            answer = jsonify(told)
            answer.status_code = status
            return answer

        answering.answers = model
        answering.status = status
        return answering

    return commit_then_send
