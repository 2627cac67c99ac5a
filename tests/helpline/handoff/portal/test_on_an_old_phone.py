"""The page in a browser whose scripts are switched off, on a small phone and on a desk's screen, in both languages."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from helpline.handoff.asking import MemberFacts
from tests.helpline.handoff.partners_side import ask
from tests.helpline.handoff.portal.desk import PIN, Desk

SIZES = {"phone": {"width": 360, "height": 640}, "desk": {"width": 1366, "height": 768}}
SHELTER = "shelter_north"
PEOPLE = [MemberFacts(sex="female", age=15, needs=("medicine",)), MemberFacts(sex="female", age=13)]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", SIZES)
def test_a_shelter_answers_without_any_script(desk: Desk, address: str, browser: Browser, size: str, language: str):
    ask(desk.scene, "shelter_placement", members=PEOPLE)
    page = browser.new_context(viewport=SIZES[size], java_script_enabled=False).new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{address}{desk.link_of(SHELTER)}?lang={language}")
    fits_and_can_be_pressed(page, language)
    send(page, "acknowledge")
    fits_and_can_be_pressed(page, language)
    for service in ("psychological", "medical", "legal", "schooling"):
        page.select_option(f"#accept-service_{service}", "yes")
    page.fill("#accept-name", "Huda")
    send(page, "accept")
    fits_and_can_be_pressed(page, language)
    assert desk.scene.handoff.accepted_by == SHELTER
    page.click("summary:has-text('Give it back'), summary:has-text('إعادة الأمر')")
    page.select_option("#return-reason", "no_capacity")
    send(page, "return")
    assert page.locator(".facts").count() == 0
    assert desk.scene.handoff.state == "returned"


def send(page: Page, act: str) -> None:
    """Type the PIN and press the button, with the keyboard alone."""
    page.focus(f"#{act}-pin")
    page.keyboard.type(PIN)
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fits_and_can_be_pressed(page: Page, language: str) -> None:
    """Nothing to scroll sideways, buttons as large as a thumb, a name for every field, and the right way round."""
    assert page.locator("html").get_attribute("dir") == {"en": "ltr", "ar": "rtl"}[language]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    small = "[...document.querySelectorAll('button')].filter(b => b.offsetHeight && b.offsetHeight < 44).length"
    nameless = "[...document.querySelectorAll('input:not([type=hidden]), select')].filter(f => !f.labels.length).length"
    assert page.evaluate(small) == 0
    assert page.evaluate(nameless) == 0
