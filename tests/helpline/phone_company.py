"""The telephone company's side: signed webhooks, and an answer read back as XML."""

import os
from dataclasses import dataclass
from xml.etree import ElementTree

from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

ACCOUNT_SID = "AC" + "a" * 32
AUTH_TOKEN = "t" * 32
HELPLINE = "+97444000919"
CHILD = "+97455123456"


@dataclass(frozen=True)
class Heard:
    """What came back for a voice webhook."""

    status: int
    xml: str

    @property
    def root(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.xml)

    def find(self, verb: str) -> ElementTree.Element | None:
        """The first such verb anywhere in the answer."""
        return next(self.root.iter(verb), None)

    @property
    def verbs(self) -> list[str]:
        return [element.tag for element in self.root]

    @property
    def text(self) -> str:
        return " ".join(self.root.itertext())


class PhoneCompany:
    """Posts what Twilio posts, signed with the account's token."""

    def __init__(self, app: Flask, public: str):
        self._client = app.test_client()
        self._public = public
        self._validator = RequestValidator(AUTH_TOKEN)

    def post(self, path: str, *, signed: bool = True, token: str | None = None, **fields: str) -> TestResponse:
        """Post to `path`, or to a whole address that an answer of ours has named. Copies share their `token`."""
        target = path.removeprefix(self._public)
        form = {"AccountSid": ACCOUNT_SID, "ApiVersion": "2010-04-01"} | fields
        headers = {"I-Twilio-Idempotency-Token": token or os.urandom(8).hex()}
        if signed:
            headers["X-Twilio-Signature"] = self._validator.compute_signature(self._public + target, form)
        return self._client.post(target, data=form, headers=headers)

    def call(self, number: str = CHILD, first: str = "/voice/incoming") -> "ChildsCall":
        """A child dials the helpline. `first` is the first webhook that reaches us."""
        return ChildsCall(self, "CA" + os.urandom(16).hex(), number, first)

    def go_on(self, call: "ChildsCall") -> "ChildsCall":
        """The same call, its next webhook sent to another process of the service."""
        call._company = self
        return call

    def text(self, body: str, number: str = CHILD, sid: str | None = None, to: str = HELPLINE) -> TestResponse:
        """A child sends a text."""
        sid = sid or "SM" + os.urandom(16).hex()
        return self.post("/sms/incoming", MessageSid=sid, From=number, To=to, Body=body, NumMedia="0")


class ChildsCall:
    """One child's call, followed from answer to answer as the telephone company follows it."""

    def __init__(self, company: PhoneCompany, call_sid: str, number: str, first: str):
        self._company = company
        self.call_sid = call_sid
        self._number = number
        self.heard = self.ask(first, CallStatus="ringing")

    def ask(self, path: str, **fields: str) -> Heard:
        """One voice webhook of this call."""
        about = {
            "CallSid": self.call_sid,
            "From": self._number,
            "To": HELPLINE,
            "Direction": "inbound",
            "CallStatus": "in-progress",
        }
        response = self._company.post(path, **about | fields)
        self.heard = Heard(response.status_code, response.text)
        return self.heard

    def press(self, digits: str) -> Heard:
        """Press keys where the last answer listens."""
        return self.ask(self.heard.find("Gather").get("action"), Digits=digits)

    def stay_silent(self) -> Heard:
        """Let the time of the last answer's listening run out."""
        return self.ask(self.heard.find("Gather").get("action"))

    def wait_on_hold(self) -> Heard:
        """The hold queue asks what the caller hears while waiting."""
        return self.ask(self.heard.find("Enqueue").get("waitUrl"), QueueSid="QU" + "b" * 32, QueueTime="0")

    def hang_up(self) -> None:
        """The call has ended."""
        self.ask("/voice/status", CallStatus="completed")
