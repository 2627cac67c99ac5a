"""A real Chromium before the running console, and what must be true of every page it opens."""

import os
import time
from uuid import uuid4

import requests
from playwright.sync_api import Browser, BrowserContext, Page
from twilio.request_validator import RequestValidator

from helpline.store.db import db
from tests.helpline.console.conftest import make_account
from tests.helpline.console.visitor import Account
from tests.helpline.phone_company import ACCOUNT_SID, AUTH_TOKEN, HELPLINE
from tests.journeys.conftest import Helpline

LAPTOP, TABLET, UPRIGHT = {"width": 1366, "height": 768}, {"width": 1024, "height": 768}, {"width": 820, "height": 1180}


class Desk:
    """One person's browser: collects every complaint that the browser makes."""

    def __init__(self, browser: Browser, helpline: Helpline, size: dict = LAPTOP, **options: object):
        self.helpline = helpline
        self.context: BrowserContext = browser.new_context(viewport=size, **options)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        self.page.set_default_timeout(10_000)

    def _hear(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, path: str) -> None:
        self.page.goto(self.helpline.service.url + path)

    def sign_in(self, account: Account, language: str = "en", lands_on: str = "#live[data-state]") -> "Desk":
        """Both steps, by keyboard, in this language, until the first page's scripts are at work."""
        self.open("/sign-in")
        if self.page.locator("html").get_attribute("lang") != language:
            self.page.click(f'button[value="{language}"]')
            self.page.wait_for_selector(f'html[lang="{language}"]')
        self.page.wait_for_selector("#email:focus")
        self.page.keyboard.type(account.email)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(account.password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("#code:focus")
        self.page.keyboard.type(account.code())
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(lands_on)
        return self

    def mode(self) -> str:
        return self.page.locator("#stage").get_attribute("data-mode")

    def wait_for_mode(self, mode: str) -> None:
        self.page.wait_for_selector(f'#stage[data-mode="{mode}"]')

    def live(self) -> str:
        """How fresh the page says it is."""
        return self.page.locator("#live").get_attribute("data-state")

    def wait_until_live(self, state: str = "live") -> None:
        self.page.wait_for_selector(f'#live[data-state="{state}"]', timeout=20_000)

    def leave_notes_alone(self) -> None:
        """Take the cursor out of every field, so that letters are shortcuts again."""
        self.page.evaluate("document.activeElement.blur()")


def hire(helpline: Helpline, role: str, device: str = "+97455000101") -> Account:
    """Somebody with an account and a phone that is picked up at once."""
    with helpline.app.app_context():
        account = make_account(db.session(), helpline.app.extensions["helpline"], uuid4().hex[:8], role)
    helpline.phones.set_behaviour(device, "answer")
    return account


def post_signed(helpline: Helpline, path: str, **fields: str) -> str:
    """A webhook straight from the telephone company, without the simulator in between. Returns the answer."""
    about = {"AccountSid": ACCOUNT_SID, "ApiVersion": "2010-04-01", "To": HELPLINE, "CallStatus": "in-progress"}
    form = about | {"Direction": "inbound"} | fields
    url = helpline.service.url + path
    signature = RequestValidator(AUTH_TOKEN).compute_signature(url, form)
    answer = requests.post(url, data=form, headers={"X-Twilio-Signature": signature}, timeout=10)
    answer.raise_for_status()
    return answer.text


def new_call_sid() -> str:
    return "CA" + os.urandom(16).hex()


def milliseconds_until(page: Page, selector: str) -> float:
    """How long until this stands on the page."""
    began = time.perf_counter()
    page.wait_for_selector(selector, timeout=10_000)
    return (time.perf_counter() - began) * 1000
