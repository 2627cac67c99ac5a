"""What a counsellor does on her page: be there, take a child, write, judge, look up, finish."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow
from helpline.contacts.models import Contact
from helpline.line import Line
from helpline.staff.accounts import device_number
from helpline.staff.models import Staff
from tests.helpline.console.visitor import Account, Visitor
from tests.helpline.phone_company import CHILD


def the_contact(session: Session) -> Contact:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Contact)).one()


def path_of(session: Session, act: str) -> str:
    return f"/console/contacts/{the_contact(session).id}/{act}"


def notes_of(desk: Visitor) -> tuple[str, str]:
    """The notes as the page shows them, and the name of their wording."""
    desk.open("/console")
    return desk.find("#notes").text.removeprefix("\n"), desk.find("#notes-seen").get("value")


def save_notes(desk: Visitor, session: Session, notes: str, seen: str):
    """As the page's script does."""
    return desk.post(path_of(session, "notes"), wants="application/json", notes=notes, seen=seen)


def test_she_says_that_she_is_here_and_that_she_is_not(visitor: Visitor, counsellor: Account, session: Session):
    visitor.sign_in(counsellor)
    visitor.act("/console/activity", activity="available")
    assert visitor.find("#stage").get("data-mode") == "ready"

    visitor.act("/console/activity", activity="unavailable")
    assert visitor.find("#stage").get("data-mode") == "away"


def test_her_number_is_shown_masked_and_can_be_changed(
    visitor: Visitor, counsellor: Account, session: Session, line: Line
):
    visitor.sign_in(counsellor)
    assert "+974••••••01" in visitor.page.text and "55000101" not in visitor.page.text

    visitor.act("/console/device", number="5500 0199")
    assert "saved" in visitor.said
    session.expire_all()
    assert device_number(line.keys, session.get_one(Staff, counsellor.id)) == "+97455000199"


def test_a_number_that_is_none_is_refused_in_words(visitor: Visitor, counsellor: Account):
    visitor.sign_in(counsellor)
    visitor.act("/console/device", number="call me")

    assert "not a telephone number" in visitor.said


def test_the_browser_as_a_telephone_says_why_it_is_not_there(visitor: Visitor, counsellor: Account):
    visitor.sign_in(counsellor)

    assert "Twilio keys for it are not set" in visitor.page.text


def test_an_offer_tells_level_reasons_language_and_wait(
    visitor: Visitor, counsellor: Account, texting_child, offer_now
):
    visitor.sign_in(counsellor)
    visitor.act("/console/activity", activity="available")
    offer_now()
    visitor.open("/console")
    told = " ".join(visitor.find(".offer").text_content().split())

    assert "Elevated" in told and "text message" in told and "English" in told and "Waited" in told
    assert visitor.find(".countdown").get("max") == "20"


def test_what_she_passes_on_goes_back_to_its_place(
    visitor: Visitor, counsellor: Account, texting_child, offer_now, session: Session
):
    visitor.sign_in(counsellor)
    visitor.act("/console/activity", activity="available")
    offer_now()
    visitor.open("/console")
    decline = visitor.find(".offer").xpath(".//form")[1].get("action")
    visitor.act(decline)

    assert "keeps their place" in visitor.said
    assert the_contact(session).state == "waiting"


def test_an_offer_that_is_over_is_told_calmly(
    app: Flask, visitor: Visitor, counsellor: Account, texting_child, offer_now
):
    visitor.sign_in(counsellor)
    visitor.act("/console/activity", activity="available")
    offer_now()
    visitor.open("/console")
    accept, decline = (form.get("action") for form in visitor.find(".offer").xpath(".//form"))
    visitor.act(decline)
    visitor.act(accept)

    assert "This offer is over" in visitor.said


def test_notes_are_sealed_and_there_again_on_the_next_look(talking: Visitor, session: Session):
    _, seen = notes_of(talking)
    answer = save_notes(talking, session, "Lives with her aunt.", seen)

    assert answer.status_code == 200 and len(answer.json["saved_at"]) == 8
    assert notes_of(talking)[0] == "Lives with her aunt."
    assert b"aunt" not in the_contact(session).notes_sealed


def test_what_the_shift_lead_adds_meanwhile_is_not_overwritten(
    app: Flask, talking: Visitor, lead: Account, session: Session
):
    _, seen = notes_of(talking)
    other = Visitor(app).sign_in(lead)
    other.post(f"/floor/contacts/{the_contact(session).id}/level", level="high", reason="She named a street.")

    answer = save_notes(talking, session, "My own words.", seen)

    assert answer.status_code == 409
    assert "She named a street." in answer.json["notes"]
    joined = answer.json["notes"] + "\nMy own words."
    assert save_notes(talking, session, joined, answer.json["seen"]).status_code == 200


def test_without_scripts_both_wordings_are_kept(app: Flask, talking: Visitor, lead: Account, session: Session):
    _, seen = notes_of(talking)
    other = Visitor(app).sign_in(lead)
    other.post(f"/floor/contacts/{the_contact(session).id}/level", level="high", reason="She named a street.")
    talking.act(path_of(session, "notes"), notes="My own words.", seen=seen)

    notes, _ = notes_of(talking)
    assert "She named a street." in notes and "My own words." in notes


def test_nobody_writes_in_or_learns_of_anothers_notes(app: Flask, talking: Visitor, hire, session: Session):
    _, seen = notes_of(talking)
    save_notes(talking, session, "Only mine.", seen)
    stranger = Visitor(app).sign_in(hire("counsellor"))
    answer = save_notes(stranger, session, "Mine now.", "guess")

    assert answer.status_code == 410 and "Only mine" not in answer.text
    assert notes_of(talking)[0] == "Only mine."


def test_a_level_is_changed_with_a_reason_only(talking: Visitor, session: Session):
    talking.act(path_of(session, "level"), level="critical", reason=" ")
    assert the_contact(session).level == "elevated"

    talking.act(path_of(session, "level"), level="critical", reason="He is in the house.")
    assert the_contact(session).level == "critical"
    assert "He is in the house." in notes_of(talking)[0]


@pytest.mark.parametrize("level", ["", "harmless", "CRITICAL"])
def test_a_level_that_does_not_exist_is_refused(talking: Visitor, session: Session, level: str):
    talking.act(path_of(session, "level"), level=level, reason="why not")

    assert the_contact(session).level == "elevated"


def test_the_whole_number_is_shown_once_and_with_a_trace(talking: Visitor, session: Session):
    contact = the_contact(session)
    assert CHILD not in talking.open("/console").text
    answer = talking.post(path_of(session, "number"), reason="The police ask for it.")

    assert CHILD in answer.text
    assert (
        "number.revealed"
        in session.scalars(select(AuditRow.action).where(AuditRow.subject == f"contact:{contact.id}")).all()
    )
    assert CHILD not in talking.open("/console").text


def test_the_whole_number_needs_a_reason(talking: Visitor, session: Session):
    assert CHILD not in talking.post(path_of(session, "number"), reason="  ").text


def test_words_of_a_child_are_text_and_hidden_characters_are_seen(talking: Visitor, texting_child):
    texting_child.text("<script>alert(1)</script> \u202egnp.exe \u0007")
    talking.open("/console")
    [script] = [line for line in talking.page.text.splitlines() if "alert(1)" in line]

    assert "<script>" not in script and "&lt;script&gt;" in script
    assert "\u202e" not in talking.page.text
    assert [mark.text for mark in talking.find_all(".control")] == ["U+202E", "U+0007"]


def test_she_writes_back_and_sees_how_far_it_has_come(talking: Visitor, session: Session):
    talking.act(path_of(session, "texts"), body="أنا هنا معك")
    bubble = talking.find_all(".ours")[-1]

    assert "أنا هنا معك" in bubble.text_content()
    assert bubble.xpath('.//p[@dir="auto"]')
    assert "Being sent" in bubble.text_content()


def test_a_record_without_a_category_is_not_finished(talking: Visitor, session: Session):
    talking.act(path_of(session, "end"))
    assert talking.find("#stage").get("data-mode") == "wrap_up"
    talking.act(path_of(session, "finish"), call_type="about_self", category="violence.no_such_thing")

    assert "something is missing" in talking.said
    assert the_contact(session).state == "wrap_up"


def test_a_finished_record_frees_her_for_the_next_child(talking: Visitor, session: Session):
    talking.act(path_of(session, "end"))
    talking.act(path_of(session, "finish"), call_type="about_self", category="family.caregivers")

    contact = the_contact(session)
    assert (contact.state, contact.outcome) == ("closed", "completed")
    assert contact.record == {"call_type": "about_self", "category": "family.caregivers"}
    assert talking.find("#stage").get("data-mode") == "ready"


def test_a_silent_call_is_about_nothing_and_needs_no_category(talking: Visitor, session: Session):
    talking.act(path_of(session, "end"))
    talking.act(path_of(session, "finish"), call_type="silent")

    assert the_contact(session).record["call_type"] == "silent"
    assert the_contact(session).state == "closed"


def test_fields_that_no_form_has_change_nothing(talking: Visitor, session: Session):
    talking.act(path_of(session, "record"), category="family.general", outcome="abandoned", level="benign", secret="x")

    contact = the_contact(session)
    assert contact.record == {"category": "family.general"}
    assert (contact.level, contact.outcome) == ("elevated", None)


def test_her_own_contacts_story_is_told_and_the_look_is_on_record(
    talking: Visitor, counsellor: Account, session: Session
):
    contact_id: UUID = the_contact(session).id
    page = talking.open(f"/contacts/{contact_id}").text

    assert "Came to us by Text." in page and "Talks with a counsellor." in page
    rows = session.scalars(select(AuditRow).where(AuditRow.action == "contact.read")).all()
    assert [(row.actor, row.subject) for row in rows] == [(f"staff:{counsellor.id}", f"contact:{contact_id}")]
