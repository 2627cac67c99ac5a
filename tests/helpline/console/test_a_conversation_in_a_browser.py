"""A conversation by text as its counsellor and the shift lead see it, in a real Chromium, in both languages."""

import pytest
import requests
from playwright.sync_api import Browser

from helpline.telephony.segments import measure_text
from tests.helpline.console.browser import Desk, hire
from tests.journeys.conftest import HELPLINE, Helpline

pytestmark = pytest.mark.browser
CHILD = "+97455123456"
MEASURED = ["", "a" * 160, "a" * 161, "€" * 80, "a" * 152 + "€" * 77, "م" * 70, "م" * 71, "it’s", "😀" * 36, "a\nb"]


@pytest.fixture
def desk(helpline: Helpline, browser: Browser, language: str) -> Desk:
    """A counsellor's page on which she has just taken a child who wrote."""
    desk = Desk(browser, helpline).sign_in(hire(helpline, "counsellor"), language)
    desk.page.keyboard.press("v")
    helpline.phones.text(CHILD, HELPLINE, "hello مرحبا")
    desk.wait_for_mode("offer")
    desk.page.keyboard.press("a")
    desk.wait_for_mode("talk")
    return desk


def befalls_texts(helpline: Helpline, code: int) -> None:
    url = f"{helpline.service.simulator_url}/sim/phones/{CHILD}/text-fault"
    requests.put(url, json={"code": code}, timeout=5).raise_for_status()


def write(desk: Desk, body: str) -> None:
    desk.page.click("#body")
    desk.page.keyboard.type(body)
    desk.page.keyboard.press("Control+Enter")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_text_that_fails_says_why_and_is_sent_again_and_a_refused_one_stays_in_the_field(
    helpline: Helpline, desk: Desk, language: str
):
    befalls_texts(helpline, 30003)
    write(desk, "I am here")
    desk.page.wait_for_selector("#alert-not_delivered")
    desk.page.wait_for_selector(".bubble.ours .fault")
    assert desk.page.locator("#announcer").inner_text() == desk.page.locator("#alert-not_delivered strong").inner_text()

    befalls_texts(helpline, 0)
    desk.page.click(".bubble.ours .fault ~ form button")
    desk.page.wait_for_selector(".bubble.ours .fault ~ form", state="detached")
    desk.page.click("#alert-not_delivered form:last-child button")
    desk.page.wait_for_selector("#alert-not_delivered", state="detached")

    write(desk, "ring 55123456")
    desk.page.wait_for_selector("#said .said-refused")
    assert desk.page.locator("#body").input_value() == "ring 55123456"
    assert desk.complaints == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_handed_over_and_the_shift_lead_sees_what_needs_a_person(
    helpline: Helpline, browser: Browser, desk: Desk, language: str
):
    other = Desk(browser, helpline).sign_in(hire(helpline, "counsellor"), language)
    other.page.keyboard.press("v")
    other.wait_for_mode("ready")
    lead = Desk(browser, helpline).sign_in(hire(helpline, "shift_lead"), language)
    lead.open("/floor")
    picture = {"from": CHILD, "to": HELPLINE, "media": ["image/jpeg"]}
    requests.post(f"{helpline.service.simulator_url}/sim/messages", json=picture, timeout=5).raise_for_status()
    lead.page.wait_for_selector("#contact-alerts .attention li")
    desk.page.wait_for_selector(".bubble .attachment")

    desk.page.click("#hand-over summary")
    desk.page.select_option("#hand-over-to", index=1)
    desk.page.click("#hand-over form button")
    desk.wait_for_mode("ready")
    other.wait_for_mode("offer")
    other.page.keyboard.press("a")
    other.wait_for_mode("talk")

    assert "hello مرحبا" in other.page.locator("#conversation").inner_text()
    assert other.page.locator(".bubble img").count() == 0
    assert [page.complaints for page in (desk, other, lead)] == [[], [], []]


@pytest.mark.parametrize("language", ["en"])
def test_the_page_counts_parts_as_the_service_does(desk: Desk, language: str):
    count = "async (text) => (await import('/assets/composer.js')).measure(text).parts"

    assert [desk.page.evaluate(count, text) for text in MEASURED] == [measure_text(text).parts for text in MEASURED]
