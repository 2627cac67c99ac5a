"""From an offer to two people talking, and every way in which that can go wrong, told by webhooks in any order."""

from itertools import permutations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.calls import caller_leg, live_legs, room_of
from helpline.contacts.models import Call, Contact
from helpline.contacts.stages import lock_contact
from helpline.line import Line
from helpline.live_queue.dispatch import offer_all
from helpline.live_queue.models import QueueEntry, Reservation
from helpline.live_queue.reservations import ReservationOver, expire_offer, find_active
from helpline.outbox.models import OwedWork
from helpline.staff.accounts import create_staff
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from tests.helpline.phone_company import ChildsCall, PhoneCompany


@pytest.fixture
def counsellor(session: Session, line: Line) -> Staff:
    return hire(session, line, "one@helpline.example")


def hire(session: Session, line: Line, email: str, **skills: object) -> Staff:
    facts = {"languages": ["ar", "en"], "device_number": "+97455000101", "role": "counsellor", "name": email} | skills
    person = create_staff(session, line.keys, email=email, actor="operator", **facts)
    set_activity(session, person, "available", "operator")
    session.commit()
    return person


def offer(session: Session, line: Line) -> Reservation:
    assert offer_all(session, line.policy, line.helpline.queue.offer_s) == 1
    session.commit()
    return session.scalars(select(Reservation).where(Reservation.state == "pending")).one()


def contact_of(session: Session, call: ChildsCall) -> Contact:
    session.rollback()
    session.expire_all()
    leg = session.scalars(select(Call).where(Call.call_sid == call.call_sid)).one()
    return session.get_one(Contact, leg.contact_id)


def owed(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(OwedWork.kind).where(OwedWork.done_at.is_(None)).order_by(OwedWork.id)))


def accepted(session: Session, line: Line, call: ChildsCall, counsellor: Staff) -> Call:
    """Bring the call as far as the counsellor's phone being rung; returns the counsellor's leg."""
    reservation = offer(session, line)
    answering.accept(session, line, counsellor, reservation.id)
    session.commit()
    [leg] = live_legs(session, contact_of(session, call).id, "counsellor")
    return leg


def joins(company: PhoneCompany, session: Session, leg: Call, sid: str) -> None:
    company.post(
        "/voice/room-events",
        StatusCallbackEvent="participant-join",
        ConferenceSid="CF" + "c" * 32,
        FriendlyName=room_of(leg.contact_id),
        ParticipantLabel=leg.id.hex,
        CallSid=sid,
        SequenceNumber="1",
    )


def leaves(company: PhoneCompany, leg: Call, sid: str, **more: str) -> None:
    about = {"ParticipantCallStatus": "completed", "ReasonParticipantLeft": "participant_hung_up"} | more
    company.post(
        "/voice/room-events",
        StatusCallbackEvent="participant-leave",
        ConferenceSid="CF" + "c" * 32,
        ParticipantLabel=leg.id.hex,
        CallSid=sid,
        SequenceNumber="9",
        **about,
    )


COUNSELLORS_SID = "CA" + "1" * 32


@pytest.fixture
def talking(phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff) -> ChildsCall:
    """A child and a counsellor, connected."""
    call = phone_company.call()
    call.press("9")
    call.wait_on_hold()
    leg = accepted(session, line, call, counsellor)
    joins(phone_company, session, leg, COUNSELLORS_SID)
    call.ask("/voice/room?n=3")
    joins(phone_company, session, caller_leg(session, leg.contact_id), call.call_sid)
    assert contact_of(session, call).state == "connected"
    return call


def test_the_two_are_connected_only_when_both_are_in_the_room(
    phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff
):
    call = phone_company.call()
    call.press("9")
    call.wait_on_hold()
    leg = accepted(session, line, call, counsellor)
    assert owed(session) == ["ring_counsellor"]

    joins(phone_company, session, leg, COUNSELLORS_SID)
    assert contact_of(session, call).state == "connecting"
    assert owed(session) == ["ring_counsellor", "bring_caller"]

    heard = call.ask("/voice/room?n=3")
    assert heard.find("Conference").text == room_of(leg.contact_id)
    assert heard.find("Conference").get("endConferenceOnExit") == "false"
    joins(phone_company, session, caller_leg(session, leg.contact_id), call.call_sid)
    assert contact_of(session, call).state == "connected"


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_an_unanswered_counsellor_costs_the_child_no_place(
    phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff, status: str
):
    call = phone_company.call()
    call.press("9")
    arrived = contact_of(session, call).opened_at
    leg = accepted(session, line, call, counsellor)

    phone_company.post(f"/voice/status?leg={leg.id.hex}", CallSid=COUNSELLORS_SID, CallStatus=status)

    contact = contact_of(session, call)
    entry = session.get_one(QueueEntry, contact.id)
    assert (contact.state, entry.left_at, entry.arrived_at) == ("waiting", None, arrived)
    assert find_active(session, counsellor_id=counsellor.id) is None


def test_a_counsellor_who_drops_leaves_the_child_at_their_old_place(
    talking: ChildsCall, phone_company: PhoneCompany, session: Session, counsellor: Staff
):
    contact = contact_of(session, talking)
    [leg] = live_legs(session, contact.id, "counsellor")

    leaves(phone_company, leg, COUNSELLORS_SID)

    contact = contact_of(session, talking)
    assert contact.state == "waiting"
    assert owed(session)[-1] == "back_to_hold"
    assert session.get_one(Staff, counsellor.id).activity == "unavailable"
    heard = talking.ask("/voice/back-in-line?n=3")
    assert heard.find("Enqueue") is not None


def test_a_late_second_word_about_a_dropped_counsellor_changes_nothing(
    talking: ChildsCall, phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff
):
    contact = contact_of(session, talking)
    [leg] = live_legs(session, contact.id, "counsellor")
    leaves(phone_company, leg, COUNSELLORS_SID)
    set_activity(session, session.get_one(Staff, counsellor.id), "available", "operator")
    session.commit()
    again = accepted(session, line, talking, session.get_one(Staff, counsellor.id))
    joins(phone_company, session, again, "CA" + "2" * 32)
    joins(phone_company, session, caller_leg(session, contact.id), talking.call_sid)
    assert contact_of(session, talking).state == "connected"

    leaves(phone_company, leg, COUNSELLORS_SID)
    phone_company.post(f"/voice/status?leg={leg.id.hex}", CallSid=COUNSELLORS_SID, CallStatus="completed")

    assert contact_of(session, talking).state == "connected"


def test_all_ways_in_which_the_child_goes_end_alike_in_any_order(
    talking: ChildsCall, phone_company: PhoneCompany, session: Session, counsellor: Staff
):
    contact = contact_of(session, talking)
    child = caller_leg(session, contact.id)
    ways = [
        lambda: leaves(phone_company, child, talking.call_sid),
        lambda: talking.ask("/voice/room-left?n=3", CallStatus="completed"),
        lambda: phone_company.post("/voice/status", CallSid=talking.call_sid, CallStatus="completed"),
    ]
    for order in permutations(ways):
        for way in order:
            way()

    contact = contact_of(session, talking)
    assert contact.state == "wrap_up"
    assert owed(session).count("end_leg") == 1
    assert find_active(session, counsellor_id=counsellor.id).state == "accepted"


def test_a_child_who_goes_while_being_offered_frees_the_counsellor(
    phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff
):
    call = phone_company.call()
    call.press("9")
    reservation = offer(session, line)

    call.hang_up()

    with pytest.raises(ReservationOver):
        answering.accept(session, line, counsellor, reservation.id)
    session.rollback()
    assert find_active(session, counsellor_id=counsellor.id) is None
    assert contact_of(session, call).outcome == "abandoned"


def test_three_missed_offers_set_a_counsellor_away(
    phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff
):
    call = phone_company.call()
    call.press("9")

    for _offer in range(3):
        expire_offer(session, offer(session, line).id, line.policy, 3)
        session.commit()

    assert session.get_one(Staff, counsellor.id).activity == "unavailable"
    assert contact_of(session, call).state == "waiting"


def test_a_critical_child_is_offered_before_a_lesser_need_that_came_earlier(
    phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff
):
    phone_company.call("+97455000001").press("0")
    critical = phone_company.call("+97455000002")
    critical.press("9")

    assert offer(session, line).contact_id == contact_of(session, critical).id


def test_a_contact_whose_language_a_counsellor_lacks_goes_to_one_who_speaks_it(
    phone_company: PhoneCompany, session: Session, line: Line
):
    hire(session, line, "english@helpline.example", languages=["en"])
    arabic = hire(session, line, "arabic@helpline.example", languages=["ar"])
    call = phone_company.call()
    call.press("1")
    call.press("0")

    assert offer(session, line).counsellor_id == arabic.id


def test_the_database_refuses_a_second_counsellor_for_one_child(
    phone_company: PhoneCompany, session: Session, line: Line, counsellor: Staff
):
    call = phone_company.call()
    call.press("9")
    first = offer(session, line)
    other = hire(session, line, "two@helpline.example")

    session.add(
        Reservation(
            contact_id=first.contact_id,
            counsellor_id=other.id,
            offered_at=first.offered_at,
            expires_at=first.expires_at,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_ending_the_talk_closes_the_room_and_finishing_the_record_frees_the_counsellor(
    talking: ChildsCall, session: Session, line: Line, counsellor: Staff
):
    contact = contact_of(session, talking)
    answering.end_talk(session, line, counsellor, contact.id)
    session.commit()
    assert "end_room" in owed(session)
    heard = talking.ask("/voice/room-left?n=3")
    assert heard.verbs == ["Say", "Hangup"]

    answering.save_record(session, line, counsellor, contact.id, {"category": "violence.physical"})
    answering.finish(session, line, counsellor, contact.id)
    session.commit()

    contact = contact_of(session, talking)
    assert (contact.state, contact.outcome) == ("closed", "completed")
    assert find_active(session, counsellor_id=counsellor.id) is None


def test_a_person_may_lower_a_level_and_only_new_evidence_raises_it_again(
    phone_company: PhoneCompany, session: Session, line: Line
):
    lead = hire(session, line, "lead@helpline.example", role="shift_lead")
    set_activity(session, lead, "unavailable", "operator")
    session.commit()
    call = phone_company.call()
    call.press("9")
    contact = contact_of(session, call)
    answering.set_level(session, line, lead, contact.id, "elevated", "spoke with the mother")
    session.commit()
    assert contact_of(session, call).level == "elevated"
    call.wait_on_hold()

    call.press("*")
    assert contact_of(session, call).level == "elevated"
    call.press("9")
    assert contact_of(session, call).level == "critical"


def test_the_place_in_the_queue_survives_a_lock_of_another_contact(session: Session, phone_company: PhoneCompany):
    call, other = phone_company.call(), phone_company.call("+97455000009")
    lock_contact(session, contact_of(session, other).id)

    assert call.press("9").find("Enqueue") is not None
    session.rollback()
