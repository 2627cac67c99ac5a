"""A mark on a number: two people, an expiry, a slower lane, and nothing that a child on that phone would lose by it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from helpline import marking
from helpline.audit.models import AuditRow
from helpline.contacts.models import Contact
from helpline.contacts.number_marks import NumberMark, count_marks, open_reason
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.live_queue.entries import list_queue
from helpline.store.types import utc_now
from tests.helpline.calling_back.scene import CHILD, CallingBack
from tests.helpline.phone_company import ChildsCall

OTHER, THIRD = "+97455000777", "+97455000778"


@pytest.fixture
def marked(scene: CallingBack) -> CallingBack:
    """The lead has marked the child's number as abusive; nobody has confirmed it."""
    scene.child_hangs_up()
    mark(scene)
    return scene


def earlier(scene: CallingBack) -> Contact:
    scene.story.look_anew()
    return scene.session.scalars(select(Contact).order_by(Contact.opened_at)).first()


def mark(scene: CallingBack, reason: str = "shouts at counsellors, not a child") -> None:
    marking.mark_number(scene.session, scene.story.line, scene.lead, earlier(scene).id, "abusive", reason)
    scene.save()


def confirm(scene: CallingBack) -> None:
    boss = scene.story.hire("boss", "+97455000902", "shift_lead")
    marking.confirm_number_mark(scene.session, scene.story.line, boss, earlier(scene).id)
    scene.save()


def the_mark(scene: CallingBack) -> NumberMark:
    scene.story.look_anew()
    return scene.session.scalars(select(NumberMark)).one()


def waits(scene: CallingBack, number: str, key: str = "0") -> ChildsCall:
    return scene.story.child_waits(key, number=number)


def served(scene: CallingBack) -> list[ChildsCall]:
    scene.story.look_anew()
    return [contact.id for _entry, contact in list_queue(scene.session)]


def nobody_is_there(scene: CallingBack) -> None:
    for person in (scene.mariam, scene.lead):
        person.activity = "offline"
    scene.session.commit()


def test_whoever_has_set_a_mark_can_not_confirm_it(marked: CallingBack):
    with pytest.raises(NotPossibleNow, match="does not confirm it"):
        marking.confirm_number_mark(marked.session, marked.story.line, marked.lead, earlier(marked).id)


def test_even_the_database_refuses_one_person_as_both(marked: CallingBack):
    mark = the_mark(marked)
    mark.confirmed_by, mark.confirmed_at = mark.set_by, utc_now()
    with pytest.raises(IntegrityError):
        marked.session.commit()


def test_a_mark_that_nobody_has_confirmed_changes_nothing(marked: CallingBack):
    nobody_is_there(marked)
    marked_child, other = waits(marked, CHILD), waits(marked, OTHER)
    assert served(marked) == [marked.story.contact(marked_child).id, marked.story.contact(other).id]


def test_a_confirmed_mark_puts_the_number_behind_its_peers_and_lowers_no_level(scene: CallingBack):
    scene.story.company.call(THIRD).hang_up()
    mark(scene)
    confirm(scene)
    nobody_is_there(scene)
    first, peer = scene.story.contact(waits(scene, THIRD)), scene.story.contact(waits(scene, OTHER))
    assert first.opened_at < peer.opened_at and first.level == peer.level
    assert served(scene) == [peer.id, first.id]
    entry = next(entry for entry, contact in list_queue(scene.session) if contact.id == first.id)
    in_time = timedelta(seconds=scene.story.line.targets("voice")[first.level])
    assert entry.due_at - entry.arrived_at == in_time + timedelta(seconds=900)


def test_9_leads_to_the_front_at_once_mark_or_no_mark(marked: CallingBack):
    confirm(marked)
    nobody_is_there(marked)
    ordinary = marked.story.contact(waits(marked, OTHER))
    child = waits(marked, CHILD)
    child.press("9")
    contact = marked.story.contact(child)
    assert (contact.level, served(marked)) == ("critical", [contact.id, ordinary.id])


def test_what_is_heard_is_the_same_to_the_byte(marked: CallingBack):
    confirm(marked)

    def hear(number: str) -> list[str]:
        call = marked.story.company.call(number)
        heard = [call.heard.xml, call.press("0").xml, call.wait_on_hold().xml, call.stay_silent().xml]
        return [xml.replace(call.call_sid, "SID") for xml in heard]

    assert hear(CHILD) == hear(OTHER)


def test_an_expired_mark_has_no_effect_and_makes_room_for_a_new_one(marked: CallingBack):
    confirm(marked)
    old = the_mark(marked)
    old.expires_at = utc_now() - timedelta(seconds=1)
    marked.session.commit()
    nobody_is_there(marked)
    child = marked.story.contact(waits(marked, CHILD))
    entry = next(entry for entry, contact in list_queue(marked.session) if contact.id == child.id)
    assert entry.slower_by_s == 0
    mark(marked, "again")
    assert [one.ending for one in marked.session.scalars(select(NumberMark).order_by(NumberMark.set_at))] == [
        "expired",
        None,
    ]


def test_a_mark_is_undone_at_once_by_one_person_and_counted_if_it_was_in_force(marked: CallingBack):
    assert count_marks(marked.session, utc_now()) == {"set": 1, "confirmed": 0, "reversed": 0, "in_force": 0}
    confirm(marked)
    assert count_marks(marked.session, utc_now()) == {"set": 1, "confirmed": 1, "reversed": 0, "in_force": 1}
    marking.lift_number_mark(marked.session, marked.story.line, marked.lead, earlier(marked).id)
    marked.save()
    assert count_marks(marked.session, utc_now()) == {"set": 1, "confirmed": 1, "reversed": 1, "in_force": 0}
    acts = select(AuditRow.action).where(AuditRow.action.like("number_mark.%")).order_by(AuditRow.id)
    assert list(marked.session.scalars(acts)) == ["number_mark.set", "number_mark.confirmed", "number_mark.lifted"]


def test_a_withheld_number_is_never_marked(scene: CallingBack):
    scene.story.company.call("+266696687").hang_up()
    with pytest.raises(NotPossibleNow, match="withheld"):
        mark(scene)


def test_a_mark_needs_a_reason_and_keeps_it_sealed(marked: CallingBack, app: Flask):
    assert open_reason(marked.story.line.keys, the_mark(marked)) == "shouts at counsellors, not a child"
    assert b"shouts" not in the_mark(marked).reason_sealed
    marking.lift_number_mark(marked.session, marked.story.line, marked.lead, earlier(marked).id)
    marked.save()
    with pytest.raises(Invalid):
        mark(marked, "  ")
