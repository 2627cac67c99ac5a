"""The counsellor's browser as her telephone, in a real Chromium; only the telephone company's program is a stand-in."""

from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from helpline.console.static_files import SOFTPHONE_SDK
from helpline.staff.models import Staff
from helpline.store.db import db
from helpline.telephony.softphone import client_address
from tests.helpline.console.browser import Desk
from tests.helpline.console.conftest import make_account
from tests.helpline.console.visitor import Account
from tests.journeys.conftest import Helpline
from tests.journeys.people import eventually
from tests.journeys.test_a_softphone import house

__all__ = ["house"]

pytestmark = pytest.mark.browser

STAND_IN = Path(__file__).with_name("stand_in_sdk.js")
# A microphone that hears a beep now and then.
MICROPHONE = "--use-fake-device-for-media-stream"
NO_COMPANY = "--host-resolver-rules=MAP *.twilio.com ~NOTFOUND"
READY, LOST, REFUSED = "Ready: calls reach", "Calls do not reach", "is not allowed"


@pytest.fixture(scope="module")
def more_arguments() -> tuple[str, ...]:
    return (MICROPHONE, NO_COMPANY)


@pytest.fixture
def account(helpline: Helpline) -> Account:
    """A counsellor who has chosen her browser."""
    with helpline.app.app_context():
        account = make_account(db.session(), helpline.app.extensions["helpline"], uuid4().hex[:8], "counsellor")
        db.session().get_one(Staff, account.id).device = "browser"
        db.session().commit()
    return account


class TelephoneDesk(Desk):
    """A desk whose browser is a telephone."""

    def hear_from_company(self) -> None:
        """The program is loaded from where it would be installed."""
        self.page.route("**/twilio.min.js", lambda route: route.fulfill(path=STAND_IN))

    def wait_for_words(self, words: str) -> None:
        self.page.wait_for_selector(f"#softphone-state:has-text('{words}')", timeout=20_000)

    def company(self, act: str) -> object:
        """What the telephone company does now, or how it sees this browser."""
        return self.page.evaluate(f"window.wire.{act}")

    def may_be_here(self) -> bool:
        return self.page.locator('button[value="available"]').is_enabled()


@pytest.fixture
def desk(helpline: Helpline, browser: Browser, account: Account) -> TelephoneDesk:
    desk = TelephoneDesk(browser, helpline, permissions=["microphone"])
    desk.hear_from_company()
    return desk.sign_in(account)


@pytest.fixture
def here(desk: TelephoneDesk) -> TelephoneDesk:
    """She is here, and can be rung."""
    desk.company("connect()")
    desk.wait_for_words(READY)
    desk.page.keyboard.press("v")
    desk.wait_for_mode("ready")
    return desk


def test_she_can_say_that_she_is_here_only_while_her_browser_is_registered(desk: TelephoneDesk):
    desk.wait_for_words("is being made ready")
    assert not desk.may_be_here()
    desk.page.keyboard.press("v")

    desk.company("connect()")
    desk.wait_for_words(READY)
    assert desk.mode() == "away" and desk.may_be_here()
    desk.company("cut()")
    desk.wait_for_words(LOST)
    assert not desk.may_be_here()
    assert desk.complaints == []


def test_the_call_after_her_own_accept_is_picked_up_by_itself(
    helpline: Helpline, here: TelephoneDesk, account: Account
):
    child = helpline.dial("+97455123456")
    child.press("9")
    here.wait_for_mode("offer")
    here.page.keyboard.press("a")
    rung = helpline.phones.ringing_at(client_address(account.id))
    here.company("ring()")
    assert here.company("call.status()") == "open"
    rung.answer()

    here.wait_for_mode("talk")
    here.wait_for_words("You are on the line")
    assert child.is_in_room()
    here.leave_notes_alone()
    here.page.keyboard.press("u")
    here.wait_for_words("Muted")
    assert here.company("call.isMuted()") is True
    here.page.keyboard.press("u")
    here.wait_for_words("You are on the line")

    here.page.keyboard.press("e")
    here.page.click("text=Yes, end it")
    here.wait_for_mode("wrap_up")
    eventually(lambda: rung.status == "completed")
    here.company("call.end()")
    here.wait_for_words(READY)
    assert here.complaints == []


def test_a_call_she_did_not_accept_rings_until_she_picks_it_up(here: TelephoneDesk):
    here.company("ring()")
    here.wait_for_words("is ringing")
    assert here.company("call.status()") == "pending"

    here.page.click("text=Pick up")
    assert here.company("call.status()") == "open"
    here.company("call.end()")
    here.company("ring()")
    here.company("call.cancel()")
    here.wait_for_words(READY)


def test_a_browser_lost_for_long_takes_her_away_and_comes_back_by_itself(here: TelephoneDesk):
    here.company("cut()")
    here.wait_for_words(LOST)
    assert here.mode() == "ready"  # a short break changes nothing

    here.page.wait_for_selector("#said:has-text('could not reach this browser')", timeout=20_000)
    assert here.mode() == "away"
    here.company("reachable = true")
    here.wait_for_words(READY)
    assert here.company("devices.length") == 2 and here.company("devices[0].state") == "destroyed"
    assert here.mode() == "away" and here.may_be_here()


def test_a_break_of_a_few_seconds_leaves_her_here(here: TelephoneDesk):
    here.company("cut()")
    here.page.wait_for_timeout(5000)
    here.company("connect()")
    here.page.wait_for_timeout(7000)

    assert here.mode() == "ready"


def test_a_token_that_ends_is_followed_by_another(here: TelephoneDesk):
    here.company("device.token = 'an old one'")
    with here.page.expect_response("**/console/softphone/token"):
        here.company("device.emit('tokenWillExpire')")

    here.page.wait_for_function("window.wire.device.token.startsWith('ey')")


def test_the_microphone_is_checked_before_the_shift(desk: TelephoneDesk):
    desk.page.click("text=Check the microphone")
    desk.page.wait_for_selector("#microphone-said:has-text('the bar moves')")

    desk.page.wait_for_selector("#microphone-said:has-text('You are heard.')")
    assert desk.complaints == []


@pytest.mark.parametrize(("language", "words"), [("en", REFUSED), ("ar", "الميكروفون غير مسموح به")])
def test_a_refused_microphone_is_told_in_words(
    helpline: Helpline, browser: Browser, account: Account, language: str, words: str
):
    desk = TelephoneDesk(browser, helpline)
    desk.hear_from_company()
    desk.sign_in(account, language)

    desk.wait_for_words(words)
    assert not desk.may_be_here() and desk.company("devices.length") == 0
    assert desk.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    desk.context.close()


def test_without_the_program_she_is_sent_back_to_the_telephone(helpline: Helpline, browser: Browser, account: Account):
    desk = TelephoneDesk(browser, helpline, permissions=["microphone"])
    desk.page.route("**/twilio.min.js", lambda route: route.fulfill(status=404))
    desk.sign_in(account)
    desk.page.wait_for_selector('#softphone[data-state="missing"]')
    assert not desk.may_be_here()

    desk.page.click("text=Use the telephone")
    desk.page.wait_for_selector("#softphone", state="detached")
    assert desk.may_be_here()
    desk.context.close()


@pytest.mark.skipif(not SOFTPHONE_SDK.is_file(), reason="make softphone has not installed Twilio's program here")
def test_the_real_program_has_what_the_page_asks_of_it(helpline: Helpline, browser: Browser, account: Account):
    desk = TelephoneDesk(browser, helpline, permissions=["microphone"])
    desk.sign_in(account)
    desk.wait_for_words(LOST)  # it is cut off from the telephone company
    names = "['on', 'register', 'updateToken', 'destroy'].filter((name) => !Twilio.Device.prototype[name])"

    assert desk.page.evaluate(names) == []
    assert [words for words in desk.complaints if "Content Security Policy" in words] == []
    desk.context.close()
