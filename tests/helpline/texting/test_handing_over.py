"""A conversation passes from one counsellor to another: same place, same thread."""

import pytest
from sqlalchemy.orm import Session

from helpline import answering, conversing
from helpline.console.conversation import read_conversation
from helpline.contacts.models import Contact
from helpline.contacts.stages import ContactNotFound, NotPossibleNow
from helpline.line import Line
from helpline.live_queue.dispatch import offer_all
from helpline.live_queue.entries import find_entry
from helpline.live_queue.reservations import find_active
from helpline.outbox.bell import commit
from helpline.staff.models import Staff
from tests.helpline.phone_company import PhoneCompany
from tests.helpline.texting.story import contacts, hire, write


def test_back_in_the_queue_it_keeps_its_arrival_and_goes_to_another(
    session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    arrived_at = find_entry(session, conversation).arrived_at
    other = hire(session, line, "two")

    conversing.hand_over(session, line, counsellor, conversation.id, None)
    commit(session, line.bell)
    assert contacts(session)[0].state == "waiting"
    offer_all(session, line.policy, line.helpline.queue.offer_s)
    session.commit()

    assert find_active(session, counsellor_id=other.id).contact_id == conversation.id
    assert find_entry(session, conversation).arrived_at == arrived_at


def test_a_named_colleague_is_offered_it_and_reads_all_that_was_written(
    session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    other = hire(session, line, "two")
    write(session, line, counsellor, conversation, "I am here")
    answering.write_notes(session, line, counsellor, conversation.id, "she is twelve")

    conversing.hand_over(session, line, counsellor, conversation.id, other.id)
    commit(session, line.bell)
    answering.accept(session, line, other, find_active(session, counsellor_id=other.id).id)
    commit(session, line.bell)

    [contact] = contacts(session)
    talk = read_conversation(session, line, contact, other)
    assert [message["body"] for message in talk["messages"] if not message["automatic"]] == [
        "are you there?",
        "I am here",
    ]
    assert answering.read_notes(line, contact) == "she is twelve"
    with pytest.raises(ContactNotFound):
        answering.write_notes(session, line, counsellor, contact.id, "mine no more")


def test_nothing_changes_when_the_colleague_is_not_free(
    session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    with pytest.raises(NotPossibleNow):
        conversing.hand_over(session, line, counsellor, conversation.id, 999)
    session.rollback()

    assert contacts(session)[0].counsellor_id == counsellor.id


def test_a_call_and_texts_of_one_number_are_shown_together_and_a_strangers_are_not(
    phone_company: PhoneCompany, session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    phone_company.call()
    phone_company.text("by WhatsApp", number="whatsapp:+97455123456", to="whatsapp:+97444000919")
    phone_company.text("somebody else", number="+97455999888")
    phone_company.text("nobody", number="anonymous")

    texts, call = contacts(session)[:2]
    seen_from_text = read_conversation(session, line, texts, counsellor)["same_number"]["contacts"]
    seen_from_call = read_conversation(session, line, call, counsellor)["same_number"]["contacts"]

    assert [(other["channel"], other["by_whatsapp"]) for other in seen_from_text] == [("sms", True), ("voice", False)]
    assert [other["channel"] for other in seen_from_call] == ["sms", "sms"]
    assert [other["may_open"] for other in seen_from_call] == [False, True]


def test_a_new_conversation_shows_the_texts_of_the_one_before(
    phone_company: PhoneCompany, session: Session, line: Line, conversation: Contact, counsellor: Staff
):
    answering.end_talk(session, line, counsellor, conversation.id)
    session.commit()
    phone_company.text("me again")

    _before, now = contacts(session)
    assert "are you there?" in [m["body"] for m in read_conversation(session, line, now, counsellor)["earlier"]]
