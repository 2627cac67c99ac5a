"""The console in a real Chromium, against the running service: both languages, keyboard only, nothing lost."""

import statistics

import pytest
from playwright.sync_api import Browser, Error

from tests.helpline.console.browser import (
    LAPTOP,
    TABLET,
    UPRIGHT,
    Desk,
    hire,
    milliseconds_until,
    new_call_sid,
    post_signed,
)
from tests.journeys.conftest import FIRST_DESK, PINS, Helpline
from tests.journeys.test_a_hand_off import pick_up_and_take

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_signing_in_by_keyboard_in_either_language(helpline: Helpline, browser: Browser, language: str, direction: str):
    desk = Desk(browser, helpline).sign_in(hire(helpline, "counsellor"), language)
    desk.wait_until_live()
    brand = desk.page.locator(".brand").bounding_box()

    assert desk.page.locator("html").get_attribute("dir") == direction
    assert (brand["x"] > LAPTOP["width"] / 2) == (direction == "rtl")
    assert desk.complaints == []


def test_a_child_is_taken_talked_with_and_recorded_by_keyboard_alone(helpline: Helpline, browser: Browser):
    desk = Desk(browser, helpline).sign_in(hire(helpline, "counsellor"))
    keys = desk.page.keyboard
    keys.press("v")
    desk.wait_for_mode("ready")
    child = helpline.dial("+97455123456")
    child.press("9")
    desk.wait_for_mode("offer")

    assert desk.page.evaluate("document.activeElement.id") == "accept"
    assert desk.page.title().startswith("●")
    assert "Critical" in desk.page.locator("#announcer").inner_text()
    keys.press("a")
    desk.wait_for_mode("talk")
    keys.type("A man is at the door.")
    desk.page.wait_for_selector("#notes-state:has-text('saved')")

    desk.leave_notes_alone()
    keys.press("h")
    desk.page.wait_for_selector("text=Back to the child")
    keys.press("h")
    desk.page.wait_for_selector("text=Back to the child", state="detached")
    keys.press("e")
    keys.press("Tab")
    keys.press("Enter")
    desk.wait_for_mode("wrap_up")
    desk.page.select_option("#call-type", "about_self")
    desk.page.select_option("#category", "violence.physical")
    desk.leave_notes_alone()
    keys.press("f")
    desk.wait_for_mode("ready")

    desk.page.wait_for_selector("#said:has-text('The record is saved')")
    assert desk.complaints == []


def test_notes_outlive_a_browser_that_crashes(helpline: Helpline, browser: Browser, launch_chromium):
    account = hire(helpline, "counsellor")
    doomed = launch_chromium()
    desk = Desk(doomed, helpline).sign_in(account)
    desk.page.keyboard.press("v")
    child = helpline.dial("+97455123456")
    child.press("9")
    desk.wait_for_mode("offer")
    desk.page.keyboard.press("a")
    desk.wait_for_mode("talk")
    desk.page.keyboard.type("Her name for her dog is Luna.")
    desk.page.wait_for_timeout(5000)
    kept = desk.context.storage_state()

    assert desk.page.evaluate("localStorage.length + sessionStorage.length") == 0
    with pytest.raises(Error, match="closed"):
        doomed.new_browser_cdp_session().send("Browser.crash")

    again = Desk(browser, helpline, storage_state=kept)
    again.open("/console")
    assert again.mode() == "talk"
    assert again.page.locator("#notes").input_value() == "Her name for her dog is Luna."


def test_what_is_being_typed_survives_everything_that_changes_around_it(helpline: Helpline, browser: Browser):
    desk = Desk(browser, helpline).sign_in(hire(helpline, "counsellor"))
    desk.page.keyboard.press("v")
    helpline.phones.text("+97455123456", "+97444000919", "hello")
    desk.wait_for_mode("offer")
    desk.page.keyboard.press("a")
    desk.wait_for_mode("talk")
    desk.page.keyboard.type("I am with you. ")
    helpline.phones.text("+97455123456", "+97444000919", "please hurry")
    desk.page.wait_for_selector("text=please hurry")
    desk.page.keyboard.type("Are you safe now?")

    assert desk.page.locator("#body").input_value() == "I am with you. Are you safe now?"
    assert desk.page.locator("#segments").inner_text() == "1 text message · 128 letters left"
    desk.page.keyboard.type(" أ")
    assert desk.page.locator("#segments").inner_text() == "1 text message · 36 letters left"
    desk.page.keyboard.type("ه" * 70)
    assert desk.page.locator("#segments").inner_text() == "2 text messages · 30 letters left"
    desk.page.keyboard.press("Control+Enter")
    desk.page.wait_for_selector(".ours:has-text('Are you safe now?')")
    assert desk.page.locator("#body").input_value() == ""
    desk.leave_notes_alone()
    desk.page.keyboard.press("e")
    desk.page.click("text=Yes, end it")
    desk.wait_for_mode("wrap_up")
    assert desk.complaints == []


def test_the_police_take_a_child_on_with_the_counsellor_there_until_they_do(helpline: Helpline, browser: Browser):
    desk = Desk(browser, helpline).sign_in(hire(helpline, "counsellor"))
    page, keys = desk.page, desk.page.keyboard
    keys.press("v")
    child = helpline.dial("+97455123456")
    child.press("9")
    desk.wait_for_mode("offer")
    keys.press("a")
    desk.wait_for_mode("talk")
    desk.leave_notes_alone()
    keys.press("p")
    page.click("text=Ring the police now")
    page.wait_for_selector(".desk-line")

    assert page.locator("#end").count() == 0  # nobody hangs up on a child on the way to the police
    pick_up_and_take(helpline.phones.ringing_at(FIRST_DESK), PINS["community_police_north"])
    page.wait_for_selector("text=They are on the line with you and the child.")
    page.fill("#accept-badge", "B-114")
    page.wait_for_timeout(3500)  # longer than anything that redraws the page
    assert page.locator("#accept-badge").input_value() == "B-114"
    page.fill("#accept-incident", "2026-7781")
    page.click("text=They have accepted")
    page.wait_for_selector("text=A partner has taken it on")
    desk.leave_notes_alone()
    keys.press("x")
    desk.wait_for_mode("wrap_up")

    assert child.is_in_room()
    assert desk.complaints == []


def test_the_floor_shows_a_child_in_danger_within_a_second(helpline: Helpline, browser: Browser):
    desk = Desk(browser, helpline).sign_in(hire(helpline, "shift_lead"))
    desk.wait_until_live()
    took = []
    for number in range(3):
        call_sid, caller = new_call_sid(), f"+9745512340{number}"
        post_signed(helpline, "/voice/incoming", CallSid=call_sid, From=caller)
        post_signed(helpline, "/voice/step?n=1", CallSid=call_sid, From=caller, Digits="9")
        took.append(milliseconds_until(desk.page, "#queue .row-critical"))
        post_signed(helpline, "/voice/status", CallSid=call_sid, From=caller, CallStatus="completed")
        desk.page.wait_for_selector("#queue .row-critical", state="detached")

    assert statistics.median(took) < 1000, took
    assert desk.complaints == []


def test_the_list_of_the_missed_is_fresh_by_itself_so_that_two_people_do_not_take_one_child(
    helpline: Helpline, browser: Browser
):
    first, second = (Desk(browser, helpline).sign_in(hire(helpline, "counsellor")) for _ in range(2))
    for desk in (first, second):
        desk.open("/missed")
        desk.wait_until_live()
    before = second.page.locator("tbody tr").count()
    child = helpline.dial("+97455123477")
    child.press("9")
    child.hang_up()

    for desk in (first, second):
        desk.page.locator("tbody tr").nth(before).wait_for()
    row = second.page.locator("tbody tr").first
    assert row.get_by_role("button", name="Take").count() == 1
    first.page.locator("tbody tr").first.get_by_role("button", name="Take").click()
    row.get_by_role("button", name="Take").wait_for(state="detached")
    assert "nobody yet" not in row.inner_text()
    assert first.complaints == second.complaints == []


def test_a_floor_without_a_stream_asks_by_itself_and_says_so(helpline: Helpline, browser: Browser):
    desk = Desk(browser, helpline)
    desk.page.route("**/floor/stream", lambda route: route.abort())
    desk.sign_in(hire(helpline, "shift_lead"))
    desk.wait_until_live("polling")
    assert "every 3 seconds" in desk.page.locator("#live").inner_text()
    child = helpline.dial("+97455123456")
    child.press("9")

    assert milliseconds_until(desk.page, "#queue .row-critical") < 6000
    desk.page.route("**/floor/board", lambda route: route.abort())
    desk.wait_until_live("offline")
    assert "no connection" in desk.page.locator("#live").inner_text()


@pytest.mark.parametrize("size", [LAPTOP, TABLET, UPRIGHT], ids=["laptop", "tablet", "upright"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_is_wider_than_its_screen(helpline: Helpline, browser: Browser, size: dict, language: str):
    desk = Desk(browser, helpline, size).sign_in(hire(helpline, "shift_lead"), language)
    child = helpline.dial("+97455123456")
    child.press("9")
    desk.page.wait_for_selector("#queue .row-critical")
    contact_page = desk.page.locator("#queue .row-critical a").get_attribute("href")
    for path in ("/floor", "/console", contact_page):
        desk.open(path)
        overflow = desk.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, path
    assert desk.complaints == []


def test_every_control_has_a_name_and_every_picture_an_alternative(helpline: Helpline, browser: Browser):
    desk = Desk(browser, helpline).sign_in(hire(helpline, "counsellor"))
    nameless = desk.page.evaluate(
        """() => [...document.querySelectorAll('button, a, input:not([type=hidden]), select, textarea, img')]
        .filter(one => !(one.textContent.trim() || one.labels?.length || one.getAttribute('aria-label')
                         || one.hasAttribute('alt')))
        .map(one => one.outerHTML)"""
    )
    assert nameless == []
