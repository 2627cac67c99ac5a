"""A child presses 9 and hangs up; a counsellor finds them on the list, records what is safe, and calls back."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Helpline
from tests.journeys.people import eventually
from tests.journeys.test_the_whole_story_in_a_browser import People, press

pytestmark = pytest.mark.browser

CHILD, COUNSELLORS_PHONE, LEADS_PHONE = "+97455500001", "+97455000101", "+97455000901"


def calls_out(helpline: Helpline, number: str) -> list[dict]:
    return [call for call in helpline.phones.calls() if call["to"] == number]


def record_plan(console: Page) -> None:
    form = console.locator("#plan-form")
    for day in form.locator("input[name=days]").all():
        day.check()
    form.locator("#plan-start").fill("00:00")
    form.locator("#plan-end").fill("23:59")
    form.locator("#plan-words").fill("Ask for Sara, about the library book")
    form.get_by_role("button", name="Record what is safe").click()


def test_a_child_who_hung_up_is_called_back_and_the_talk_becomes_a_record(demonstration: Helpline, browser: Browser):
    people = People(demonstration, browser)
    telephone, child = people.phone("/phones/counsellor", COUNSELLORS_PHONE), people.phone("/", CHILD)
    child.locator("#dial").click()
    expect(child.locator("#heard")).to_contain_text("9")
    press(child, "9")
    child.locator("#hang-up").click()

    console = people.sign_in("counsellor", "en")
    console.get_by_role("link", name="Missed").click()
    expect(console.locator("main")).to_contain_text("Pressed 9 and hung up")
    console.get_by_role("button", name="Take").click()
    expect(console.locator("#call-back")).to_contain_text("Record first that a call is safe.")
    assert calls_out(demonstration, CHILD) == []
    record_plan(console)
    console.get_by_role("button", name="Call back now").click()
    expect(console.get_by_role("heading", name="You are calling back")).to_be_visible()
    expect(console.locator("#connecting")).to_contain_text("about the library book")

    telephone.locator("#answer").click()
    child.locator("#answer").click()
    expect(child.locator("#heard")).to_contain_text("إذا كانت هذه المكالمة منتظرة")
    assert "مساندة" not in child.locator("#heard").inner_text().rpartition("مرحباً. إذا")[2]
    press(child, "1")
    expect(console.locator("#child")).to_contain_text("critical", ignore_case=True)
    expect(console.locator("#notes")).to_be_visible()
    child.locator("#spoken").fill("Hello, it is me")
    child.keyboard.press("Enter")
    expect(telephone.locator("#heard")).to_contain_text("Hello, it is me")

    console.locator("#notes").fill("Safe at her aunt's.")
    expect(console.locator("#notes-state")).to_contain_text("saved")
    console.locator("#end summary").click()
    console.locator("#end button").click()
    console.locator("#call-type").select_option(index=1)
    console.locator("#category").select_option(index=1)
    console.get_by_role("button", name="Save and be free").click()
    expect(console.locator("#ready")).to_be_visible()
    console.goto(f"{demonstration.service.url}/missed")
    expect(console.locator("main")).to_contain_text("Nobody is missed.")


@pytest.mark.parametrize(("behaviour", "told"), [("voicemail", "a machine answered"), ("busy", "busy")])
def test_a_machine_or_a_busy_phone_ends_the_try_and_the_row_stays(
    demonstration: Helpline, browser: Browser, behaviour: str, told: str
):
    number = {"voicemail": "+97455500002", "busy": "+97455500003"}[behaviour]
    people = People(demonstration, browser)
    child = demonstration.dial(number)
    eventually(lambda: child.heard)
    child.hang_up()
    demonstration.phones.set_behaviour(number, behaviour)
    console = people.sign_in("shift_lead", "en")
    eventually(lambda: console.goto(f"{demonstration.service.url}/missed") and console.get_by_text("Take").count(), 20)
    console.get_by_role("button", name="Take").click()
    record_plan(console)
    row = console.url
    console.get_by_role("button", name="Call back now").click()
    demonstration.phones.ringing_at(LEADS_PHONE, 20).answer()
    eventually(lambda: calls_out(demonstration, number), 20)
    expect(console.locator("#connecting")).to_have_count(0)
    console.goto(row)
    expect(console.locator("main")).to_contain_text(told)
    leg = calls_out(demonstration, number)[-1]
    assert [heard for heard in leg["heard"] if heard["kind"] == "say" and not heard["speaker"]] == []
    console.locator("#ending").select_option("not_reached")
    console.get_by_role("button", name="Settle it").click()
    expect(console.locator("main")).to_contain_text("Settled, and off the list.")
