"""No desk can be reached: people of ours are called until one of them takes it. Never a silent end."""

import pytest
from sqlalchemy import func, select

from helpline.handoff.moving import TransitionRefused
from helpline.handoff.paging import page_people
from helpline.outbox.bell import commit
from helpline.outbox.models import Timer
from helpline.partners.models import PartnerPin
from tests.helpline.handoff.conftest import LEADS_PHONE
from tests.helpline.handoff.scene import NORTH, OPERATIONS, SOUTH, Scene


def nobody_answers(scene: Scene) -> None:
    scene.ask_for_police()
    for number in (NORTH, SOUTH, OPERATIONS):
        scene.phone(number).end("no-answer")
        scene.do_owed()


def test_the_page_is_repeated_until_a_person_takes_it(scene: Scene):
    nobody_answers(scene)
    assert scene.handoff.state == "unreachable"
    for times in (1, 2, 3):
        scene.tick(after_s=31)
        assert len(scene.rest.rings(LEADS_PHONE)) == times
        scene.phone(LEADS_PHONE).end("no-answer")

    scene.tick(after_s=31)
    phone = scene.phone(LEADS_PHONE)
    phone.answer()
    assert "تسليم" in phone.heard.text or "hand-off" in phone.heard.text
    thanked = phone.press("1")
    assert thanked.find("Hangup") is not None
    assert phone.same_again().xml == thanked.xml  # and not "somebody else has it"
    assert (scene.handoff.owner_id, scene.handoff.state) == (scene.lead.id, "unreachable")
    phone.end()
    scene.tick(after_s=31)
    assert len(scene.rest.rings(LEADS_PHONE)) == 4


def test_a_phone_that_still_rings_is_not_rung_again(scene: Scene):
    nobody_answers(scene)
    scene.tick(after_s=31)
    scene.tick(after_s=31)
    assert len(scene.rest.rings(LEADS_PHONE)) == 1


def test_a_voicemail_does_not_take_it(scene: Scene):
    nobody_answers(scene)
    scene.tick()
    phone = scene.phone(LEADS_PHONE)
    phone.answer()
    for _silence in range(3):
        phone.stay_silent()
    assert phone.heard.find("Hangup") is not None
    assert scene.handoff.taken_at is None


def test_taken_on_the_floor_the_phones_stop_ringing(scene: Scene):
    nobody_answers(scene)
    scene.tick()
    scene.act("take", scene.lead)
    scene.do_owed()
    assert {"Status": "completed"} in scene.rest.changes_of(scene.phone(LEADS_PHONE).rung.sid)


def test_a_page_that_the_clock_had_in_hand_when_a_desk_accepted_rings_nobody(scene: Scene):
    nobody_answers(scene)
    scene.tick()
    scene.act("accept", partner="community_police_north", badge="4021", incident_number="1")
    page_people(scene.session, scene.line, str(scene.handoff.id))
    commit(scene.session, scene.line.bell)
    scene.do_owed()
    scene.phone(LEADS_PHONE).end("no-answer")
    page_people(scene.session, scene.line, str(scene.handoff.id))
    commit(scene.session, scene.line.bell)
    scene.do_owed()
    assert len(scene.rest.rings(LEADS_PHONE)) == 1


def test_taken_but_left_lying_it_calls_again(scene: Scene):
    nobody_answers(scene)
    scene.act("take", scene.lead)
    scene.tick(after_s=601)
    scene.tick()
    assert len(scene.rest.rings(LEADS_PHONE)) == 1
    assert scene.handoff.taken_at is None


def test_it_can_be_sent_round_all_desks_again(scene: Scene):
    nobody_answers(scene)
    scene.act("reroute", scene.lead)
    scene.do_owed()
    assert len(scene.rest.rings(NORTH)) == 2
    scene.bring_in(NORTH)


def test_only_a_shift_lead_may_stop_one_that_reached_nobody(scene: Scene):
    nobody_answers(scene)
    with pytest.raises(TransitionRefused):
        scene.act("cancel", reason="other_help")
    scene.act("cancel", scene.lead, reason="other_help")
    assert scene.handoff.state == "cancelled"
    armed = select(func.count()).select_from(Timer).where(Timer.fired_at.is_(None), Timer.cancelled_at.is_(None))
    assert scene.session.scalar(armed.where(Timer.kind.like("handoff%"))) == 0


def test_a_desk_that_is_closed_or_has_no_pin_is_skipped_with_a_word_of_why(scene: Scene):
    scene.session.execute(PartnerPin.__table__.delete())
    scene.session.commit()
    scene.ask_for_police()
    assert scene.story == ["request", "step_skipped", "step_skipped", "step_skipped", "exhaust", "paging"]


def test_no_acknowledgement_in_time_calls_the_shift_lead_while_desks_are_still_rung(scene: Scene):
    scene.ask_for_police()
    desk = scene.phone(NORTH)
    desk.answer()
    desk.press("1")
    scene.tick(after_s=74)  # the desk is slow, and has not had its time yet
    assert scene.rest.rings(LEADS_PHONE) == []
    desk.end()
    scene.do_owed()
    scene.phone(SOUTH).answer()
    scene.tick(after_s=47)
    scene.tick()
    assert scene.handoff.state == "offering"
    assert len(scene.rest.rings(LEADS_PHONE)) == 1


def test_an_outcome_that_nobody_gives_calls_the_shift_lead(scene: Scene):
    scene.ask_for_police()
    scene.bring_in(NORTH)
    scene.act("accept", badge="4021", incident_number="1")
    scene.tick(after_s=7201)
    scene.tick()
    assert len(scene.rest.rings(LEADS_PHONE)) == 1
    assert (scene.handoff.state, scene.handoff.responsible) == ("accepted", "partner")


def test_a_child_handed_back_is_ours_again_at_once_and_people_are_called(scene: Scene):
    scene.ask_for_police()
    scene.bring_in(NORTH)
    scene.act("accept", badge="4021", incident_number="1")
    scene.act("return", reason="other_area")
    scene.tick()
    assert (scene.handoff.state, scene.handoff.responsible) == ("returned", "us")
    assert len(scene.rest.rings(LEADS_PHONE)) == 1
