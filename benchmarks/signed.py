"""Signed webhooks as the telephone company posts them, made before the clock runs."""

import os
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from benchmarks.load import post

NOTHING_KNOWN = ("City", "State", "Zip")


class Callers:
    """Makes the webhooks of many different children's calls to one helpline."""

    def __init__(self, account_sid: str, token: str, public: str, line: str):
        self._validator = RequestValidator(token)
        self._account_sid, self._public, self._line = account_sid, public, line

    def form(self, number: int, call_sid: str, **more: str) -> dict[str, str]:
        """The fields of a voice webhook, with all that Twilio usually sends along."""
        caller = f"+9745{number:07d}"
        about = {"AccountSid": self._account_sid, "ApiVersion": "2010-04-01", "CallSid": call_sid}
        about |= {"Direction": "inbound", "CallStatus": "ringing", "StirVerstat": "No-TN-Validation"}
        about |= {"From": caller, "Caller": caller, "To": self._line, "Called": self._line}
        about |= {f"{side}{fact}": "" for side in ("From", "To", "Caller", "Called") for fact in NOTHING_KNOWN}
        about |= {f"{side}Country": "QA" for side in ("From", "To", "Caller", "Called")}
        return about | more

    def request(self, path: str, form: dict[str, str]) -> bytes:
        """One signed POST."""
        signature = self._validator.compute_signature(self._public + path, form)
        return post(path, urlencode(form).encode(), **{"X-Twilio-Signature": signature})


def new_call_sid() -> str:
    """A CallSid nobody has had."""
    return "CA" + os.urandom(16).hex()
