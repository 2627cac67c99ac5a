"""The flow pages: pictures, walks, comparisons and drafts, read by those who watch and changed by administrators."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow
from helpline.flow_book.models import FlowDraft, FlowVersion
from helpline.line import Line
from helpline.store.types import utc_now
from tests.helpline.console.visitor import Account, Visitor
from tests.helpline.flow_book.conftest import (
    NEW_HELLO,
    NEW_HELLO_ARABIC,
    OLD_HELLO,
    shipped_version,
    shipped_welcome,
    with_new_hello,
)
from tests.helpline.phone_company import PhoneCompany

__all__ = ["shipped_version", "shipped_welcome"]


@pytest.fixture
def admin(hire) -> Account:
    return hire("administrator")


@pytest.fixture
def writing(app: Flask, admin: Account) -> Visitor:
    """An administrator at the page they begin on."""
    return Visitor(app).sign_in(admin)


def text_of(visitor: Visitor) -> str:
    return " ".join(" ".join(visitor.find("#main").itertext()).split())


def seen_draft(visitor: Visitor) -> str:
    return visitor.find("#publishing").xpath(".//input[@name='seen']/@value")[0]


def save(visitor: Visitor, source: str, flow: str = "welcome") -> Visitor:
    """Open the draft's page, replace its text, save."""
    visitor.open(f"/flows/{flow}/draft")
    seen = visitor.find("#main").xpath(".//form[.//textarea]//input[@name='seen']/@value")[0]
    visitor.act(f"/flows/{flow}/draft", source=source, seen=seen)
    return visitor


def test_an_administrator_begins_at_what_children_hear(writing: Visitor, shipped_version: int):
    assert [row.get("id") for row in writing.find("#main").xpath(".//tr[@id]")] == [
        f"flow-{name}" for name in ("out_of_hours", "silent_caller", "text_welcome", "waiting", "welcome")
    ]
    assert f"version {shipped_version}" in " ".join(writing.find("#flow-welcome").itertext())


@pytest.mark.parametrize("flow", ["welcome", "waiting", "out_of_hours", "silent_caller", "text_welcome"])
def test_every_flow_is_shown_as_a_picture_that_can_be_read_aloud(writing: Visitor, flow: str):
    writing.open(f"/flows/{flow}")
    [picture] = writing.find(".picture").xpath(".//*[local-name()='svg']")
    assert picture.get("role") == "img"
    assert "leads to" in "".join(picture.itertext())


def test_a_walk_is_heard_as_a_child_hears_it(writing: Visitor):
    writing.open("/flows/welcome/walk")
    assert OLD_HELLO in text_of(writing)
    assert {p.get("lang") for p in writing.find_all(".bubble")} == {"ar", "en"}

    writing.open("/flows/welcome/walk?keys=2")
    assert "Who is this call for?" in text_of(writing)
    assert {p.get("lang") for p in writing.find("#now").xpath(".//p[@lang]")} == {"en"}
    writing.open("/flows/welcome/walk?keys=&keys=~&keys=9")
    assert "silence" in text_of(writing)
    writing.open("/flows/welcome/walk?keys=9")
    assert "danger_key" in text_of(writing) and writing.find(".outcome") is not None
    writing.open("/flows/out_of_hours/walk?language=ar&keys=9")
    assert {p.get("dir") for p in writing.find_all(".bubble")} == {"rtl"}


def test_a_walk_by_night_and_in_a_surge_is_another(writing: Visitor):
    pages = []
    for when in ("open", "closed", "surge", "outage"):
        writing.open(f"/flows/welcome/walk?language=en&keys=2&when={when}")
        pages.append(text_of(writing))
    assert len(set(pages)) == 4


def test_what_is_no_flow_version_or_language_is_not_there(writing: Visitor):
    for path in ("nowhere", "welcome?version=99", "welcome/walk?version=draft", "welcome/compare?before=x"):
        assert writing.open(f"/flows/{path}").status_code == 404, path
    for path in ("welcome/walk?language=xx", "welcome/walk?when=never"):
        assert writing.open(f"/flows/{path}").status_code == 400, path


def test_the_faults_of_a_draft_are_shown_by_line(writing: Visitor, shipped_welcome: str):
    broken = shipped_welcome.replace('\nstart = "', '\nstart = "not_', 1)
    line = next(n for n, text in enumerate(broken.splitlines(), start=1) if text.startswith("start"))
    save(writing, broken)

    faults = " ".join(writing.find("#faults").itertext())
    assert f"Line {line}" in faults and 'start = "not_' in faults and "there is no node 'not_" in faults
    assert writing.find("#publishing").xpath(".//input[@name='change']") == []
    assert broken in writing.find("#source").text


def test_two_people_publish_and_the_next_call_hears_it(
    app: Flask,
    writing: Visitor,
    lead: Account,
    shipped_welcome: str,
    shipped_version: int,
    phone_company: PhoneCompany,
    session: Session,
):
    save(writing, with_new_hello(shipped_welcome))
    writing.open(f"/flows/welcome/compare?before={shipped_version}&after=draft")
    assert NEW_HELLO in text_of(writing) and NEW_HELLO_ARABIC in text_of(writing)
    assert OLD_HELLO in " ".join("".join(gone.itertext()) for gone in writing.find("#main").xpath(".//del"))
    writing.open("/flows/welcome/walk?version=draft")
    assert NEW_HELLO in text_of(writing)
    writing.open("/flows/welcome/draft")
    writing.act("/flows/welcome/publish", change="Warmer first words.", seen=seen_draft(writing))
    assert "Somebody else has to approve it" in text_of(writing)
    writing.act("/flows/welcome/approve", seen=seen_draft(writing))
    assert "never the one who asked" in writing.said
    assert OLD_HELLO in phone_company.call().heard.text

    second = Visitor(app).sign_in(lead)
    second.open("/flows/welcome/draft")
    assert "Warmer first words." in text_of(second)
    assert second.find("#source").get("readonly") is not None
    second.act("/flows/welcome/approve", seen=seen_draft(second))

    assert f"Version {shipped_version + 1} is in force" in second.said
    assert NEW_HELLO in phone_company.call().heard.text
    second.open("/flows/welcome")
    assert "approved by shift_lead" in text_of(second)
    assert second.find("#main").xpath(".//form") == []
    acts = session.scalars(select(AuditRow.action).where(AuditRow.subject == "flow:welcome").order_by(AuditRow.id))
    assert list(acts) == ["flow.draft_saved", "flow.publishing_asked", "flow.published", "flow.published"]


def test_what_reading_does_not_find_the_walk_through_every_way_does_before_it_is_published(
    writing: Visitor, line: Line, session: Session
):
    source = line.book.shipped.read_source("text_welcome")
    save(writing, f'{source}\n[sentences.en]\n"text.welcome" = "We have it.\\rA person will write."\n', "text_welcome")
    assert "No faults" in text_of(writing)
    writing.act("/flows/text_welcome/publish", change="Two lines.", seen=seen_draft(writing))

    assert "the start of text_welcome" in writing.said and "does not arrive as it is written" in writing.said
    assert session.scalars(select(FlowVersion)).all() == []


def test_a_draft_sent_back_tells_why(app: Flask, writing: Visitor, lead: Account, shipped_welcome: str):
    save(writing, with_new_hello(shipped_welcome))
    writing.act("/flows/welcome/publish", change="x", seen=seen_draft(writing))
    second = Visitor(app).sign_in(lead)
    second.open("/flows/welcome/draft")
    second.act("/flows/welcome/send-back", note="Too long for a nine-year-old.", seen=seen_draft(second))

    writing.open("/flows/welcome/draft")
    assert "Too long for a nine-year-old." in text_of(writing)
    assert writing.find("#publishing").xpath(".//input[@name='change']")


def test_going_back_is_one_form(writing: Visitor, line: Line, phone_company: PhoneCompany, session: Session):
    source = line.book.shipped.read_source("waiting")
    present = line.flows.current["waiting"].version
    save(writing, source.replace("timeout_s = 25", "timeout_s = 30"), "waiting")
    writing.act("/flows/waiting/publish", change="Slower.", seen=seen_draft(writing))
    assert f"Version {present + 1} is in force" in writing.said
    writing.open("/flows/waiting")
    writing.act("/flows/waiting/go-back", version=str(present), reason="Too slow.")

    assert f"Version {present + 2} is in force" in writing.said
    assert "Too slow." in " ".join(writing.find(".in-force").itertext())
    assert session.scalar(select(func.count()).select_from(FlowVersion)) == 3


def test_what_was_typed_is_not_lost_when_somebody_else_saved_first(
    app: Flask, hire, writing: Visitor, shipped_welcome: str, session: Session
):
    save(writing, shipped_welcome + "# mine\n")
    seen = seen_draft(writing)
    other = Visitor(app).sign_in(hire("administrator"))
    save(other, shipped_welcome + "# theirs\n")

    answer = writing.post("/flows/welcome/draft", source=shipped_welcome + "# mine, longer\n", seen=seen)
    assert answer.status_code == 409
    assert "# mine, longer" in answer.text and "# theirs" not in answer.text
    writing.page = answer
    writing.act("/flows/welcome/draft", source=shipped_welcome + "# mine, longer\n", seen=seen_draft(writing))
    newest = session.scalars(select(FlowDraft.source).order_by(FlowDraft.id.desc()).limit(1)).one()
    assert newest.endswith("# mine, longer\n")


def test_faults_of_a_published_version_are_told_on_the_pages_and_on_the_floor(
    app: Flask, writing: Visitor, session: Session, shipped_version: int, line: Line
):
    row = {"version": shipped_version + 1, "source": "[[", "change": "x", "published_by": "operator"}
    session.add(FlowVersion(flow="welcome", published_at=utc_now(), **row))
    session.commit()

    writing.open("/flows")
    assert "Newer version has faults" in text_of(writing)
    writing.open("/flows/welcome")
    assert "is not TOML" in text_of(writing) and f"Children hear version {shipped_version}" in text_of(writing)
    writing.open(f"/flows/welcome?version={shipped_version + 1}")
    assert "can not be read" in text_of(writing)
    writing.open("/floor")
    assert writing.find("#alert-flows_faulty") is not None


def test_a_text_that_a_later_program_brings_is_not_passed_over_in_silence(
    writing: Visitor, session: Session, shipped_version: int, shipped_welcome: str
):
    about = {"flow": "welcome", "change": "x", "published_at": utc_now()}
    before = shipped_welcome.replace("again.no_hurry", "again.wrong", 1)
    session.add(FlowVersion(version=shipped_version, source=before, published_by="program", **about))
    session.add(FlowVersion(version=shipped_version + 1, source=before, published_by="operator", **about))
    session.commit()

    writing.open("/flows")
    [notice] = writing.find("#flow-welcome").xpath(".//a[contains(@class, 'wait')]")
    writing.open(notice.get("href"))
    assert "again.no_hurry" in text_of(writing)
    writing.open("/flows/welcome/walk?version=shipped")
    assert OLD_HELLO in text_of(writing)


def test_the_text_of_a_flow_is_shown_as_text_and_never_as_html(writing: Visitor, shipped_welcome: str):
    evil = "</textarea><script>alert(1)</script>"
    save(writing, shipped_welcome.replace('name = "arabic"', f"name = '{evil}'", 1))
    for path in ("/flows/welcome/draft", "/flows/welcome/compare", "/flows/welcome?version=draft"):
        writing.open(path)
        assert "<script>alert" not in writing.page.text, path
