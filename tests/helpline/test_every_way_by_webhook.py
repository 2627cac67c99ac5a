"""Every menu and every line of the waiting loop, by real webhooks: whatever a child does there, a person is ahead."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from app import create_app
from helpline.contacts.models import Call, Contact
from helpline.line import Line
from helpline.live_queue.models import QueueEntry
from helpline.store.db import db
from helpline.telephony.twiml_check import check_twiml, leads_on
from tests.helpline.conftest import PUBLIC, settings_for
from tests.helpline.phone_company import ChildsCall, Heard, PhoneCompany
from tests.helpline.routes_to_nodes import routes_to_lines, routes_to_menus

KEYS = [*"0123456789*#", "12", "479"]
HANDED_BACK = ("queue-full", "error", "system-error")


class Caller:
    """A child's call that presses whatever is wanted, and looks at every answer."""

    def __init__(self, company: PhoneCompany):
        self.call: ChildsCall = company.call()
        self.on_hold = False
        self.see_sound()

    @property
    def heard(self) -> Heard:
        return self.call.heard

    def do(self, sign: str) -> None:
        """Press keys, "" stay silent, "~" speak; and go on into the hold queue if that is where the answer leads."""
        action = self.heard.find("Gather").get("action")
        fields = {"": {}, "~": {"SpeechResult": "words", "Confidence": "0.9"}}.get(sign, {"Digits": sign})
        self.call.ask(action, **fields)
        self.see_sound()

    def hold(self) -> None:
        """Into the hold queue, where its own loop is asked for."""
        self.call.wait_on_hold()
        self.on_hold = True
        self.see_sound()

    def see_sound(self) -> None:
        assert self.heard.status == 200
        assert check_twiml(self.heard.xml, on_hold=self.on_hold) == [], self.heard.xml
        assert leads_on(self.heard.xml), self.heard.xml

    def contact(self) -> Contact:
        db.session.expire_all()
        query = select(Contact).join(Call, Call.contact_id == Contact.id).where(Call.call_sid == self.call.call_sid)
        return db.session.scalars(query).one()

    def waits(self) -> bool:
        """Whether a place in our own queue is kept for them."""
        query = select(QueueEntry).where(QueueEntry.contact_id == self.contact().id, QueueEntry.left_at.is_(None))
        return db.session.scalars(query).first() is not None

    def goes_to(self, keys: tuple[str, ...]) -> "Caller":
        for key in keys:
            self.do(key)
        return self


@pytest.fixture
def closed_company(settings, tmp_path: Path):
    """The same helpline on a night when it is closed."""
    folder = tmp_path / "config"
    shutil.copytree(settings.helpline_config_dir, folder, ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "helpline.toml"
    text = file.read_text(encoding="utf-8").replace("always_open = true", "always_open = false")
    lines = ["weekly = {}" if line.startswith("weekly = ") else line for line in text.splitlines()]
    file.write_text("\n".join(lines), encoding="utf-8")
    urls = {"database_url": settings.database_url, "redis_url": settings.redis_url}
    app = create_app(settings_for(**urls, HELPLINE_CONFIG_DIR=str(folder)))
    with app.app_context():
        yield PhoneCompany(app, PUBLIC)
        db.session.remove()
        db.engine.dispose()


def take_every_way_from_menus(company: PhoneCompany, library, *, is_open: bool) -> int:
    ways = 0
    for place, route in routes_to_menus(library, is_open=is_open).items():
        for sign in (*KEYS, "", "~"):
            caller = Caller(company).goes_to(route)
            caller.do(sign)
            menus_over = caller.heard.find("Enqueue") is not None
            assert menus_over == caller.waits(), (place, sign)
            if "9" in sign:
                assert caller.contact().level == "critical", (place, sign)
            if "9" in sign or sign == "0" or sign == "~":
                assert menus_over, (place, sign)
            ways += 1
    return ways


def test_every_input_at_every_menu_leads_on_to_a_person(phone_company: PhoneCompany, line: Line):
    assert take_every_way_from_menus(phone_company, line.flows, is_open=True) > 90


def test_every_input_at_every_menu_leads_on_to_a_person_when_closed(closed_company: PhoneCompany, line: Line):
    assert take_every_way_from_menus(closed_company, line.flows, is_open=False) > 40


def test_every_input_at_every_line_of_the_waiting_loop_keeps_the_place(phone_company: PhoneCompany, line: Line):
    ways = 0
    for place, route in routes_to_lines(line.flows).items():
        caller = Caller(phone_company).goes_to(("0",))
        caller.hold()
        caller.goes_to(route)
        for sign in (*KEYS, "", "~"):
            caller.do(sign)
            assert caller.waits(), (place, sign)
            ways += 1
        assert caller.contact().level == "critical"
    assert ways > 100


def test_a_hold_queue_that_is_full_or_broken_takes_the_child_again(phone_company: PhoneCompany):
    for result in HANDED_BACK:
        caller = Caller(phone_company).goes_to(("9",))
        caller.call.ask(caller.heard.find("Enqueue").get("action"), QueueResult=result)
        caller.see_sound()
        assert caller.heard.find("Enqueue") is not None
        assert caller.waits()


def test_who_hangs_up_anywhere_leaves_a_record_with_what_was_told(phone_company: PhoneCompany, line: Line):
    for route in routes_to_menus(line.flows, is_open=True).values():
        caller = Caller(phone_company).goes_to(route)
        caller.call.hang_up()
        assert caller.contact().state == "closed"
        assert caller.contact().outcome == "abandoned"


def test_known_and_unknown_callers_hear_the_same_to_the_byte(phone_company: PhoneCompany):
    """Whoever picks up a shared phone must not learn from it that somebody called before."""
    numbers = ("+97455123456", "+97455123456", "+97455987654", "anonymous")
    heard = []
    for number in numbers:
        call = phone_company.call(number)
        words = [call.heard.xml, call.press("1").xml, call.press("*").xml]
        heard.append(words)
        call.press("9")
        call.hang_up()
    assert heard[1:] == heard[:1] * 3
