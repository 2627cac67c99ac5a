"""A child and a counsellor talk through two pages, in Arabic and in English, without a mouse."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from helpline.simulator import create_simulator
from helpline.simulator.pages.blueprint import load_words
from tests.helpline.simulator.conftest import ACCOUNT_SID, TOKEN, settings_for
from tests.helpline.simulator.fake_service import FakeService
from tests.helpline.simulator.ports import free_port
from tests.helpline.simulator.telephone import COUNSELLOR, DESK, HELPLINE, Telephone

pytestmark = pytest.mark.browser

CHILD_ON_THE_PAGE = "+97455500001"
PHONEBOOK = {
    "helpline_number": HELPLINE,
    "staff": [
        {
            "role": "counsellor",
            "email": "noor@example.org",
            "password": "only-for-show",
            "device": f"phone:{COUNSELLOR}",
            "totp_secret": "JBSWY3DPEHPK3PXP",
        }
    ],
    "desks": [{"name": "Harbour desk", "number": DESK, "pin": "4711"}],
}


@pytest.fixture
def demonstration(service: FakeService, tmp_path: Path) -> Iterator[Telephone]:
    """A line with a phonebook, whose service puts every caller who presses 9 into a room."""
    book = tmp_path / "phonebook.json"
    book.write_text(json.dumps(PHONEBOOK), encoding="utf-8")
    settings = settings_for(service.url)
    settings.simulator_phonebook = book
    server = make_server("127.0.0.1", free_port(), create_simulator(settings), threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    telephone = Telephone(f"http://127.0.0.1:{server.server_port}", ACCOUNT_SID, TOKEN)
    service.answers("/voice/incoming", '<Gather numDigits="1" action="/in" timeout="900"><Say>مرحباً</Say></Gather>')
    service.answers("/in", '<Dial><Conference participantLabel="caller">room</Conference></Dial>')
    yield telephone
    telephone.sim("POST", "/reset")
    server.shutdown()
    server.server_close()


@pytest.fixture
def pages(browser: Browser) -> BrowserContext:
    return browser.new_context()


def open_page(pages, demonstration: Telephone, path: str, language: str) -> Page:
    page = pages.new_page()
    page.goto(f"{demonstration.url}{path}?lang={language}")
    return page


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_child_and_a_counsellor_talk_by_keyboard_alone(pages, demonstration: Telephone, language: str):
    words = load_words(language)
    child = open_page(pages, demonstration, "/", language)
    expect(child.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    child.get_by_role("button", name=words["call"], exact=True).press("Enter")
    expect(child.locator("#heard")).to_contain_text("مرحباً")
    child.locator("body").press("9")
    expect(child.locator("#status")).to_have_text(words["alone_in_room"])

    counsellor = open_page(pages, demonstration, "/phones/counsellor", language)
    demonstration.add_participant("room", COUNSELLOR, Label="counsellor", Timeout="600")
    counsellor.get_by_role("button", name=words["answer"]).press("Enter")
    expect(counsellor.locator("#status")).to_contain_text(CHILD_ON_THE_PAGE)
    counsellor.get_by_label(words["say_hint"]).fill("أنا معك")
    counsellor.get_by_label(words["say_hint"]).press("Enter")
    expect(child.locator("#heard .voice")).to_contain_text("أنا معك")
    counsellor.get_by_role("button", name=words["hang_up"]).press("Enter")
    expect(child.locator("#status")).to_have_text(words["alone_in_room"])


def test_a_desk_sees_its_pin_and_types_it(pages, demonstration: Telephone, service: FakeService):
    service.answers("/desk", '<Gather numDigits="4" action="/pin" timeout="900"><Say>PIN?</Say></Gather>')
    service.answers("/pin", lambda params: f"<Say>heard {params['Digits']}</Say><Pause length='900'/>")
    desk = open_page(pages, demonstration, "/desk", "en")
    expect(desk.locator("#hint-value")).to_have_text("4711")
    call = {"To": DESK, "From": HELPLINE, "Url": f"{service.url}/desk", "Timeout": "600"}
    demonstration.rest("POST", "/Calls.json", call, 201)
    desk.get_by_role("button", name="Answer").click()
    expect(desk.locator("#remark")).to_have_text(load_words("en")["listening_keys"])
    for key in "4711":
        desk.get_by_role("button", name=key, exact=True).click()
    expect(desk.locator("#heard")).to_contain_text("heard 4711")


def test_the_authenticator_shows_six_digits(pages, demonstration: Telephone):
    page = open_page(pages, demonstration, "/authenticator", "en")
    expect(page.locator("output")).to_have_text(re.compile(r"^\d{6}$"))


def test_the_line_shows_what_was_asked_and_takes_a_fault(pages, demonstration: Telephone):
    demonstration.dial()
    page = open_page(pages, demonstration, "/line", "en")
    expect(page.locator("#webhooks")).to_contain_text("/voice/incoming")
    page.locator("#callback-fault button").click()
    expect(page.locator("#faults li")).to_have_count(1)
    assert demonstration.sim("GET", "/faults")["callbacks"][0]["fault"] == "duplicate"


def test_both_languages_have_every_text():
    assert load_words("ar").keys() == load_words("en").keys()
