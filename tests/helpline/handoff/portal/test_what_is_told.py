"""What a page, a letter and an address may hold: the fields of a level, and nothing of any other."""

import re
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline.handoff.asking import MemberFacts
from helpline.handoff.disclosure import FIELDS, disclose
from helpline.handoff.models import Attempt, Handoff, Offer
from helpline.handoff.telling import CARRIERS
from tests.helpline.handoff.partners_side import ask
from tests.helpline.handoff.portal.desk import CITY, SHELTERS, Desk
from tests.helpline.phone_company import CHILD

BORN = date(2011, 4, 9)
GIRL = MemberFacts(sex="female", age=15, born=BORN, needs=("medicine",))
SERVICES = {f"service_{code}": "yes" for code in ("psychological", "medical", "legal", "schooling")}


def test_before_the_pin_and_the_answer_a_page_tells_only_how_urgent_it_is(desk: Desk):
    handoff = ask(desk.scene, "shelter_placement", members=[GIRL, GIRL])
    desk.open("shelter_north")
    assert handoff.ref in desk.facts and "Urgent" in desk.facts
    assert not [word for word in ("female", "medicine", "15", "Violence", "Arabic") if word in desk.facts]
    assert "Person" not in desk.text


def test_who_has_said_that_they_look_at_it_is_told_what_is_needed_to_decide_and_nothing_that_says_who(desk: Desk):
    ask(desk.scene, "shelter_placement", members=[GIRL])
    desk.open("shelter_north").act("acknowledge")
    assert "13 to 15 years old · female" in desk.facts and "Needs medicine" in desk.facts
    assert "15 years old" not in desk.facts.replace("13 to 15 years old", "")


def test_after_acceptance_the_age_is_told_to_whoever_gives_the_pin_and_not_to_whoever_has_the_link(desk: Desk):
    ask(desk.scene, "shelter_placement", members=[GIRL])
    desk.open("shelter_north").act("accept", name="Huda", **SERVICES)
    assert "15 years old" in desk.facts.replace("13 to 15", "")
    other = desk.other_browser().go(desk.path)
    assert "13 to 15 years old" in other.facts and "look" in other.may
    other.act("look")
    assert "13 to 15" not in other.facts and "15 years old" in other.facts


def test_no_page_letter_or_address_holds_what_is_sealed_or_says_who_the_child_is(desk: Desk, capsys):
    handoff = ask(desk.scene, "shelter_placement", members=[GIRL])
    pages = [desk.open("shelter_north").browser.page.text]
    desk.act("acknowledge")
    pages.append(desk.browser.page.text)
    desk.act("accept", name="Huda Saleh", **SERVICES)
    pages.append(desk.browser.page.text)
    letters = [letter.as_string() + letter.get_content() for letter in desk.mailbox.list_letters()]
    secret = (BORN.isoformat(), "Huda", str(handoff.contact_id), str(handoff.id), CHILD, "mariam")
    logs = "".join(capsys.readouterr())
    for told in (*pages, *letters, desk.path, logs):
        assert [word for word in secret if word in told] == []
    assert desk.path not in logs


def test_letters_hold_reference_urgency_our_number_and_a_link(desk: Desk):
    handoff = ask(desk.scene, "shelter_placement", members=[GIRL])
    letter = desk.letters_to("shelter_north")[0]
    body = letter.get_content()
    assert handoff.ref in body and "+97444000919" in body and "Urgency: urgent" in body and "عاجل" in body
    assert not re.search(r"(?i)female|violence|shelter|medicine|أنثى|إيواء|عنف|\b15\b", body + letter["Subject"])


def test_a_letter_sent_again_after_a_crash_has_the_same_name(desk: Desk, session: Session):
    handoff = ask(desk.scene, "family_counselling")
    attempt = session.scalars(select(Attempt)).one()
    again = CARRIERS["email"](session, desk.scene.line, handoff, attempt)
    letters = desk.letters_to(CITY)
    assert len(letters) == 2 and {letter["Message-ID"] for letter in letters} == {again} == {attempt.provider_id}
    assert handoff.ref not in again


@pytest.mark.parametrize(("level", "never"), [("D0", ("D1", "D2")), ("D1", ("D2",)), ("D2", ())])
def test_a_level_shows_no_field_of_a_higher_one(level: str, never: tuple[str, ...]):
    handoff = Handoff(ref="H-7K3F-QD", priority="urgent", brief=brief(), area="north", services={"legal": "asked"})
    told = disclose(level, handoff, (), "+97444000919")
    assert not {field for each in never for field in FIELDS[each]} & set(told)
    assert set(told) == {field for each in ("D0", "D1", "D2") if each not in never for field in FIELDS[each]}


@pytest.mark.parametrize("level", ["D3", "D4", "", "d1"])
def test_beyond_what_is_needed_to_act_there_is_nothing_to_show(level: str):
    with pytest.raises(ValueError, match="tuple"):
        disclose(level, Handoff(ref="H-7K3F-QD"), (), "+97444000919")


def test_an_agreement_or_a_ground_that_covers_less_shows_less(desk: Desk, session: Session):
    ask(desk.scene, "family_counselling")
    session.execute(update(Handoff).values(basis="voice_only"))
    session.commit()
    desk.open(CITY).act("accept", name="Huda")
    assert "Danger" in desk.facts and "look" not in desk.may
    session.execute(update(Offer).values(state="lost", why="returned"))
    session.commit()
    assert desk.open(CITY).facts == ""


def brief() -> dict:
    return {"level": "high", "age": "age_13_15", "subject": None, "can_talk": True, "language": "ar"}


def test_every_shelter_that_is_asked_has_a_letter_of_its_own(desk: Desk):
    ask(desk.scene, "shelter_placement", members=[GIRL])
    links = {desk.link_of(shelter) for shelter in SHELTERS if desk.letters_to(shelter)}
    assert len(links) == len(desk.mailbox.list_letters()) > 0
