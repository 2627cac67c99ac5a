"""Two desks rung at the same time, word beside the chain, and the page of a contact that is being handed on."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from config.handoffs import Workflow
from helpline.handoff.asking import request_handoff
from helpline.handoff.models import Attempt
from helpline.outbox.bell import commit
from tests.helpline.console.conftest import make_account
from tests.helpline.console.visitor import Visitor
from tests.helpline.handoff.scene import NORTH, OPERATIONS, PINS, Scene

BESIDE = {"do": "call_parallel", "to": ["police_desk", "operations_room"], "ring_s": 25, "screen": "keypad_pin"}
WORD = {"do": "notify", "by": "portal", "to": "police_desk"}


@pytest.fixture
def rung(scene: Scene) -> Scene:
    """A desk and the operations room are rung for the child at the same time."""
    plan = scene.line.workflows["police_emergency"].frozen()
    beside = Workflow.model_validate(plan | {"chain": [BESIDE, plan["chain"][-1]], "side": [WORD]})
    line = replace(scene.line, workflows={"police_emergency": beside})
    request_handoff(scene.session, line, scene.mariam, scene.contact.id, "police_emergency")
    commit(scene.session, scene.line.bell)
    scene.do_owed()
    return scene


def answer(scene: Scene, number: str):
    desk = scene.phone(number)
    desk.answer()
    desk.press("1")
    desk.press(PINS[number])
    return desk


def test_both_ring_and_whoever_takes_the_call_first_has_it(rung: Scene):
    assert len(rung.rest.rings(NORTH)) == len(rung.rest.rings(OPERATIONS)) == 1
    slow, quick = answer(rung, NORTH), answer(rung, OPERATIONS)
    assert rung.handoff.state == "acknowledged"
    quick.press("1")
    rung.do_owed()
    late = slow.press("1")
    assert late.find("Hangup") is not None and late.find("Conference") is None
    assert sorted(state for _partner, state, _why in rung.offers) == ["accepted", "withdrawn"]


def test_one_does_not_answer_and_the_other_still_rings(rung: Scene):
    rung.phone(NORTH).end("no-answer")
    rung.do_owed()
    assert rung.handoff.state == "offering"
    answer(rung, OPERATIONS).press("2")
    rung.do_owed()
    assert rung.handoff.state == "unreachable"


def test_the_word_beside_it_is_no_answer(rung: Scene):
    told = rung.session.scalars(select(Attempt).where(Attempt.about == "notice")).all()
    assert {attempt.partner for attempt in told} == {"community_police_north", "community_police_south"}
    assert (rung.handoff.state, {state for _partner, state, _why in rung.offers}) == ("offering", {"sent"})


def test_the_page_of_the_contact_tells_who_accepted(scene: Scene):
    scene.ask_for_police()
    lead = make_account(scene.session, scene.line, 9, "shift_lead")
    watching = Visitor(scene.app).sign_in(lead)
    assert watching.open(f"/contacts/{scene.contact.id}").status_code == 200
    scene.bring_in(NORTH)
    scene.act("accept", badge="4021", incident_number="7")
    watching.open(f"/contacts/{scene.contact.id}")
    assert "4021" in watching.find("#handoff-said").text_content()
