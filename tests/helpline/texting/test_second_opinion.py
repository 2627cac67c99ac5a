"""A text is weighed a second time after its answer has gone out: it may raise, and its failure changes nothing."""

from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.alerts import list_open_alerts
from helpline.contacts.events import list_events
from helpline.contacts.models import Contact
from helpline.jobs.duties import perform_owed
from helpline.likeness.opinions import SecondOpinion
from helpline.line import Line
from helpline.live_queue.models import QueueEntry
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import list_late
from helpline.staff.models import Staff
from tests.helpline.phone_company import PhoneCompany
from tests.helpline.texting.story import contacts, take
from triage.second_opinion.examples import read_bank
from triage.text.evaluate import evaluate_text

NEAR_DANGER = "my uncle comes into my room when everyone sleeps and i feel so dirty"


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("helpline_second_opinions_total", {"outcome": outcome}) or 0.0


def owed_opinions(session: Session) -> list[OwedWork]:
    session.rollback()
    return list(session.scalars(select(OwedWork).where(OwedWork.kind == "second_opinion").order_by(OwedWork.id)))


def weigh_again(session: Session) -> None:
    for work_id in [work.id for work in owed_opinions(session)]:
        perform_owed(work_id)


@pytest.fixture
def unseen(line: Line) -> str:
    """Wording of danger that the rules rate below high: an example that no rule has learnt to hear."""
    folder = line.settings.helpline_config_dir / "risk_rules" / "second_opinion"
    grave = [example.text for example in read_bank(folder).examples if example.is_grave()]
    quiet = (text for text in grave if evaluate_text(f"{text}. {text}", line.rules).assessment.level < "high")
    below = list(islice(quiet, 20))  # also when it is sent twice and read together
    return next(text for text, one in zip(below, line.second_opinion.ask(below), strict=True) if one.raises)


def test_wording_near_danger_is_raised_to_high_with_its_reason(
    phone_company: PhoneCompany, session: Session, line: Line, unseen: str
):
    phone_company.text(unseen)
    assert contacts(session)[0].level != "high"  # the answer went out by the rules alone
    weigh_again(session)
    contact = contacts(session)[0]
    assert contact.level == "high"
    assert "second_opinion" in {reason["rule"] for reason in contact.reasons}
    assert session.get_one(QueueEntry, contact.id).level == "high"
    told = next(event.detail for event in list_events(session, contact.id) if event.kind == "contact.second_opinion")
    assert len(told["nearest"]) == 5 and unseen not in str(told)
    assert {work.subject for work in owed_opinions(session)} == {told["message"]}


def test_whoever_is_in_the_conversation_is_alerted(
    phone_company: PhoneCompany, session: Session, line: Line, conversation: Contact, unseen: str
):
    phone_company.text(unseen)
    weigh_again(session)
    session.expire_all()
    assert "level_rose" in {alert.kind for alert, _ in list_open_alerts(session, conversation.id)}


def test_a_person_who_judged_after_the_text_is_not_overruled_but_a_newer_text_counts(
    phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff, unseen: str
):
    phone_company.text(unseen)
    contact = take(session, line, counsellor)
    answering.set_level(session, line, counsellor, contact.id, "routine", "I have talked with them")
    commit(session, line.bell)
    weigh_again(session)
    assert contacts(session)[0].level == "routine"
    phone_company.text(unseen)
    weigh_again(session)
    assert contacts(session)[0].level == "high"


def test_without_the_model_a_text_is_taken_in_as_ever_and_only_a_figure_changes(
    phone_company: PhoneCompany, session: Session, line: Line, tmp_path: Path
):
    object.__setattr__(line, "second_opinion", SecondOpinion(tmp_path, line.rules.text))  # a folder without examples
    before = counted("unavailable")
    assert phone_company.text(NEAR_DANGER).status_code == 200
    level = contacts(session)[0].level
    weigh_again(session)
    assert contacts(session)[0].level == level
    assert counted("unavailable") == before + 1
    assert [(work.done_at is None, work.parked_at) for work in owed_opinions(session)] == [(False, None)]


def test_switched_off_nothing_is_owed(phone_company: PhoneCompany, session: Session, line: Line, tmp_path: Path):
    object.__setattr__(line, "second_opinion", SecondOpinion(tmp_path, line.rules.text, wanted=False))
    phone_company.text(NEAR_DANGER)
    assert owed_opinions(session) == []


def test_the_clock_leaves_it_to_workers(phone_company: PhoneCompany, session: Session):
    phone_company.text(NEAR_DANGER)
    work = owed_opinions(session)[0]
    assert work.id not in list_late(session, timedelta(0))
