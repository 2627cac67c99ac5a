"""A draft may be anything and harms nobody; what is published is sound, and was read by two where risk is asked."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpline.audit.models import AuditRow
from helpline.flow_book.drafts import (
    DraftNotKept,
    check_draft,
    find_draft,
    find_proposal,
    save_draft,
    throw_away,
)
from helpline.flow_book.models import FlowProposal, FlowVersion
from helpline.flow_book.publishing import (
    DraftHasFaults,
    NothingToPublish,
    SamePerson,
    approve,
    ask_to_publish,
    needs_two,
    send_back,
)
from helpline.flow_book.texts import stamp
from helpline.line import Line
from helpline.store.types import utc_now
from tests.helpline.flow_book.conftest import APPROVER, AUTHOR, with_new_hello


def keep(session: Session, source: str, flow: str = "welcome", actor: str = AUTHOR) -> int:
    """Save over whatever draft there is. Returns the draft's id."""
    present = find_draft(session, flow)
    return save_draft(session, flow, source, seen=present and present.id, actor=actor).id


def faults_of(session: Session, line: Line, source: str, flow: str = "welcome") -> list[str]:
    return [str(fault) for fault in check_draft(session, line.book, flow, source).faults]


def test_a_sound_draft_has_no_faults_and_is_not_in_force(
    line: Line, session: Session, shipped_welcome: str, shipped_version: int
):
    keep(session, with_new_hello(shipped_welcome))
    checked = check_draft(session, line.book, "welcome", with_new_hello(shipped_welcome))

    assert checked.faults == []
    assert checked.library.current["welcome"].version == checked.version == shipped_version + 1
    assert line.flows.current["welcome"].version == shipped_version


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('\nstart = "', '\nstart = "x', "line 7, start: there is no node 'x"),
        ('go = "silent_way"', 'go = "nowhere"', "silence[2].go: there is no node 'nowhere'"),
        ("[nodes.hours]", "[nodes.hours", "is not TOML"),
        ('flow = "welcome"', 'flow = "hello"', "line 3, flow: must stay 'welcome'"),
        ('kind = "menus"', 'kind = "songs"', "line 6, kind: must be one of"),
        ("We have time", "We have 9 times", "sentences.en.welcome.hello: names the keys 9"),
        ("We have time", "a" * 300, "sentences.en.welcome.hello: has "),
        ("[sentences.en]", '[sentences.en]\n"press.1" = "press 1."', "belongs to every flow"),
        ("[sentences.en]", '[sentences.en]\n"nobody.says" = "this"', "sentences.en.nobody.says: nothing says this"),
        ('say = ["welcome.hello"', 'say = ["welcome.hi"', "there is no sentence 'welcome.hi'"),
        ("[sentences.en]", "[sentences.rn]", "sentences.rn: 'rn' is not a language that is spoken here"),
    ],
)
def test_each_fault_of_a_draft_is_told_with_its_line(
    line: Line, session: Session, shipped_welcome: str, before: str, after: str, told: str
):
    source = with_new_hello(shipped_welcome)
    assert before in source
    found = faults_of(session, line, source.replace(before, after, 1))
    assert [fault for fault in found if told in fault], found


def test_a_sentence_in_one_language_only_leaves_the_other_as_it_is(line: Line, session: Session, shipped_welcome: str):
    source = f'{shipped_welcome}\n[sentences.en]\n"welcome.hello" = "Hello you."\n'
    assert faults_of(session, line, source) == []


def test_a_new_sentence_needs_every_language(line: Line, session: Session, shipped_welcome: str):
    source = shipped_welcome.replace('say = ["welcome.hello"', 'say = ["welcome.new"', 1)
    faults = faults_of(session, line, f'{source}\n[sentences.en]\n"welcome.new" = "Hello you."\n')
    assert all("there is no sentence 'welcome.new'" in fault for fault in faults)
    missing = {fault.split(":")[0].removeprefix("prompts/").removesuffix(".toml") for fault in faults}
    assert missing == line.flows.speech.keys() - {"en"}


def test_a_draft_with_a_fault_can_be_kept_and_not_published(line: Line, session: Session):
    draft = keep(session, "[[ half a thought")
    with pytest.raises(DraftHasFaults, match="is not TOML"):
        ask_to_publish(session, line.book, "welcome", "x", seen=draft, actor=AUTHOR)


def test_a_flow_that_asks_about_risk_is_published_by_two_and_never_by_the_same(
    line: Line, session: Session, shipped_welcome: str, shipped_version: int
):
    draft = keep(session, with_new_hello(shipped_welcome))
    wish = ask_to_publish(session, line.book, "welcome", "Warmer words.", seen=draft, actor=AUTHOR)
    assert isinstance(wish, FlowProposal)
    with pytest.raises(SamePerson):
        approve(session, line.book, "welcome", seen=draft, actor=AUTHOR)
    assert session.scalars(select(FlowVersion)).all() == []

    version = approve(session, line.book, "welcome", seen=draft, actor=APPROVER)
    assert (version.version, version.published_by, version.approved_by) == (shipped_version + 1, AUTHOR, APPROVER)
    assert 'change = "Warmer words."' in version.source
    assert f"\nversion = {shipped_version + 1}\n" in version.source
    assert find_draft(session, "welcome") is None
    acts = session.execute(select(AuditRow.actor, AuditRow.action).order_by(AuditRow.id)).all()
    assert [tuple(act) for act in acts] == [
        (AUTHOR, "flow.draft_saved"),
        (AUTHOR, "flow.publishing_asked"),
        ("program", "flow.published"),
        (APPROVER, "flow.published"),
    ]


def test_the_database_itself_refuses_one_person_in_both_places(session: Session):
    row = {"flow": "welcome", "version": 2, "source": "x", "change": "x"}
    session.add(FlowVersion(published_at=utc_now(), published_by=AUTHOR, approved_by=AUTHOR, **row))
    with pytest.raises(IntegrityError, match="two_people"):
        session.flush()


def test_a_flow_without_risk_questions_is_published_by_one(line: Line, session: Session):
    source = line.book.shipped.read_source("waiting")
    draft = keep(session, source.replace("timeout_s = 25", "timeout_s = 30"), "waiting")
    done = ask_to_publish(session, line.book, "waiting", "Slower.", seen=draft, actor=AUTHOR)
    assert isinstance(done, FlowVersion) and done.approved_by is None


def test_taking_the_risk_questions_out_needs_two_as_well(line: Line, session: Session):
    source = line.book.shipped.read_source("text_welcome").replace('signals = ["closed_hours"]\n', "")
    checked = check_draft(session, line.book, "text_welcome", source)
    assert checked.faults == []
    assert needs_two(line.book, "text_welcome", checked)


def test_what_was_changed_after_asking_must_be_asked_again(line: Line, session: Session, shipped_welcome: str):
    draft = keep(session, with_new_hello(shipped_welcome))
    ask_to_publish(session, line.book, "welcome", "x", seen=draft, actor=AUTHOR)
    later = keep(session, with_new_hello(shipped_welcome, words="Something quite different."))

    assert find_proposal(session, find_draft(session, "welcome")) is None
    for seen in (draft, later):
        with pytest.raises(NothingToPublish):
            approve(session, line.book, "welcome", seen=seen, actor=APPROVER)


def test_the_second_person_may_send_it_back_with_a_word(line: Line, session: Session, shipped_welcome: str):
    draft = keep(session, with_new_hello(shipped_welcome))
    with pytest.raises(NothingToPublish):
        send_back(session, "welcome", "too long", seen=draft, actor=APPROVER)
    ask_to_publish(session, line.book, "welcome", "x", seen=draft, actor=AUTHOR)
    send_back(session, "welcome", "too long", seen=draft, actor=APPROVER)

    present = find_draft(session, "welcome")
    assert (present.note, present.source) == ("too long", with_new_hello(shipped_welcome))
    assert find_proposal(session, present) is None


def test_nobody_writes_over_what_they_have_not_seen(session: Session, shipped_welcome: str):
    first = keep(session, shipped_welcome)
    keep(session, with_new_hello(shipped_welcome), actor=APPROVER)
    with pytest.raises(DraftNotKept):
        save_draft(session, "welcome", "mine", seen=first, actor=AUTHOR)
    with pytest.raises(DraftNotKept):
        throw_away(session, "welcome", seen=first, actor=AUTHOR)


def test_a_draft_can_be_thrown_away_and_begun_anew(session: Session, shipped_welcome: str):
    throw_away(session, "welcome", seen=keep(session, shipped_welcome), actor=AUTHOR)
    assert find_draft(session, "welcome") is None
    assert keep(session, shipped_welcome)


@pytest.mark.parametrize("change", ['Say "hello"', "back\\slash", "two\nlines\x07\x7f", "كلمات أدفأ", "[nodes.x]"])
def test_any_change_line_leaves_the_text_readable(line: Line, session: Session, shipped_welcome: str, change: str):
    stamped = stamp(shipped_welcome, 7, change)
    checked = check_draft(session, line.book, "welcome", stamped)
    assert checked.faults == []
    assert checked.library.current["welcome"].change
    assert "\nversion = 7\n" in stamped and len(stamped.splitlines()) == len(shipped_welcome.splitlines())
