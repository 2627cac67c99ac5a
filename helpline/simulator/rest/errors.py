"""Refusals in Twilio's words and numbers."""

from flask import Response, jsonify

UNKNOWN_PARAMETERS = 20001
NOT_AUTHENTICATED = 20003
NOT_FOUND = 20404
INVALID_CALL_STATE = 21220
NO_TO_NUMBER = 21201
NO_FROM_NUMBER = 21213
NO_INSTRUCTIONS = 21205
BODY_MISSING = 21602
SENDER_MISSING = 21603
OPTED_OUT = 21610
BODY_TOO_LONG = 21617
LABEL_IN_USE = 16025
CONFERENCE_OVER = 16022


class Refused(Exception):
    """The call is refused with this HTTP status and Twilio error code."""

    def __init__(self, status: int, code: int, message: str):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def response(self) -> Response:
        """The error as Twilio writes it."""
        document = {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        answer = jsonify(document)
        answer.status_code = self.status
        return answer


def not_found(path: str) -> Refused:
    """There is no such thing at this address."""
    return Refused(404, NOT_FOUND, f"The requested resource {path} was not found")


def call_not_in_progress() -> Refused:
    """The call cannot be given instructions: it has ended, or has not begun."""
    return Refused(400, INVALID_CALL_STATE, "Call is not in-progress. Cannot redirect.")
