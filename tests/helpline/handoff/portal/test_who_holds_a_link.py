"""Links: scanned, late, locked, made up, sent anew; and two who accept in the same instant."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow
from helpline.handoff.link_models import PartnerLink
from helpline.handoff.models import Handoff, Offer
from helpline.partners.models import PartnerPin
from helpline.store.types import utc_now
from tests.helpline.console.visitor import ADDRESS
from tests.helpline.handoff.partners_side import ask, offer_to
from tests.helpline.handoff.portal.desk import CITY, PIN, SOUTH, Desk


def test_a_machine_that_follows_links_accepts_nothing(desk: Desk, session: Session):
    handoff = ask(desk.scene, "family_counselling")
    path, version = desk.link_of(CITY), handoff.version
    client = desk.app.test_client()
    for _round in range(5):
        assert client.head(path, base_url=ADDRESS).status_code == 200
        for act in ("accept", "acknowledge", "decline", "wrong_office"):
            assert client.get(f"{path}/{act}", base_url=ADDRESS).status_code == 405
            assert client.head(f"{path}/{act}?pin={PIN}", base_url=ADDRESS).status_code == 405
    assert offer_to(desk.scene, CITY).state == "delivered"
    for _round in range(5):
        assert client.get(path, base_url=ADDRESS).status_code == 200
    assert offer_to(desk.scene, CITY).state == "seen"
    assert (desk.scene.handoff.state, desk.scene.handoff.version) == ("offering", version)
    assert desk.scene.story.count("seen") == 1


def test_no_form_works_without_the_pages_own_token(desk: Desk):
    ask(desk.scene, "family_counselling")
    desk.open(CITY)
    for token in (None, "forged"):
        assert desk.browser.post(f"{desk.path}/accept", token=token, pin=PIN, name="Huda").status_code == 403
    assert offer_to(desk.scene, CITY).state == "seen"


def test_a_made_up_link_finds_nothing(desk: Desk):
    for path in ("/partner/" + "x" * 43, "/partner/x", "/partner/" + "x" * 43 + "/accept"):
        assert desk.browser.open(path).status_code in (404, 405)
    assert "There is nothing here" in desk.go("/partner/" + "x" * 43).text


def test_only_the_hash_of_a_link_is_kept(desk: Desk, session: Session):
    ask(desk.scene, "family_counselling")
    token = desk.link_of(CITY).rsplit("/", 1)[-1]
    assert len(token) == 43
    for table in ("partner_links", "handoff_attempts", "owed_work", AuditRow.__tablename__, "handoff_events"):
        rows = session.connection().exec_driver_sql(f"SELECT t::text FROM {table} t")
        assert token not in "".join(row[0] for row in rows)


def test_pages_are_kept_nowhere_listed_nowhere_and_tell_nobody_where_one_was(desk: Desk):
    ask(desk.scene, "family_counselling")
    for path in (desk.link_of(CITY), "/partner/" + "x" * 43):
        headers = desk.browser.open(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "script-src" not in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "<script" not in desk.browser.page.text and "style=" not in desk.browser.page.text


def test_five_wrong_pins_lock_the_link_and_our_people_are_told(desk: Desk):
    ask(desk.scene, "family_counselling")
    token = desk.open(CITY).browser.token
    for left in (4, 3, 2, 1):
        desk.act("accept", pin="0000", name="Huda")
        assert (desk.status, f"Tries left: {left}" in desk.text) == (403, True)
    desk.act("accept", pin="0000", name="Huda")
    assert desk.title == "This link is locked"
    assert "Danger" not in desk.text and desk.may == set()
    assert desk.scene.handoff.paged_since is not None and "link_locked" in desk.scene.story
    free_the_pin(desk, CITY)
    desk.act_now("accept", name="Huda", token=token)
    assert offer_to(desk.scene, CITY).state == "seen"


def test_wrong_pins_count_on_from_another_browser(desk: Desk):
    ask(desk.scene, "family_counselling")
    for _try in range(5):
        desk.other_browser().open(CITY).act("decline", pin="1111", code="no_capacity")
    assert desk.open(CITY).title == "This link is locked"


def test_a_late_link_tells_only_what_may_stand_in_a_letter_and_has_a_new_one_sent(desk: Desk, session: Session):
    handoff = ask(desk.scene, "family_counselling")
    old = desk.link_of(CITY)
    desk.go(old).act("acknowledge")
    make_late(session)
    desk.go(old)
    assert desk.title == "This link is not open any more"
    assert handoff.ref in desk.facts and "Danger" not in desk.facts and desk.may == {"new-link"}
    desk.act("accept", name="Huda")
    assert offer_to(desk.scene, CITY).state == "acked"
    desk.act("new-link")
    assert desk.link_of(CITY) != old
    assert {letter["To"] for letter in desk.mailbox.list_letters()} == {f"{CITY}@partners.example"}
    assert "portal.link_asked" in set(session.scalars(select(AuditRow.action)))
    assert desk.open(CITY).act("accept", name="Huda").title == "You have taken this on"


def test_new_links_are_not_sent_without_end(desk: Desk, session: Session):
    ask(desk.scene, "family_counselling")
    old = desk.link_of(CITY)
    session.execute(update(Offer).values(expires_at=utc_now() - timedelta(seconds=1)))
    session.commit()
    for _time in range(6):
        desk.go(old).act("new-link")
    assert "New links were sent several times already" in desk.text
    assert len(desk.letters_to(CITY)) == 4


def test_a_link_of_an_expired_offer_accepts_nothing_and_says_nothing_of_who_is_asked_now(desk: Desk, session: Session):
    ask(desk.scene, "family_counselling")
    old = desk.open(CITY).path
    desk.scene.tick(after_s=40 * 86400)
    assert offer_to(desk.scene, CITY).state == "expired"
    letters = len(desk.letters_to(CITY))
    desk.go(old)
    assert desk.may <= {"new-link"}
    if desk.may:
        desk.act("new-link")
        assert len(desk.letters_to(CITY)) == letters
    assert SOUTH not in desk.browser.page.text


def test_a_link_sent_to_an_old_mailbox_opens_nothing_once_another_is_registered(desk: Desk, session: Session):
    ask(desk.scene, "family_counselling")
    session.execute(update(PartnerLink).values(endpoint=desk.scene.line.keys.pseudonym("old@partners.example")))
    session.commit()
    assert desk.open(CITY).title == "This link is not open any more"


def test_two_accept_in_the_same_instant_and_one_has_it(desk: Desk, app: Flask, session: Session):
    ask(desk.scene, "family_counselling")
    browsers = [desk.open(CITY), desk.other_browser().open(CITY)]
    session.rollback()
    start = threading.Barrier(2)

    def press(at: Desk) -> None:
        start.wait()
        at.browser.client.post(
            f"{at.path}/accept", base_url=ADDRESS, data={"csrf_token": at.browser.token, "pin": PIN, "name": "Huda"}
        )

    pressing = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in pressing:
        thread.start()
    for thread in pressing:
        thread.join()
    assert desk.scene.story.count("accept") == 1
    assert session.scalar(select(func.count()).where(Offer.state == "accepted")) == 1
    assert session.scalars(select(Handoff)).one().responsible == "partner"


@pytest.mark.parametrize("pin", ["", "abc", "99999999999", "٢٤٦٨"])
def test_odd_pins_are_wrong_pins(desk: Desk, pin: str):
    ask(desk.scene, "family_counselling")
    assert desk.open(CITY).act("accept", pin=pin, name="Huda").status == 403


def make_late(session: Session) -> None:
    """A month and a day go by for every link."""
    session.execute(update(PartnerLink).values(made_at=utc_now() - timedelta(days=31)))
    session.commit()


def free_the_pin(desk: Desk, partner: str) -> None:
    """The desk's PIN works again on the telephone; the link stays as it is."""
    desk.scene.session.execute(
        update(PartnerPin).where(PartnerPin.partner == partner).values(locked_until=None, wrong_tries=0)
    )
    desk.scene.session.commit()
