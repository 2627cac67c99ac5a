"""A shift lead turns surge and outage on from her page, and everyone on the floor sees it."""

from sqlalchemy.orm import Session

from helpline.line import Line
from helpline.switches.turning import list_on, turn_on
from tests.helpline.console.visitor import Account, Visitor


def test_she_turns_surge_on_with_a_reason_and_the_floor_shows_it(visitor: Visitor, lead: Account, session: Session):
    visitor.sign_in(lead)
    visitor.open("/floor/switches")
    visitor.act("/floor/switches/surge/on", hours="2", reason="schools closed <b>")

    assert "goes off by itself" in visitor.said
    surge = visitor.find("#surge").text_content()
    assert "Surge: on" in surge and "shift_lead 1" in surge and "schools closed <b>" in surge
    assert "schools closed &lt;b&gt;" in visitor.open("/floor/board").text
    assert list_on(session)["surge"].on_by == f"staff:{lead.id}"


def test_she_turns_it_off(visitor: Visitor, lead: Account, session: Session, line: Line):
    turn_on(session, line, "outage", reason="phones_not_rung", actor="clock")
    session.commit()
    visitor.sign_in(lead)
    visitor.open("/floor/switches")
    assert "does not ring our phones" in visitor.find("#outage").text_content()
    visitor.act("/floor/switches/outage/off")

    assert "Outage: off" in visitor.find("#outage").text_content()
    session.rollback()
    assert list_on(session) == {}


def test_no_reason_or_a_strange_length_changes_nothing(visitor: Visitor, lead: Account, session: Session):
    visitor.sign_in(lead)
    visitor.open("/floor/switches")
    for fields in ({"hours": "2"}, {"hours": "2", "reason": "x" * 201}, {"hours": "99", "reason": "storm"}):
        visitor.act("/floor/switches/surge/on", **fields)
        assert visitor.find_all(".said-refused")
    assert list_on(session) == {}


def test_a_counsellor_sees_no_such_page(visitor: Visitor, counsellor: Account):
    visitor.sign_in(counsellor)

    assert visitor.open("/floor/switches").status_code == 403
