"""Reading what the pages, scripts and tests ask for."""

from flask import request


class NotUnderstood(Exception):
    """The request lacks something, holds something unknown, or comes at the wrong time."""

    def __init__(self, message: str, status: int = 400):
        super().__init__(message)
        self.status = status


def wanted(*names: str) -> list[str]:
    """The named texts of the JSON body; raises NotUnderstood when one is missing."""
    body = request.get_json()
    for name in names:
        if not isinstance(body.get(name), str) or not body[name]:
            raise NotUnderstood(f"{name} is missing")
    return [body[name] for name in names]
