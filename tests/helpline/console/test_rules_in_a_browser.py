"""Changed rules are tried by the running service, read and put in force by two people in a real Chromium."""

import os
from itertools import count

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from helpline.contacts.models import Contact
from helpline.rule_book.candidates import start_trial
from helpline.rule_book.editions import read_files
from helpline.store.db import db
from tests.helpline.console.browser import TABLET, Desk, hire, post_signed
from tests.helpline.rule_book.conftest import GRAVE_SCHOOL, HARMLESS_WEAPON, HOMEWORK, with_floor
from tests.journeys.conftest import Helpline
from tests.journeys.people import eventually

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# Each process of the service reads a whole set of rules anew, some seconds of work, while a browser shares its machine.
PATIENCE_S = 60


def show(desk: Desk, name: str) -> None:
    """Keep a picture of the page, where whoever runs the story wants to look at it."""
    if folder := os.environ.get("PICTURES"):
        desk.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def write(helpline: Helpline, words: str, number: str) -> None:
    sid = "SM" + os.urandom(16).hex()
    post_signed(helpline, "/sms/incoming", MessageSid=sid, From=number, Body=words, NumMedia="0")


def newest_level(helpline: Helpline) -> str:
    with helpline.app.app_context():
        return db.session.scalars(select(Contact.level).order_by(Contact.opened_at.desc()).limit(1)).one()


def test_a_trial_is_read_by_one_approved_by_another_and_orders_the_next_child(helpline: Helpline, browser: Browser):
    with helpline.app.app_context():
        book = helpline.app.extensions["helpline"].rule_book
        files = with_floor(read_files(book.folder), *GRAVE_SCHOOL, "high")
        start_trial(db.session(), book, with_floor(files, *HARMLESS_WEAPON, "high"), "School and knives.", "operator")
        db.session.commit()
    write(helpline, HOMEWORK, "+97455500061")
    write(helpline, "my dad has a knife", "+97455500062")

    admin = Desk(browser, helpline).sign_in(hire(helpline, "administrator"), lands_on="#flow-welcome")
    page = admin.page
    page.set_default_timeout(PATIENCE_S * 1000)

    def both_are_compared() -> bool:
        admin.open("/rules")
        return page.locator("#changes tbody tr").count() == 2

    eventually(both_are_compared, within_s=PATIENCE_S)
    assert page.locator("#changes tbody tr").first.get_attribute("class") == "lower"
    show(admin, "1-trial")
    page.click("text=See the changed lines")
    expect(page.locator(".line-new").first).to_be_visible()
    show(admin, "2-lines")
    page.go_back()
    page.fill("#change", "Knives milder, school graver.")
    page.click("text=Ask for approval")
    expect(page.locator("#trial")).to_contain_text("You asked", timeout=PATIENCE_S * 1000)

    lead = Desk(browser, helpline, TABLET).sign_in(hire(helpline, "shift_lead"), language="ar")
    lead.page.set_default_timeout(PATIENCE_S * 1000)
    lead.open("/rules")
    assert lead.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    show(lead, "3-asked-arabic")
    lead.page.click('form[action="/rules/approve"] button')
    expect(lead.page.locator("#rules-1")).to_have_class("in-force", timeout=PATIENCE_S * 1000)
    show(lead, "4-in-force-arabic")

    numbers = count(70)

    def next_child_is_ordered_by_them() -> bool:
        write(helpline, HOMEWORK, f"+97455500{next(numbers):03}")
        return newest_level(helpline) == "high"

    eventually(next_child_is_ordered_by_them, within_s=PATIENCE_S, every_s=0.5)
    assert admin.complaints == [] and lead.complaints == []
