"""Those we did not get to talk with, for programs: seen, taken, planned, called, settled."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.calendar_file import WEEKDAYS
from helpline.api.shapes import Contact as ContactShape
from helpline.api.shapes import Floor, MissedList, MissedRow
from helpline.contacts.missed import MissedContact
from helpline.contacts.models import Contact
from tests.helpline.api.conftest import Client
from tests.helpline.phone_company import CHILD, PhoneCompany

ANY_TIME = {"days": list(WEEKDAYS), "start": "00:00", "end": "23:59"}
PLAN = {"channel": "voice", "words": "about the book", "may_pick_up": "Sara", "lasts_days": 7} | ANY_TIME


@pytest.fixture
def mariam(employ: Callable[..., Client]) -> Client:
    return employ("counsellor", "mariam")


@pytest.fixture
def missed(phone_company: PhoneCompany, session: Session) -> str:
    """The address of the row of a child who pressed 9 and hung up."""
    child = phone_company.call()
    child.press("9")
    child.hang_up()
    session.rollback()
    return f"/missed/{session.scalars(select(MissedContact.id)).one()}"


def test_the_list_tells_why_how_grave_and_until_when(mariam: Client, missed: str):
    answer = mariam.get("/missed")
    [row] = answer.json["missed"]
    MissedList.model_validate_json(answer.data)
    assert (row["reason"], row["level"], row["times"], row["taken_by"]) == ("hung_up_after_9", "critical", 1, None)
    assert 290 <= row["due_in_s"] <= 300
    assert CHILD not in answer.text


def test_a_row_is_shown_to_who_has_taken_it_and_to_the_shift_lead(mariam: Client, employ, missed: str):
    lead, other = employ("shift_lead", "lead"), employ("counsellor", "other")
    assert mariam.get(missed).status_code == 404
    assert lead.get(missed).status_code == 200
    taken = mariam.post(f"{missed}/take")
    MissedRow.model_validate_json(taken.data)
    assert taken.json["taken_by"]["name"] == "mariam"
    assert mariam.get(missed).status_code == 200
    assert other.get(missed).status_code == 404
    assert other.post(f"{missed}/take").status_code == 409


def test_a_plan_is_recorded_seen_and_withdrawn(mariam: Client, missed: str):
    mariam.post(f"{missed}/take")
    recorded = mariam.put(f"{missed}/plan", PLAN)
    MissedRow.model_validate_json(recorded.data)
    [plan] = recorded.json["plans"]
    assert (plan["words"], plan["may_pick_up"], plan["start"]) == ("about the book", "Sara", "00:00")
    assert recorded.json["next_call_at"] and recorded.json["attempts_left"] == 3
    withdrawn = mariam.post(f"{missed}/plan/withdraw", {"channel": "voice"})
    assert (withdrawn.json["plans"], withdrawn.json["next_call_at"]) == ([], None)


@pytest.mark.parametrize("wrong", [{"start": "23:59"}, {"days": []}, {"lasts_days": 99}, {"words": "x" * 301}])
def test_a_plan_that_says_nothing_usable_is_refused(mariam: Client, missed: str, wrong: dict):
    mariam.post(f"{missed}/take")
    assert mariam.put(f"{missed}/plan", PLAN | wrong).status_code == 422
    assert mariam.get(missed).json["plans"] == []


def test_calling_back_needs_a_plan_and_can_be_called_off(mariam: Client, missed: str):
    mariam.post(f"{missed}/take")
    assert mariam.post(f"{missed}/call-back").status_code == 409
    mariam.put(f"{missed}/plan", PLAN)
    called = mariam.post(f"{missed}/call-back")
    ContactShape.model_validate_json(called.data)
    assert (called.status_code, called.json["state"]) == (201, "connecting")
    assert mariam.get(missed).json["calling"] == called.json["id"]
    assert mariam.post(f"{missed}/close", {"ending": "not_reached"}).status_code == 409
    off = mariam.post(f"/contacts/{called.json['id']}/call/off")
    assert (off.json["state"], off.json["outcome"]) == ("closed", "callback")
    assert [one["how_ended"] for one in mariam.get(missed).json["attempts"]] == ["called_off"]


def test_notes_are_kept_sealed_and_the_row_is_settled(mariam: Client, missed: str, session: Session):
    mariam.post(f"{missed}/take")
    noted = mariam.post(f"{missed}/notes", {"words": "her aunt knows"})
    assert "her aunt knows" in noted.json["notes"]
    closed = mariam.post(f"{missed}/close", {"ending": "not_safe"})
    assert closed.json["ending"] == "not_safe"
    assert mariam.get("/missed").json["missed"] == []
    session.rollback()
    row = session.get_one(MissedContact, UUID(missed.rpartition("/")[2]))
    assert b"aunt" not in row.notes_sealed


def test_a_row_past_its_time_alerts_the_floor_until_somebody_takes_it(
    app: Flask, employ, missed: str, session: Session
):
    lead = employ("shift_lead", "lead")

    def kinds() -> list[str]:
        return [alert["kind"] for alert in lead.get("/floor").json["alerts"]]

    assert "missed_overdue" not in kinds()
    row = session.scalars(select(MissedContact)).one()
    row.since = row.since.replace(year=row.since.year - 1)
    session.commit()
    assert "missed_overdue" in kinds()
    Floor.model_validate_json(lead.get("/floor").data)
    assert lead.get("/missed").json["missed"][0]["overdue"]
    lead.post(f"{missed}/take")
    assert "missed_overdue" not in kinds()


def test_who_came_back_by_themselves_is_seen_on_the_list(mariam: Client, missed: str, session: Session):
    earlier = session.scalars(select(Contact)).one()
    later = Contact(
        channel="voice", line=earlier.line, state="connected", language="ar", opened_at=earlier.closed_at,
        connected_at=earlier.closed_at.replace(year=earlier.closed_at.year + 1),
        caller_pseudonym=earlier.caller_pseudonym,
    )  # fmt: skip
    session.add(later)
    session.commit()
    assert mariam.get("/missed").json["missed"][0]["came_back"]
