"""Whole stories of calls, through every process, over HTTP only."""

from tests.journeys.conftest import Helpline
from tests.journeys.people import eventually


def test_a_child_in_danger_reaches_a_counsellor_and_they_talk(helpline: Helpline):
    counsellor = helpline.hire("one", "+97455000101")
    counsellor.be("available")

    child = helpline.dial("+97455123456")
    child.press("9")
    reservation = counsellor.accept()
    assert reservation["risk"]["level"] == "critical"
    contact = counsellor.sees_state(reservation["contact_id"], "connected")
    child.say("ساعدوني")

    assert contact["channel"] == "voice"
    assert child.is_in_room()
    [phone] = [leg for leg in helpline.phones.legs_at("+97455000101") if leg.is_in_room()]
    phone.hears("ساعدوني")

    child.hang_up()
    counsellor.sees_state(reservation["contact_id"], "wrap_up")
    counsellor.ask("PUT", f"/contacts/{reservation['contact_id']}/record", {"category": "violence.physical"})
    counsellor.ask("POST", f"/contacts/{reservation['contact_id']}/wrap-up", {}).raise_for_status()
    closed = counsellor.contact(reservation["contact_id"])
    assert (closed["state"], closed["outcome"]) == ("closed", "completed")
    assert helpline.phones.dead_lines() == []


def test_a_caller_who_says_nothing_at_all_reaches_a_counsellor(helpline: Helpline):
    counsellor = helpline.hire("one", "+97455000101")
    counsellor.be("available")

    child = helpline.dial("+97455123456")
    reservation = counsellor.accept(60)

    assert reservation["risk"]["level"] in ("elevated", "high")
    counsellor.sees_state(reservation["contact_id"], "connected")
    assert child.is_in_room()


def test_a_lesser_need_that_came_earlier_is_served_after(helpline: Helpline):
    counsellor = helpline.hire("one", "+97455000101")
    lesser = helpline.dial("+97455000201")
    lesser.press("0")
    eventually(lesser.is_on_hold_queue)
    danger = helpline.dial("+97455000202")
    danger.press("9")
    eventually(danger.is_on_hold_queue)

    counsellor.be("available")
    first = counsellor.accept()
    counsellor.sees_state(first["contact_id"], "connected")

    assert first["risk"]["level"] == "critical"
    assert danger.is_in_room()
    assert lesser.is_on_hold_queue()


def test_an_on_call_person_is_rung_for_a_child_in_danger_and_takes_the_call_by_a_key(helpline: Helpline):
    lead = helpline.hire("lead", "+97455000901", role="shift_lead", on_call=True)
    helpline.phones.set_behaviour("+97455000901", "manual")

    child = helpline.dial("+97455123456")
    child.press("9")
    phone = helpline.phones.ringing_at("+97455000901", 25)
    phone.answer()
    phone.hears("1")
    phone.press("1")

    eventually(child.is_in_room)
    contact = lead.get(f"/contacts?call_sid={child.sid}")
    lead.sees_state(contact["id"], "connected")


def test_a_text_is_answered_once_and_then_by_a_person(helpline: Helpline):
    counsellor = helpline.hire("one", "+97455000101")
    helpline.phones.text("+97455123456", "+97444000919", "مرحبا، عندي مشكلة في البيت")
    helpline.phones.text("+97455123456", "+97444000919", "هل يوجد أحد؟")
    counsellor.be("available")

    reservation = counsellor.accept()
    assert reservation["channel"] == "sms"
    contact_id = reservation["contact_id"]
    eventually(lambda: len(counsellor.get(f"/contacts/{contact_id}/messages")["messages"]) == 3)
    counsellor.ask("POST", f"/contacts/{contact_id}/messages", {"body": "أهلا، أنا هنا معك"}).raise_for_status()

    def received() -> list[str]:
        texts = helpline.phones.texts_at("+97455123456")
        return [text["body"] for text in texts if text["to"] == "+97455123456"]

    eventually(lambda: "أهلا، أنا هنا معك" in received())
    assert len(received()) == 2
    eventually(lambda: counsellor.get(f"/contacts/{contact_id}/messages")["messages"][-1]["status"] == "delivered")
