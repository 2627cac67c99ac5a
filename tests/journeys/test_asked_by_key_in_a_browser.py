"""A child who does not speak: a key says so, a counsellor asks from her page, keys answer, 9 tells of danger."""

import pytest
from playwright.sync_api import Browser, expect

from tests.helpline.console.browser import Desk, hire
from tests.journeys.conftest import Helpline
from tests.journeys.people import Leg, eventually

pytestmark = pytest.mark.browser


def ask(desk: Desk, child: Leg, code: str, heard: str, key: str) -> None:
    """She presses a button, the child hears the question, and answers with a key, or with none."""
    desk.page.click(f'button[value="{code}"]')
    desk.page.wait_for_selector("#being-asked")
    child.hears(heard)
    if key:
        child.press(key)


def answers(desk: Desk) -> list[str]:
    """What her page shows, the latest first."""
    return [" ".join(row.split()) for row in desk.page.locator(".key-answer strong").all_inner_texts()]


def test_a_silent_child_is_asked_by_buttons_and_answers_with_keys(helpline: Helpline, browser: Browser):
    desk = Desk(browser, helpline).sign_in(hire(helpline, "counsellor"))
    desk.page.keyboard.press("v")
    desk.wait_for_mode("ready")

    child = helpline.phones.dial("+97455123456", "+97444000919")
    child.hears("press any number", 30)
    child.press("5")
    desk.wait_for_mode("offer")
    desk.page.keyboard.press("a")
    desk.wait_for_mode("talk")
    eventually(child.is_in_room)
    assert "not possible to talk" in desk.page.locator("#child .reasons").inner_text()

    ask(desk, child, "safe_now", "هل أنت في أمان الآن؟", "1")
    expect(desk.page.locator(".key-answer")).to_have_count(1)
    eventually(child.is_in_room)
    ask(desk, child, "hurt", "هل عندك إصابة؟", "")
    expect(desk.page.locator(".key-answer")).to_have_count(2)
    eventually(child.is_in_room)
    ask(desk, child, "frightening_near", "هل الشخص الذي يخيفك قريب منك الآن؟", "9")
    expect(desk.page.locator(".key-answer")).to_have_count(3)

    assert answers(desk) == ["Danger: pressed 9", "No answer", "Yes"]
    expect(desk.page.locator("#child .level-big")).to_contain_text("Critical")
    eventually(child.is_in_room)
    child.say("هي")
    [phone] = [leg for leg in helpline.phones.legs_at("+97455000101") if leg.is_in_room()]
    phone.hears("هي")
    assert desk.complaints == []
    assert helpline.phones.dead_lines() == []
