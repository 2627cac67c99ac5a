"""A child is handed to a police desk by warm call: the way it should go, and every way in which it does not."""

import pytest
from sqlalchemy import select

from helpline import answering
from helpline.audit.models import AuditRow
from helpline.contacts.models import Contact, ContactEvent
from helpline.contacts.stages import NotPossibleNow
from helpline.handoff.leaving import leave, may_leave
from helpline.outbox.bell import commit
from helpline.store.db import db
from tests.helpline.handoff.conftest import COUNSELLORS_PHONE
from tests.helpline.handoff.scene import KEYS, NORTH, OPERATIONS, ROOM_SID, SOUTH, Scene

ACCEPTANCE = {"badge": "4021", "incident_number": "2026-118"}


def test_the_first_desk_does_not_answer_and_the_second_takes_the_child(scene: Scene):
    scene.ask_for_police()
    scene.phone(NORTH).end("no-answer")
    scene.do_owed()
    desk = scene.bring_in(SOUTH)
    assert (scene.handoff.state, scene.handoff.phase, scene.handoff.responsible) == ("acknowledged", "introduced", "us")

    scene.act("accept", **ACCEPTANCE)
    assert (scene.handoff.state, scene.handoff.responsible) == ("accepted", "partner")
    leave(scene.session, scene.line, scene.mariam, scene.contact.id)
    commit(scene.session, scene.line.bell)
    scene.do_owed()
    assert scene.contact.state == "wrap_up"
    assert scene.rest.changes_of(desk.rung.sid) == []  # child and desk are still together
    assert scene.rest.changes_of(scene.child.call_sid)[-1].get("Status") is None

    scene.categorise()
    answering.finish(scene.session, scene.line, scene.mariam, scene.contact.id)
    commit(scene.session, scene.line.bell)
    assert (scene.contact.state, scene.contact.outcome) == ("closed", "handed_off")

    scene.act("confirm", outcome="child_safe_at_home", by="Badge 4021")
    scene.act("close", follow_up="called")
    assert scene.handoff.state == "closed"
    assert scene.offers == [(KEYS[NORTH], "lost", "no-answer"), (KEYS[SOUTH], "accepted", None)]
    told = ["request", "offer", "lose_offer", "offer", "answer", "acknowledge", "take_on_line", "introduce"]
    assert scene.story == [*told, "accept", "counsellor_left", "confirm", "close"]


def test_the_child_hears_that_somebody_joins_before_the_desk_comes_in(scene: Scene):
    scene.ask_for_police()
    desk = scene.phone(NORTH)
    desk.answer()
    desk.press("1")
    desk.press("4711")
    desk.press("1")
    waiting = desk.go_on()  # the people in the room have not been told yet
    assert waiting.find("Conference") is None and waiting.find("Pause") is not None

    scene.do_owed()
    [address] = scene.rest.announcements()
    announced = scene.company.post(address, ConferenceSid="CF" + "d" * 32)
    assert "ينضم إلى المكالمة" in announced.text
    assert desk.go_on().find("Conference") is not None


def test_the_brief_tells_the_desk_how_urgent_it_is_and_names_no_child(scene: Scene):
    scene.ask_for_police()
    desk = scene.phone(NORTH)
    assert "هنا خط مساندة الأطفال" in desk.answer().text
    desk.press("1")
    heard = desk.press("4711")
    assert "في خطر الآن" in heard.text
    assert "لا نعرف عمر الطفل" in heard.text
    assert scene.child._number.removeprefix("+974") not in heard.xml


def test_a_voicemail_presses_nothing_and_the_next_desk_is_rung(scene: Scene):
    scene.ask_for_police()
    voicemail = scene.phone(NORTH)
    voicemail.answer()
    voicemail.stay_silent()
    assert voicemail.stay_silent().find("Hangup") is not None
    scene.do_owed()
    assert scene.offers == [(KEYS[NORTH], "lost", "no_key"), (KEYS[SOUTH], "sent", None)]
    assert len(scene.rest.rings(SOUTH)) == 1


def test_three_wrong_pins_end_the_offer_and_the_next_desk_is_rung(scene: Scene):
    scene.ask_for_police()
    stranger = scene.phone(NORTH)
    stranger.answer()
    stranger.press("1")
    for _try in range(3):
        assert scene.handoff.state == "offering"
        stranger.press("9999")
    assert stranger.heard.find("Hangup") is not None
    scene.do_owed()
    assert scene.offers == [(KEYS[NORTH], "lost", "wrong_pin"), (KEYS[SOUTH], "sent", None)]


@pytest.mark.parametrize("status", ["busy", "failed", "no-answer", "canceled"])
def test_a_desk_that_cannot_be_reached_is_followed_by_the_next(scene: Scene, status: str):
    scene.ask_for_police()
    scene.phone(NORTH).end(status)
    scene.do_owed()
    assert scene.offers == [(KEYS[NORTH], "lost", status), (KEYS[SOUTH], "sent", None)]


def test_a_desk_that_declines_is_followed_by_the_next(scene: Scene):
    scene.ask_for_police()
    desk = scene.phone(NORTH)
    desk.answer()
    desk.press("1")
    desk.press("4711")
    assert desk.press("2").find("Hangup") is not None
    desk.end()
    scene.do_owed()
    assert scene.offers == [(KEYS[NORTH], "declined", "declined"), (KEYS[SOUTH], "sent", None)]


def test_a_number_that_cannot_be_rung_is_followed_by_the_next(scene: Scene):
    scene.rest.refuses[NORTH] = 21211
    scene.ask_for_police()
    assert scene.offers == [(KEYS[NORTH], "lost", "refused"), (KEYS[SOUTH], "sent", None)]


def test_a_silent_telephone_company_does_not_stop_the_chain(scene: Scene):
    scene.ask_for_police()
    scene.tick(after_s=36)
    assert scene.offers == [(KEYS[NORTH], "lost", "no_answer"), (KEYS[SOUTH], "sent", None)]


def test_a_ring_whose_answer_was_lost_is_found_again_and_not_made_twice(scene: Scene):
    scene.rest.loses_answer_to.add(NORTH)
    scene.ask_for_police()
    assert scene.leg("partner").call_sid is None
    scene.make_all_work_due()
    scene.do_owed()
    [ring] = scene.rest.rings(NORTH)
    assert scene.leg("partner").call_sid == ring.sid


def test_no_webhook_of_a_desk_does_anything_twice(scene: Scene):
    scene.ask_for_police()
    desk = scene.phone(NORTH)
    for step in (desk.answer, lambda: desk.press("1"), lambda: desk.press("4711"), lambda: desk.press("1")):
        first, story = step().xml, scene.story
        assert desk.same_again().xml == first
        assert scene.story == story
    scene.do_owed()
    first, story = desk.go_on().xml, scene.story
    assert desk.same_again().xml == first
    scene.joins(scene.leg("partner"), desk.rung.sid)
    once = scene.story
    scene.joins(scene.leg("partner"), desk.rung.sid)
    assert scene.story == once


def test_the_counsellor_can_not_leave_hang_up_or_finish_before_acceptance_is_on_record(scene: Scene):
    scene.ask_for_police()
    scene.bring_in(NORTH)
    assert not may_leave(scene.session, scene.contact)
    with pytest.raises(NotPossibleNow):
        leave(scene.session, scene.line, scene.mariam, scene.contact.id)
    with pytest.raises(NotPossibleNow):
        answering.end_talk(scene.session, scene.line, scene.mariam, scene.contact.id)
    assert scene.contact.state == "connected"

    scene.act("accept", **ACCEPTANCE)
    assert may_leave(scene.session, scene.contact)
    with pytest.raises(NotPossibleNow):  # ending would close the room over the child and the desk
        answering.end_talk(scene.session, scene.line, scene.mariam, scene.contact.id)


def test_nobody_hangs_up_on_the_child_while_desks_are_rung(scene: Scene):
    scene.ask_for_police()
    with pytest.raises(NotPossibleNow):
        answering.end_talk(scene.session, scene.line, scene.mariam, scene.contact.id)
    scene.act("cancel", reason="child_is_safe")
    answering.end_talk(scene.session, scene.line, scene.mariam, scene.contact.id)
    commit(scene.session, scene.line.bell)
    assert scene.contact.state == "wrap_up"


@pytest.mark.parametrize("fields", [{}, {"badge": "4021"}, {"incident_number": "1"}, {"name": " ", "badge": ""}])
def test_acceptance_needs_who_and_which_incident(scene: Scene, fields: dict):
    scene.ask_for_police()
    scene.bring_in(NORTH)
    before = scene.story
    with pytest.raises(answering.Invalid):
        scene.act("accept", **fields)
    assert scene.story == before


def test_a_desk_may_give_no_incident_number_if_it_says_why(scene: Scene):
    scene.ask_for_police()
    scene.bring_in(NORTH)
    scene.act("accept", name="First Officer", no_incident_reason="the system is down")
    assert scene.handoff.state == "accepted"


def test_the_officers_name_stands_in_no_event_and_no_audit_row(scene: Scene):
    scene.ask_for_police()
    scene.bring_in(NORTH)
    scene.act("accept", name="Unheard-of Name", incident_number="77-INCIDENT")
    told = [str(row.detail) for row in scene.session.scalars(select(AuditRow))]
    told += [str(event.detail) for event in scene.session.scalars(select(ContactEvent))]
    assert not any("Unheard-of" in text or "77-INCIDENT" in text for text in told)


def test_the_desk_drops_before_acceptance_and_the_next_one_is_rung(scene: Scene):
    scene.ask_for_police()
    desk = scene.bring_in(NORTH)
    scene.leaves(scene.leg("partner"))
    desk.end()
    scene.do_owed()
    assert (scene.handoff.state, scene.contact.state) == ("offering", "connected")
    assert scene.offers == [(KEYS[NORTH], "lost", "hung_up"), (KEYS[SOUTH], "sent", None)]
    scene.bring_in(SOUTH)


def test_the_child_hangs_up_while_a_desk_rings_and_the_hand_off_stays_open_as_a_report(scene: Scene):
    scene.ask_for_police()
    desk = scene.phone(NORTH)
    scene.child.hang_up()
    scene.do_owed()
    assert {"Status": "completed"} in scene.rest.changes_of(desk.rung.sid)
    assert (scene.handoff.state, scene.handoff.phase) == ("offering", "report")
    assert scene.handoff.owner_id == scene.mariam.id
    scene.categorise()
    with pytest.raises(NotPossibleNow):
        answering.finish(scene.session, scene.line, scene.mariam, scene.contact.id)
    scene.session.rollback()

    scene.act("decide", call_back="unsafe")
    scene.act("accept", partner=KEYS[OPERATIONS], **ACCEPTANCE)
    assert (scene.handoff.state, scene.handoff.accepted_by) == ("accepted", KEYS[OPERATIONS])


def test_a_desk_that_has_answered_is_told_that_the_child_is_gone(scene: Scene):
    scene.ask_for_police()
    desk = scene.phone(NORTH)
    desk.answer()
    desk.press("1")
    scene.child.hang_up()
    scene.do_owed()
    [change] = scene.rest.changes_of(desk.rung.sid)
    assert "انتهت مكالمة الطفل" in desk.ask(change["Url"]).text


def test_a_report_that_nobody_carries_calls_the_shift_lead(scene: Scene):
    scene.ask_for_police()
    scene.child.hang_up()
    scene.do_owed()
    scene.tick(after_s=301)
    scene.tick()
    assert scene.handoff.state == "unreachable"
    assert len(scene.rest.rings("+97455000901")) == 1


def test_the_counsellor_drops_while_a_desk_rings_and_the_child_goes_back_to_the_queue(scene: Scene):
    scene.ask_for_police()
    desk = scene.phone(NORTH)
    scene.leaves(scene.leg("counsellor"))
    scene.do_owed()
    assert scene.contact.state == "waiting"
    assert scene.handoff.state == "unreachable"
    assert {"Status": "completed"} in scene.rest.changes_of(desk.rung.sid)


def test_the_counsellor_drops_beside_a_desk_and_the_shift_lead_comes_in(scene: Scene):
    scene.ask_for_police()
    scene.bring_in(NORTH)
    scene.leaves(scene.leg("counsellor"))
    scene.tick()
    assert (scene.contact.state, scene.handoff.state) == ("connected", "acknowledged")

    phone = scene.phone("+97455000901")
    assert "1" in phone.answer().text
    assert phone.press("1").find("Conference") is not None
    assert scene.handoff.owner_id == scene.contact.counsellor_id == scene.lead.id
    scene.joins(scene.leg("on_call"), phone.rung.sid)
    scene.act("accept", scene.lead, **ACCEPTANCE)
    leave(scene.session, scene.line, scene.lead, scene.contact.id)


def test_the_counsellor_drops_and_then_the_desk_and_the_child_is_not_left_alone(scene: Scene):
    scene.ask_for_police()
    desk = scene.bring_in(NORTH)
    scene.leaves(scene.leg("counsellor"))
    scene.leaves(scene.leg("partner"))
    desk.end()
    assert (scene.contact.state, scene.handoff.state) == ("waiting", "unreachable")
    scene.do_owed()
    assert "back-in-line" in scene.rest.changes_of(scene.child.call_sid)[-1]["Url"]


def test_once_the_desk_has_accepted_putting_the_receiver_down_is_leaving(scene: Scene):
    scene.ask_for_police()
    desk = scene.bring_in(NORTH)
    scene.act("accept", **ACCEPTANCE)
    scene.leaves(scene.leg("counsellor"))
    assert scene.contact.state == "wrap_up"

    scene.leaves(scene.leg("partner"))
    desk.end()
    scene.do_owed()
    ended = [asked for asked in scene.rest.asked if asked.what.startswith("Conferences/") and "Status" in asked.form]
    assert len(ended) == 1  # the child hears the goodbye
    assert scene.handoff.state == "accepted"  # over only when it is confirmed


def test_desk_and_counsellor_leave_in_the_other_order_and_the_child_still_hears_goodbye(scene: Scene):
    scene.ask_for_police()
    desk = scene.bring_in(NORTH)
    scene.act("accept", **ACCEPTANCE)
    counsellors = scene.leg("counsellor")
    leave(scene.session, scene.line, scene.mariam, scene.contact.id)
    commit(scene.session, scene.line.bell)
    desk.end()
    scene.leaves(counsellors)
    scene.do_owed()
    assert [asked.form for asked in scene.rest.asked if asked.what == f"Conferences/{ROOM_SID}"][-1] == {
        "Status": "completed"
    }


def test_a_second_presser_hears_that_the_call_is_taken(scene: Scene):
    scene.ask_for_police()
    late = scene.phone(NORTH)
    late.answer()
    late.press("1")
    scene.act("accept", partner=KEYS[OPERATIONS], **ACCEPTANCE)
    assert "استلم شخص آخر" in late.press("4711").text


def test_asking_twice_asks_once(scene: Scene):
    scene.ask_for_police()
    with pytest.raises(NotPossibleNow):
        scene.ask_for_police()
    assert len(scene.rest.rings(NORTH)) == 1


def test_the_counsellors_own_phone_is_no_desk(scene: Scene):
    scene.ask_for_police()
    assert scene.rest.rings(COUNSELLORS_PHONE) == []


def test_a_desk_whose_webhook_fails_is_asked_to_stay_and_loses_nothing(scene: Scene):
    scene.ask_for_police()
    desk = scene.phone(NORTH)
    desk.answer()
    desk.press("1")
    with db.engine.connect() as other:  # somebody holds the contact for longer than a webhook may wait
        other.execute(select(Contact).with_for_update())
        stay = desk.press("4711")
        assert stay.status == 200
        assert "لحظة" in stay.text and stay.find("Hangup") is None
    desk.go_on()
    assert "هذا ما نعرفه" in desk.press("4711").text
