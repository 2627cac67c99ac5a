"""Somebody with a browser without scripts, in front of the console: fills forms, follows ways back, reads pages."""

import re
import time
from dataclasses import dataclass, field

from flask import Flask, g
from lxml import html
from werkzeug.test import TestResponse

from helpline.simulator.totp import STEP_S, one_time_code

ADDRESS = "https://help.example.org"


@dataclass(frozen=True)
class Account:
    """What someone signs in with."""

    id: int
    email: str
    password: str
    totp_key: str

    def code(self, steps: int = 0) -> str:
        """The code their telephone shows now, or so many half minutes later."""
        return one_time_code(self.totp_key, time.time() + steps * STEP_S)


def _forget_last_request() -> None:
    # The test stands in an application context of its own, and requests inside it would share what is kept there.
    for name in list(g):
        g.pop(name)


@dataclass
class Visitor:
    """One browser."""

    app: Flask
    page: TestResponse | None = field(default=None)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def open(self, path: str, **headers: str) -> TestResponse:
        """Go to a page."""
        _forget_last_request()
        self.page = self.client.get(path, base_url=ADDRESS, headers=headers)
        return self.page

    def post(
        self, path: str, token: str | None = "the page's own", wants: str = "text/html", **fields: str
    ) -> TestResponse:
        """Send a form, with the token of the page that was opened last unless another is given."""
        if token == "the page's own":
            token = self.token
        data = fields if token is None else fields | {"csrf_token": token}
        _forget_last_request()
        return self.client.post(path, base_url=ADDRESS, data=data, headers={"Accept": wants})

    def act(self, path: str, **fields: str) -> TestResponse:
        """Send a form and follow the way back."""
        answer = self.post(path, **fields)
        assert answer.status_code == 303, answer.text[:500]
        return self.open(answer.location)

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page.text)
        assert found, f"no form on this page: {self.page.status} {self.page.text[:300]}"
        return found.group(1)

    @property
    def cookie(self) -> str | None:
        """The session id that the browser holds."""
        cookie = self.client.get_cookie("console", domain="help.example.org")
        return cookie.value if cookie else None

    @property
    def said(self) -> str:
        """What the page tells of an act."""
        return " ".join(" ".join(self.find(".said").itertext()).split()) if self.find_all(".said") else ""

    def find(self, selector: str):
        """The one element of the page for a CSS class or id."""
        return self.find_all(selector)[0]

    def find_all(self, selector: str) -> list:
        name = selector[1:]
        kind = f'@id="{name}"' if selector[0] == "#" else f'contains(concat(" ", @class, " "), " {name} ")'
        return html.fromstring(self.page.get_data()).xpath(f"//*[{kind}]")

    def give_password(self, account: Account, password: str | None = None) -> TestResponse:
        """The first step of signing in."""
        self.open("/sign-in")
        answer = self.post("/sign-in", email=account.email, password=password or account.password)
        if answer.status_code == 302:
            self.open("/sign-in/code")
        else:
            self.page = answer
        return answer

    def give_code(self, code: str) -> TestResponse:
        """The second step."""
        answer = self.post("/sign-in/code", code=code)
        if answer.status_code == 200:
            self.page = answer
        return answer

    def sign_in(self, account: Account) -> "Visitor":
        """Both steps."""
        self.give_password(account)
        answer = self.give_code(account.code())
        assert answer.status_code == 302, answer.text[:1000]
        self.open("/")
        if self.page.location:
            self.open(self.page.location)
        return self
