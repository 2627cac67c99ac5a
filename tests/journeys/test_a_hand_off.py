"""A child is handed to a police desk by warm call, through every process and every phone."""

from tests.journeys.conftest import FIRST_DESK, LAST_DESK, SECOND_DESK, Helpline
from tests.journeys.people import Colleague, Leg, eventually

CHILD, COUNSELLOR, LEAD = "+97455123456", "+97455000101", "+97455000901"


def talk(helpline: Helpline) -> tuple[Colleague, Leg, str]:
    """A counsellor talks with a child who is in danger; no desk picks up by itself."""
    for desk in (FIRST_DESK, SECOND_DESK, LAST_DESK):
        helpline.phones.set_behaviour(desk, "manual")
    counsellor = helpline.hire("one", COUNSELLOR)
    counsellor.be("available")
    child = helpline.dial(CHILD)
    child.press("9")
    contact_id = counsellor.accept()["contact_id"]
    counsellor.sees_state(contact_id, "connected")
    return counsellor, child, contact_id


def ask_for_police(counsellor: Colleague, contact_id: str) -> str:
    asked = counsellor.ask("POST", f"/contacts/{contact_id}/handoffs", {"workflow": "police_emergency"})
    assert asked.status_code == 201, asked.text
    return asked.json()["ref"]


def act(who: Colleague, ref: str, step: str, **fields: str) -> dict:
    answer = who.ask("POST", f"/handoffs/{ref}/{step}", fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


def reaches(who: Colleague, ref: str, state: str, phase: str, within_s: float = 15) -> dict:
    """Wait until the hand-off stands there."""

    def look() -> dict | None:
        handoff = who.get(f"/handoffs/{ref}")
        return handoff if (handoff["state"], handoff["phase"]) == (state, phase) else None

    return eventually(look, within_s)


def pick_up_and_take(desk: Leg, pin: str) -> None:
    """A person at the desk answers, is the one they say, hears what we know, and takes the call."""
    desk.answer()
    desk.hears("هنا خط مساندة الأطفال")
    desk.press("1")
    desk.hears("أدخل رقمك السري من فضلك")
    desk.press(pin)
    desk.hears("هذا ما نعرفه")
    desk.press("1")


def test_the_first_desk_does_not_answer_and_the_second_takes_the_child(helpline: Helpline):
    counsellor, child, contact_id = talk(helpline)
    ref = ask_for_police(counsellor, contact_id)
    helpline.phones.ringing_at(FIRST_DESK).decline()
    desk = helpline.phones.ringing_at(SECOND_DESK)
    pick_up_and_take(desk, "4712")
    reaches(counsellor, ref, "acknowledged", "introduced")
    child.hears("ينضم إلى المكالمة الآن شخص")
    assert child.is_in_room() and desk.is_in_room()
    desk.say("معك الشرطة")
    child.hears("معك الشرطة")

    refused = counsellor.ask("POST", f"/handoffs/{ref}/leave", {})
    assert refused.status_code == 409
    assert counsellor.ask("POST", f"/contacts/{contact_id}/call/end").status_code == 409
    act(counsellor, ref, "accept", badge="4021", incident_number="2026-118")
    act(counsellor, ref, "leave")
    counsellor.sees_state(contact_id, "wrap_up")
    assert child.is_in_room() and desk.is_in_room()
    child.say("شكراً")
    desk.hears("شكراً")

    counsellor.ask("PUT", f"/contacts/{contact_id}/record", {"category": "violence.physical"}).raise_for_status()
    counsellor.ask("POST", f"/contacts/{contact_id}/wrap-up", {}).raise_for_status()
    assert counsellor.contact(contact_id)["outcome"] == "handed_off"
    desk.hang_up()
    child.hears("مع السلامة")
    act(counsellor, ref, "confirm", outcome="child_safe_at_home", by="badge 4021")
    assert act(counsellor, ref, "close", follow_up="called")["state"] == "closed"
    assert helpline.phones.dead_lines() == []


def test_the_child_hangs_up_while_a_desk_listens_and_the_desk_is_told(helpline: Helpline):
    counsellor, child, contact_id = talk(helpline)
    ref = ask_for_police(counsellor, contact_id)
    desk = helpline.phones.ringing_at(FIRST_DESK)
    desk.answer()
    desk.hears("هنا خط مساندة الأطفال")
    child.hang_up()
    desk.hears("انتهت مكالمة الطفل")
    eventually(lambda: desk.status == "completed")
    handoff = reaches(counsellor, ref, "offering", "report")
    assert handoff["owner"] and handoff["timers"]


def test_nobody_is_reached_and_the_shift_lead_is_called_until_she_takes_it(helpline: Helpline):
    lead = helpline.hire("lead", LEAD, role="shift_lead")
    helpline.phones.set_behaviour(LEAD, "manual")
    counsellor, child, contact_id = talk(helpline)
    ref = ask_for_police(counsellor, contact_id)
    for number in (FIRST_DESK, SECOND_DESK, LAST_DESK):
        helpline.phones.ringing_at(number).decline()
    phone = helpline.phones.ringing_at(LEAD)
    reaches(lead, ref, "unreachable", "paging")
    phone.decline()
    again = helpline.phones.ringing_at(LEAD, 45)
    again.answer()
    again.hears("To take it, press 1")
    again.press("1")
    eventually(lambda: lead.get(f"/handoffs/{ref}")["taken_at"])
    assert lead.get(f"/handoffs/{ref}")["owner"]["name"] == "lead"
    assert child.is_in_room()
    assert counsellor.contact(contact_id)["state"] == "connected"


def test_both_who_were_with_the_child_drop_and_the_child_is_answered_again(helpline: Helpline):
    counsellor, child, contact_id = talk(helpline)
    ref = ask_for_police(counsellor, contact_id)
    desk = helpline.phones.ringing_at(FIRST_DESK)
    pick_up_and_take(desk, "4711")
    reaches(counsellor, ref, "acknowledged", "introduced")
    [phone] = [leg for leg in helpline.phones.legs_at(COUNSELLOR) if leg.is_in_room()]
    phone.hang_up()
    desk.hang_up()
    eventually(child.is_on_hold_queue)
    child.hears("انقطع الكلام")
    counsellor.be("available")
    counsellor.accept()
    counsellor.sees_state(contact_id, "connected")
    assert child.is_in_room()
