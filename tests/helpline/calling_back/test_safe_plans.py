"""Nothing goes out to a number unless a person has recorded that it is safe: when, with which words, to whom."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from helpline import following_up
from helpline.audit.models import AuditRow
from helpline.contacts.models import Contact
from helpline.contacts.reaching import NotSafeToReach, number_to_ring
from helpline.contacts.safe_plans import SafeHours, SafePlan, find_plan, open_plan, read_hours
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.privacy.keys import FieldNotReadable
from helpline.store.types import utc_now
from tests.helpline.calling_back.scene import CHILD, CallingBack

WEEKDAY_AFTERNOON = SafeHours(("sun", "mon"), time(15, 0), time(17, 0))
QATAR = ZoneInfo("Asia/Qatar")
SUNDAY = date(2026, 11, 22)


def test_without_a_plan_nobody_is_called(scene: CallingBack):
    scene.child_hangs_up()
    scene.take()
    with pytest.raises(NotPossibleNow, match="no safe contact plan"):
        scene.call_back()
    assert scene.rings_of_child() == []


def test_a_child_who_said_it_is_safe_still_needs_a_person_to_record_it(scene: CallingBack):
    row = scene.child_hangs_up()
    row.said_safe, row.wanted_channel, row.wanted_by = True, "voice", "caller"
    scene.session.commit()
    scene.take()
    with pytest.raises(NotPossibleNow, match="no safe contact plan"):
        scene.call_back()


def test_only_who_has_taken_the_row_records_a_plan(scene: CallingBack):
    scene.child_hangs_up()
    with pytest.raises(NotPossibleNow, match="take it first"):
        scene.plan()


def test_a_plan_is_sealed_to_its_row_and_on_record(scene: CallingBack):
    scene.child_hangs_up()
    scene.take()
    plan = scene.plan(words="say that it is the library", may_pick_up="only her aunt")
    keys = scene.story.line.keys
    assert open_plan(keys, plan).words == "say that it is the library"
    stored = " ".join(map(str, scene.session.execute(text("SELECT * FROM safe_plans")).one()))
    assert "library" not in stored and "aunt" not in stored and CHILD not in stored
    with pytest.raises(FieldNotReadable):
        keys.open(plan.words_sealed, "safe_plans.may_pick_up", plan.id)
    recorded = select(AuditRow).where(AuditRow.action == "safe_plan.recorded")
    assert scene.session.scalars(recorded).one().actor == f"staff:{scene.mariam.id}"


def test_a_withheld_number_can_have_no_plan(scene: CallingBack):
    scene.story.company.call("+266696687").hang_up()
    scene.take()
    with pytest.raises(NotPossibleNow, match="withheld"):
        scene.plan()


def test_a_new_plan_takes_the_place_of_the_old_one(scene: CallingBack):
    scene.child_hangs_up()
    scene.take()
    scene.plan(words="first")
    scene.plan(words="second")
    plans = list(scene.session.scalars(select(SafePlan).where(SafePlan.withdrawn_at.is_(None))))
    assert [open_plan(scene.story.line.keys, plan).words for plan in plans] == ["second"]


def test_a_plan_ends_by_itself(scene: CallingBack):
    scene.child_hangs_up()
    scene.take()
    plan = scene.plan()
    plan.expires_at = utc_now() - timedelta(seconds=1)
    scene.session.commit()
    with pytest.raises(NotPossibleNow, match="no safe contact plan"):
        scene.call_back()


def test_a_plan_for_texts_allows_no_call(scene: CallingBack):
    scene.child_hangs_up()
    scene.take()
    scene.plan(channel="sms")
    with pytest.raises(NotPossibleNow, match="no safe contact plan"):
        scene.call_back()


def test_a_plan_lasts_no_longer_than_the_helpline_allows(scene: CallingBack):
    scene.child_hangs_up()
    scene.take()
    safe = open_plan(scene.story.line.keys, scene.plan())
    with pytest.raises(Invalid, match="1 to 14 days"):
        following_up.record_safe_plan(scene.session, scene.story.line, scene.mariam, scene.row().id, safe, 15)


def test_withdrawn_while_the_counsellor_picks_up_the_childs_phone_stays_silent(scene: CallingBack):
    scene.child_hangs_up()
    scene.take()
    scene.plan()
    scene.call_back()
    following_up.withdraw_safe_plan(scene.session, scene.story.line, scene.mariam, scene.row().id, "voice")
    scene.save()
    scene.counsellor_joins()
    assert scene.rings_of_child() == []
    assert scene.attempts() == ["called_off"]


def test_the_gate_opens_for_no_contact_that_came_to_us(scene: CallingBack):
    row = scene.child_hangs_up()
    scene.take()
    scene.plan()
    contact = scene.session.get_one(Contact, row.contact_id)
    assert find_plan(scene.session, scene.story.line.keys, contact, "voice", utc_now())
    with pytest.raises(NotSafeToReach):
        number_to_ring(scene.session, scene.story.line, contact, past_hours=True)


@pytest.mark.parametrize(
    ("at", "safe"),
    [(time(14, 59), False), (time(15, 0), True), (time(16, 59, 59), True), (time(17, 0), False)],
)
def test_hours_begin_and_end_to_the_second(at: time, safe: bool):
    assert WEEKDAY_AFTERNOON.cover(datetime.combine(SUNDAY, at, QATAR)) is safe


def test_hours_hold_on_their_days_only_and_tell_when_they_come_next():
    tuesday = datetime(2026, 11, 24, 16, 0, tzinfo=QATAR)
    assert not WEEKDAY_AFTERNOON.cover(tuesday)
    assert WEEKDAY_AFTERNOON.next_from(tuesday) == datetime(2026, 11, 29, 15, 0, tzinfo=QATAR)


@pytest.mark.parametrize("given", [([], "15:00", "17:00"), (["sun"], "17:00", "15:00"), (["sun"], "soon", "17:00")])
def test_hours_that_say_nothing_are_refused(given: tuple):
    with pytest.raises(Invalid):
        read_hours(*given)
