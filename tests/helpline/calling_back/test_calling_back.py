"""The counsellor's phone first, then the child's; whoever picks up learns nothing, and only a key joins them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline import answering, following_up
from helpline.audit.models import AuditRow
from helpline.contacts.callbacks import ask_for_callback
from helpline.contacts.missed import MissedContact
from helpline.contacts.stages import NotPossibleNow, lock_contact
from helpline.live_queue.reservations import ReservationOver, find_active
from tests.helpline.calling_back.scene import CallingBack, hours_from
from tests.helpline.telephone_rest import Asked

REVEALING = ("helpline", "child", "مساندة", "طفل", "الأطفال")


@pytest.fixture
def ready(scene: CallingBack) -> CallingBack:
    """Mariam has taken the row of a child who hung up, and may call them."""
    scene.child_hangs_up()
    scene.take()
    scene.plan()
    return scene


def test_the_childs_phone_rings_only_when_the_counsellor_is_there(ready: CallingBack):
    ready.call_back()
    assert ready.rings_of_child() == []
    ready.counsellor_joins()
    assert len(ready.rings_of_child()) == 1


def test_who_presses_1_talks_with_the_counsellor_and_it_becomes_a_record(ready: CallingBack):
    ready.call_back()
    ready.counsellor_joins()
    ready.picks_up()
    ready.child_joins()
    contact = ready.contact()
    assert (contact.state, contact.counsellor_id, ready.attempts()) == ("connected", ready.mariam.id, ["talked"])
    ready.childs_phone_ends("completed")
    answering.finish(ready.session, ready.story.line, ready.mariam, contact.id)
    ready.save()
    assert (ready.contact().state, ready.contact().outcome) == ("closed", "completed")
    assert (ready.row().ending, ready.row().closed_by) == ("talked", f"staff:{ready.mariam.id}")
    assert ready.contact().calls_back == ready.row().contact_id


def test_whoever_picks_up_hears_no_word_of_who_we_are(ready: CallingBack):
    ready.call_back()
    ready.counsellor_joins()
    heard = [ready.picks_up().text, ready.says_nothing().text, ready.says_nothing().text]
    assert heard[0].strip() and not [word for said in heard for word in REVEALING if word in said.lower()]


def test_the_name_is_said_where_the_plan_agreed_to_it(ready: CallingBack):
    ready.plan(may_name_us=True)
    ready.call_back()
    ready.counsellor_joins()
    assert "خط مساندة الأطفال" in ready.picks_up().text


@pytest.mark.parametrize("key", ["2", "7", "#"])
def test_another_voice_gets_a_polite_end_and_the_counsellor_is_free(ready: CallingBack, key: str):
    ready.call_back()
    ready.counsellor_joins()
    ready.picks_up()
    assert ready.presses(key).verbs == ["Say", "Hangup"]
    assert ready.attempts() == ["other_voice"]
    assert (ready.contact().state, ready.contact().outcome) == ("closed", "callback")
    assert find_active(ready.session, counsellor_id=ready.mariam.id) is None
    ready.story.do_owed()
    assert ready.story.ended(ready.counsellors_leg().call_sid)
    assert ready.row().closed_at is None


def test_silence_is_asked_twice_and_then_ends_politely(ready: CallingBack):
    ready.call_back()
    ready.counsellor_joins()
    ready.picks_up()
    assert ready.says_nothing().find("Gather") is not None
    assert ready.says_nothing().verbs == ["Say", "Hangup"]
    assert ready.attempts() == ["no_key"]


def test_a_machine_hears_nothing_at_all(ready: CallingBack):
    ready.call_back()
    ready.counsellor_joins()
    assert ready.picks_up("machine_start").verbs == ["Hangup"]
    assert ready.attempts() == ["machine"]


def test_a_machine_gets_the_agreed_words_and_no_others(ready: CallingBack):
    ready.plan(words="المكتبة تنتظر الكتاب & <شكراً>", may_leave_message=True)
    ready.call_back()
    ready.counsellor_joins()
    assert ready.rings_of_child()[-1].form["MachineDetection"] == "DetectMessageEnd"
    assert ready.picks_up("machine_end_beep").text == "المكتبة تنتظر الكتاب & <شكراً>"
    ready.story.do_owed()
    assert not ready.story.ended(ready.childs_leg().call_sid), "the message is left to its end"


@pytest.mark.parametrize(
    ("status", "how"), [("no-answer", "no_answer"), ("busy", "busy"), ("failed", "failed"), ("completed", "no_key")]
)
def test_a_phone_that_is_not_answered_keeps_how_it_ended(ready: CallingBack, status: str, how: str):
    ready.call_back()
    ready.counsellor_joins()
    ready.childs_phone_ends(status)
    assert ready.attempts() == [how]
    assert (ready.contact().state, ready.row().closed_at) == ("closed", None)


def test_9_means_danger_here_too(ready: CallingBack):
    ready.call_back()
    ready.counsellor_joins()
    ready.picks_up()
    ready.presses("9")
    ready.story.joins(ready.childs_leg())
    assert "danger_key" in [signal["name"] for signal in ready.contact().signals]
    assert ready.attempts() == ["talked"]


def test_the_same_webhook_twice_gets_the_same_answer(ready: CallingBack):
    ready.call_back()
    ready.counsellor_joins()
    ready.picks_up()
    asked = ready.heard.find("Gather").get("action")
    first = ready._ask(asked, Digits="1").xml
    assert ready._ask(asked, Digits="1").xml == first
    assert ready.attempts() == ["talked"]


def test_a_child_who_pressed_1_is_queued_when_the_counsellors_line_is_lost(ready: CallingBack):
    ready.call_back()
    ready.counsellor_joins()
    ready.picks_up()
    ready.child_joins()
    ready.story.leaves(ready.counsellors_leg(), "CF" + "3" * 32)
    assert ready.contact().state == "waiting"
    ready.story.do_owed()
    child = ready.childs_leg().call_sid
    sent_to = [asked.form["Url"] for asked in ready.story.rest.asked if asked.what == f"Calls/{child}"]
    assert any("/voice/back-in-line" in address for address in sent_to)


def test_a_counsellor_who_hangs_up_first_stops_the_childs_phone(ready: CallingBack):
    ready.call_back()
    ready.counsellor_joins()
    ready.story.leaves(ready.counsellors_leg(), "CF" + "3" * 32)
    ready.story.do_owed()
    assert ready.attempts() == ["called_off"]
    assert ready.story.ended(ready.childs_leg().call_sid)


def test_called_off_in_the_console(ready: CallingBack):
    contact = ready.call_back()
    following_up.call_off(ready.session, ready.story.line, ready.mariam, contact.id)
    ready.save()
    ready.story.do_owed()
    assert ready.attempts() == ["called_off"]
    assert ready.rings_of_child() == []


def test_called_off_while_the_childs_phone_is_being_rung_it_stops_ringing(ready: CallingBack):
    contact_id = ready.call_back().id

    def hang_up_first(_asked: Asked) -> None:
        with ready.story.app.app_context():
            ready.story.leaves(ready.counsellors_leg(), "CF" + "3" * 32)

    ready.story.joins(ready.counsellors_leg(), "CF" + "3" * 32)
    ready.story.meanwhile = hang_up_first
    ready.story.do_owed()
    assert ready.contact().id == contact_id
    assert ready.story.ended(ready.childs_leg().call_sid)


def test_a_ring_whose_answer_was_lost_is_looked_for_and_not_made_twice(ready: CallingBack):
    ready.call_back()
    ready.story.joins(ready.counsellors_leg(), "CF" + "3" * 32)
    ready.story.loses_answers_to = 1
    ready.story.do_owed()
    ringing = {"sid": "CA" + "7" * 32, "status": "ringing", "start_time": None, "date_created": None}
    listed = {"calls": [ringing], "page": 0, "page_size": 20, "uri": "", "next_page_uri": None}
    ready.story.refused["Calls"] = (200, listed)
    ready.story.make_all_work_due()
    ready.story.do_owed()
    assert len(ready.rings_of_child()) == 1
    assert ready.childs_leg().call_sid == "CA" + "7" * 32


def test_outside_the_hours_only_a_shift_lead_with_a_reason_may_call(ready: CallingBack):
    zone = ready.story.line.helpline.zone
    ready.plan(hours=hours_from(zone, timedelta(minutes=-2), timedelta(minutes=1)))
    for person, why in ((ready.mariam, ""), (ready.mariam, "she is in danger"), (ready.lead, " ")):
        with pytest.raises(NotPossibleNow, match="outside the plan's hours"):
            ready.call_back(person, why)
        ready.session.rollback()
    ready.call_back(ready.lead, "she is in danger")
    ready.counsellor_joins()
    assert len(ready.rings_of_child()) == 1
    passed = select(AuditRow).where(AuditRow.action == "safe_plan.hours_passed_over")
    assert ready.session.scalars(passed).one().actor == f"staff:{ready.lead.id}"
    assert "she is in danger" in following_up.read_row_notes(ready.story.line, ready.row())


def test_nobody_is_called_more_often_than_the_helpline_allows(ready: CallingBack):
    for _try in range(3):
        ready.call_back()
        ready.counsellor_joins()
        ready.childs_phone_ends("no-answer")
    with pytest.raises(NotPossibleNow, match="as often as is allowed"):
        ready.call_back()
    assert len(ready.rings_of_child()) == 3


def test_two_do_not_call_the_same_child_at_once(ready: CallingBack):
    ready.call_back()
    with pytest.raises(NotPossibleNow, match="being called just now"):
        ready.call_back(ready.lead)


def test_a_counsellor_who_holds_a_child_calls_nobody(ready: CallingBack):
    child = ready.story.child_waits(number="+97455987654")
    ready.story.connect(child, ready.mariam)
    ready.story.look_anew()
    row = ready.session.scalars(select(MissedContact)).one()
    with pytest.raises(ReservationOver):
        following_up.call_back(ready.session, ready.story.line, ready.mariam, row.id)


def test_our_own_tries_count_as_no_attempt_of_the_childs(ready: CallingBack):
    for _try in range(3):
        ready.call_back()
        ready.counsellor_joins()
        ready.childs_phone_ends("no-answer")
    child = ready.story.child_waits("0", number="+97455123456")
    attempts = [s["value"] for s in ready.story.contact(child).signals if s["name"] == "attempts_24h"]
    assert attempts == [2], "the call that was missed, and this one"


def test_who_asks_for_another_call_stays_on_the_list(ready: CallingBack):
    ready.call_back()
    ready.counsellor_joins()
    ready.picks_up()
    ready.child_joins()
    contact = lock_contact(ready.session, ready.contact().id)
    ask_for_callback(
        ready.session, ready.story.line.keys, contact, channel="voice", safe=True, by=f"staff:{ready.mariam.id}"
    )
    ready.save()
    ready.childs_phone_ends("completed")
    answering.finish(ready.session, ready.story.line, ready.mariam, contact.id)
    ready.save()
    assert ready.row().closed_at is None


def test_when_every_word_of_it_is_lost_the_clock_ends_it(ready: CallingBack):
    ready.call_back()
    ready.counsellor_joins()
    ready.story.tick(300, "callback_deadline")
    assert ready.attempts() == ["failed"]
    ready.story.do_owed()
    assert ready.story.ended(ready.childs_leg().call_sid)


def test_an_answer_of_ours_that_fails_leads_a_called_child_to_a_person(ready: CallingBack):
    ready.call_back()
    ready.counsellor_joins()
    ready.picks_up()
    ready.child_joins()
    came_back = ready._ask("/voice/incoming?chance=1&since=0")
    assert (came_back.status, came_back.find("Conference") is not None) == (200, True)
