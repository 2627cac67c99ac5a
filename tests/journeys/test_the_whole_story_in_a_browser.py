"""The story of the service in real browsers: child, counsellor, shift lead and police desk each at their own page."""

import json
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from helpline.simulator.totp import STEP_S, one_time_code
from tests.journeys.conftest import FIRST_DESK, SECOND_DESK, Helpline

pytestmark = pytest.mark.browser

SCREEN = {"width": 1366, "height": 768}
PATIENCE_MS = 20_000
# The same patience for what is expected on a page: five seconds are little where four processes share a machine.
expect.set_options(timeout=PATIENCE_MS)


class People:
    """Opens everyone's page."""

    def __init__(self, helpline: Helpline, browser: Browser):
        self._helpline, self._browser = helpline, browser
        self._staff = json.loads((helpline.logs / "phonebook.json").read_text(encoding="utf-8"))["staff"]

    def sign_in(self, role: str, language: str) -> Page:
        """Somebody of the staff signs in with password and code, in their language."""
        person = next(person for person in self._staff if person["role"] == role)
        page = self._new_page()
        page.goto(f"{self._helpline.service.url}/")
        if page.locator("html").get_attribute("lang") != language:
            page.locator(f"button[name=language][value={language}]").click()
        page.locator("input[name=email]").fill(person["email"])
        page.locator("input[name=password]").fill(person["password"])
        page.keyboard.press("Enter")
        self._give_code(page, person["totp_secret"])
        expect(page.locator("html")).to_have_attribute("lang", language)
        return page

    def _give_code(self, page: Page, secret: str) -> None:
        """Each code is taken once: who signed in with this half minute's code a moment ago gives the next one."""
        for later_s in (0, STEP_S):
            page.locator("input[name=code]").fill(one_time_code(secret, time.time() + later_s))
            with page.expect_navigation():
                page.keyboard.press("Enter")
            if page.locator("input[name=code]").count() == 0:
                return
        raise AssertionError(f"neither this code nor the next was taken: {page.locator('main').inner_text()}")

    def phone(self, path: str, number: str, language: str = "en") -> Page:
        """Somebody's telephone at the simulator."""
        page = self._new_page()
        page.goto(f"{self._helpline.service.simulator_url}{path}?lang={language}")
        page.locator("#number").select_option(number)
        return page

    def _new_page(self) -> Page:
        page = self._browser.new_context(viewport=SCREEN).new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page


def press(phone: Page, keys: str) -> None:
    for key in keys:
        phone.locator(f"[data-key='{key}']").click()


def test_a_child_in_danger_is_taken_by_a_counsellor_and_confirmed_by_the_second_police_desk(
    demonstration: Helpline, browser: Browser
):
    people = People(demonstration, browser)
    floor = people.sign_in("shift_lead", "ar")
    expect(floor.locator("html")).to_have_attribute("dir", "rtl")
    floor.goto(f"{demonstration.service.url}/floor")
    counsellor = people.sign_in("counsellor", "en")
    counsellor.goto(f"{demonstration.service.url}/console")
    counsellor.get_by_role("button", name="I am here").click()
    telephone = people.phone("/phones/counsellor", "+97455000101")
    child = people.phone("/", "+97455500001", "ar")

    child.locator("#dial").click()
    expect(child.locator("#heard")).to_contain_text("9", timeout=PATIENCE_MS)
    press(child, "9")
    pressed_at = time.monotonic()
    expect(floor.locator("#queue .level-critical").first).to_be_visible(timeout=PATIENCE_MS)
    assert time.monotonic() - pressed_at < 3  # one second in life; a loaded test machine is given three

    expect(counsellor.get_by_role("heading", name="A child for you")).to_be_visible()
    counsellor.keyboard.press("a")
    telephone.locator("#answer").click()
    expect(counsellor.locator("#child")).to_contain_text("critical", ignore_case=True)
    child.locator("#spoken").fill("أبي يضرب أخي")
    child.keyboard.press("Enter")
    expect(telephone.locator("#heard")).to_contain_text("أبي يضرب أخي")
    counsellor.locator("#notes").fill("Brother is being hit now.")
    expect(counsellor.locator("#notes-state")).to_contain_text("saved")

    second_desk = people.phone("/desk", SECOND_DESK)
    demonstration.phones.set_behaviour(FIRST_DESK, "no_answer")
    counsellor.locator("#ask-police summary").click()
    counsellor.get_by_role("button", name="Ring the police now").click()
    second_desk.locator("#answer").click()
    heard_at_desk = second_desk.locator("#heard")
    expect(heard_at_desk).to_contain_text("هنا خط مساندة الأطفال", timeout=PATIENCE_MS)
    press(second_desk, "1")
    expect(heard_at_desk).to_contain_text("أدخل رقمك السري من فضلك", timeout=PATIENCE_MS)
    press(second_desk, second_desk.locator("#hint-value").inner_text())
    expect(heard_at_desk).to_contain_text("هذا ما نعرفه", timeout=PATIENCE_MS)
    press(second_desk, "1")

    counsellor.locator("#accept-name").fill("Sergeant on duty")
    counsellor.locator("#accept-incident").fill("2026-1107")
    counsellor.get_by_role("button", name="They have accepted").click()
    counsellor.get_by_role("button", name="Leave the child with the partner").click()
    counsellor.locator("#category").select_option("violence.physical")
    counsellor.get_by_role("button", name="Save and be free for the next child").click()
    expect(counsellor.locator("#ready")).to_be_visible()

    child_leg = next(call for call in demonstration.phones.calls() if call["from"] == "+97455500001")
    assert child_leg["in_conference"], "the child stays with the desk"
    assert demonstration.phones.dead_lines() == []
    contact = demonstration.contact_of(child_leg["sid"])
    kinds = [event["kind"] for event in contact["events"]]
    assert (contact["state"], contact["outcome"]) == ("closed", "handed_off")
    for kind in ("contact.opened", "contact.waiting", "contact.offered", "contact.connected", "contact.wrap_up"):
        assert kind in kinds
