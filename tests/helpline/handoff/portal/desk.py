"""Somebody at a partner's: reads the mail, opens the link on an old phone, fills forms. No script runs."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from lxml import html

from helpline.simulator.mailbox import Mailbox
from tests.helpline.console.visitor import Visitor
from tests.helpline.handoff.scene import Scene

CITY, SOUTH = "family_centre_city", "family_centre_south"
SHELTERS = ("shelter_city", "shelter_north")
PIN = "2468"
LINK = re.compile(r"https://help\.example\.org(/partner/\S+)")


@dataclass
class Desk:
    """The desk and its browser."""

    app: Flask
    mailbox: Mailbox
    scene: Scene

    def __post_init__(self) -> None:
        self.browser = Visitor(self.app)
        self.path = ""

    def letters_to(self, partner: str) -> list:
        """The partner's letters, the newest first."""
        return [letter for letter in self.mailbox.list_letters() if letter["To"] == f"{partner}@partners.example"]

    def link_of(self, partner: str) -> str:
        """Where the newest letter with a link leads."""
        bodies = [letter.get_content() for letter in self.letters_to(partner)]
        return next(found.group(1) for body in bodies if (found := LINK.search(body)))

    def other_browser(self) -> "Desk":
        """Somebody else, on a phone of their own."""
        return Desk(self.app, self.mailbox, self.scene)

    def open(self, partner: str, language: str = "en") -> "Desk":
        """Open the newest link of this partner."""
        return self.go(self.link_of(partner), language)

    def go(self, path: str, language: str = "en") -> "Desk":
        self.scene.session.rollback()
        self.path, self.language = path, language
        self.browser.open(f"{path}?lang={language}")
        return self

    def act(self, act: str, /, pin: str = PIN, **fields: object) -> "Desk":
        """Send one of the page's forms and go where it leads."""
        self.scene.session.rollback()
        answer = self.browser.post(f"{self.path}/{act}?lang={self.language}", pin=pin, **fields)
        if answer.status_code == 303:
            self.browser.open(answer.location)
            self.status = 303
        else:
            self.browser.page, self.status = answer, answer.status_code
        self.scene.session.rollback()
        self.scene.do_owed()
        return self

    def act_now(self, act: str, /, pin: str = PIN, **fields: object) -> int:
        """Send a form and do nothing more: what a worker does then is left to the story."""
        self.scene.session.rollback()
        return self.browser.post(f"{self.path}/{act}?lang={self.language}", pin=pin, **fields).status_code

    @property
    def text(self) -> str:
        """What the page says."""
        return " ".join(" ".join(html.fromstring(self.browser.page.get_data()).xpath("//body//text()")).split())

    @property
    def facts(self) -> str:
        """What it tells of the child."""
        return " ".join(" ".join(self.browser.find(".facts").itertext()).split()) if self.has(".facts") else ""

    @property
    def title(self) -> str:
        return html.fromstring(self.browser.page.get_data()).xpath("string(//h1)")

    @property
    def may(self) -> set[str]:
        """The acts that the page has a form for."""
        found = html.fromstring(self.browser.page.get_data()).xpath("//form/@action")
        return {urlsplit(action).path.rsplit("/", 1)[-1] for action in found}

    def has(self, selector: str) -> bool:
        return bool(self.browser.find_all(selector))
