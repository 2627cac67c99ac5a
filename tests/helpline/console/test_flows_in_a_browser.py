"""An administrator and a shift lead change what children hear, in a real Chromium, and the next call hears it."""

import os

import pytest
from playwright.sync_api import Browser, expect

from tests.helpline.console.browser import TABLET, Desk, hire, new_call_sid, post_signed
from tests.helpline.flow_book.conftest import NEW_HELLO, NEW_HELLO_ARABIC, OLD_HELLO
from tests.journeys.conftest import HELPLINE, Helpline

pytestmark = pytest.mark.browser

CHILD, OTHER_CHILD = "+97455500021", "+97455500022"
OWN_SENTENCES = (
    f'\n[sentences.en]\n"welcome.hello" = "{NEW_HELLO}"\n\n[sentences.ar]\n"welcome.hello" = "{NEW_HELLO_ARABIC}"\n'
)
FLOWS = "#flow-welcome"


def show(desk: Desk, name: str) -> None:
    """Keep a picture of the page, where whoever runs the story wants to look at it."""
    if folder := os.environ.get("PICTURES"):
        desk.page.screenshot(path=f"{folder}/{name}.png")


def test_new_words_are_written_approved_by_another_and_heard_by_the_next_child(helpline: Helpline, browser: Browser):
    under_way = {"CallSid": new_call_sid(), "From": CHILD}
    assert OLD_HELLO in post_signed(helpline, "/voice/incoming", **under_way)

    admin = Desk(browser, helpline).sign_in(hire(helpline, "administrator"), lands_on=FLOWS)
    page = admin.page
    show(admin, "1-flows")
    page.click(f"{FLOWS} a")
    show(admin, "2-flow")
    page.click("text=Walk through it")
    page.wait_for_url("**/walk")  # and until its script listens to the keyboard
    page.keyboard.press("2")
    expect(page.locator("#now")).to_contain_text("Who is this call for?")
    show(admin, "3-walk")

    page.click(".tabs >> text=Draft")
    source = page.locator("#source")
    good = source.input_value() + OWN_SENTENCES
    source.fill(good.replace('go = "language"', 'go = "langage"', 1))
    page.click("text=Save and check")
    expect(page.locator("#faults")).to_contain_text("there is no node 'langage'")
    show(admin, "4-faults")
    source.fill(good)
    page.click("text=Save and check")
    expect(page.locator("#faults")).to_contain_text("No faults")
    page.click("text=Compare it with what is in force")
    expect(page.locator("ins").first).to_be_visible()
    show(admin, "5-compare")
    page.click(".tabs >> text=Draft")
    page.fill("#change", "Warmer first words.")
    page.click("text=Ask for approval")
    expect(page.locator("#publishing")).to_contain_text("Somebody else has to approve it.")
    show(admin, "6-asked")

    lead = Desk(browser, helpline, TABLET).sign_in(hire(helpline, "shift_lead"), language="ar")
    lead.open("/flows")
    expect(lead.page.locator("html")).to_have_attribute("dir", "rtl")
    show(lead, "7-list-arabic")
    lead.page.click(f"{FLOWS} .wait")
    show(lead, "8-draft-arabic")
    lead.page.click("text=قرأتها وأوافق عليها")
    expect(lead.page.locator(".said")).to_contain_text("سارية")
    lead.open("/flows/welcome/compare")
    show(lead, "9-compare-arabic")
    lead.open("/flows/welcome/walk?keys=1")
    show(lead, "10-walk-arabic")

    page.wait_for_timeout(2500)  # both processes of the web server look every two seconds
    new_call = helpline.phones.dial(OTHER_CHILD, HELPLINE)  # through the simulator
    new_call.hears(NEW_HELLO)
    new_call.hears(NEW_HELLO_ARABIC)
    again = post_signed(helpline, "/voice/step?n=1", Digits="#", **under_way)
    assert "That key is not one of the choices" in again and NEW_HELLO not in again

    post_signed(helpline, "/voice/status", **under_way | {"CallStatus": "completed"})

    admin.open("/flows/welcome")
    page.locator("#versions-title").scroll_into_view_if_needed()
    show(admin, "11-versions")
    page.locator("details summary").first.click()
    page.locator("details input[name=reason]").first.fill("Too long.")
    page.locator("details button").first.click()
    expect(page.locator(".said")).to_contain_text("is in force")
    assert admin.complaints == [] and lead.complaints == []
    assert helpline.phones.dead_lines() == []
