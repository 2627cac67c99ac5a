"""What happens again and again in stories of texts: a child writes, a counsellor answers, a try is made again."""

import os
from collections.abc import Callable

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.messages import list_messages, open_body
from helpline.contacts.models import Contact, Message
from helpline.jobs.duties import perform_owed
from helpline.line import Line
from helpline.live_queue.dispatch import offer_all
from helpline.live_queue.reservations import find_active
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.staff.accounts import create_staff
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from tests.helpline.telephone_rest import Asked, Reply, TelephoneRest

FIRST_SID, SECOND_SID = "SM" + "1" * 32, "SM" + "2" * 32


def hire(session: Session, line: Line, name: str, role: str = "counsellor") -> Staff:
    """Somebody who works here; a counsellor is free for the next child."""
    about = {"name": name, "role": role, "languages": ["ar", "en"], "device_number": None, "actor": "operator"}
    person = create_staff(session, line.keys, email=f"{name}@helpline.example", **about)
    if role == "counsellor":
        set_activity(session, person, "available", "operator")
    session.commit()
    return person


def contacts(session: Session) -> list[Contact]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Contact).order_by(Contact.opened_at)))


def bodies(session: Session, line: Line, contact: Contact, direction: str) -> list[str]:
    session.rollback()
    return [open_body(line.keys, m) for m in list_messages(session, contact.id) if m.direction == direction]


def write(session: Session, line: Line, counsellor: Staff, conversation: Contact, body: str) -> tuple[Message, int]:
    """The counsellor writes; returns the text and the number of the work that owes it."""
    message = answering.write_text(session, line, counsellor, conversation.id, body)
    work_id = session.scalars(select(OwedWork.id).where(OwedWork.subject == str(message.id))).one()
    commit(session, line.bell)
    return message, work_id


def try_again(session: Session, work_id: int) -> None:
    """The pause after a failed try is over."""
    session.execute(text("UPDATE owed_work SET due_at = now(), leased_until = NULL WHERE id = :id"), {"id": work_id})
    session.commit()
    perform_owed(work_id)


def sent(rest: TelephoneRest) -> list[str]:
    """The texts that the telephone company was asked to send."""
    return [asked.form["Body"] for asked in rest.asked if asked.method == "POST" and asked.what == "Messages"]


def company_that_loses_its_first_answer(known: list[str], really_sends: bool) -> Callable[[Asked], Reply]:
    """Answers 503 to the first text, sent or not. `known` are earlier texts of the same words, listed first."""
    texts, lost = [{"sid": sid, "body": "ok"} for sid in known], []

    def reply(asked: Asked) -> Reply:
        if asked.method == "GET":
            return 200, {"messages": texts, "page": 0, "page_size": 20, "next_page_uri": None, "uri": "/"}
        if lost:
            return 201, {"sid": SECOND_SID, "status": "queued"}
        lost.append(asked)
        if really_sends:
            texts.append({"sid": FIRST_SID, "body": "ok"})
        return 503, {"code": 20500, "message": "lost", "status": 503}

    return reply


def take(session: Session, line: Line, counsellor: Staff) -> Contact:
    """The counsellor takes the child who waits."""
    offer_all(session, line.policy, line.helpline.queue.offer_s)
    reservation = find_active(session, counsellor_id=counsellor.id)
    answering.accept(session, line, counsellor, reservation.id)
    session.commit()
    return session.get_one(Contact, reservation.contact_id)


def company_that_takes_texts(asked: Asked) -> Reply:
    """Knows of no earlier text, and takes each new one."""
    if asked.method == "GET":
        return 200, {"messages": [], "page": 0, "page_size": 50, "next_page_uri": None, "uri": "/"}
    return 201, {"sid": "SM" + os.urandom(16).hex(), "status": "queued"}
