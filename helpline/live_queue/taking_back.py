"""Takes contacts back from people who are not there for them any more, so that another may have them."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact, Message
from helpline.live_queue.models import Reservation
from helpline.live_queue.reservations import lock_reservation, release
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from triage.ordering import QueuePolicy

GONE = or_(Staff.activity == "offline", Staff.active.is_(False))


def take_back(session: Session, policy: QueuePolicy, unanswered_s: int) -> None:
    """Back to their places: what is offered to people who have gone, and texts that nobody answers. Caller commits.

    Whoever leaves a child's text unanswered for `unanswered_s` is not at the desk: a browser may be closed without a
    word.
    """
    for reservation in _find(session, Reservation.state == "pending", Staff.activity != "available"):
        _give_back(session, reservation, policy, "pending", "canceled", "counsellor_away")
    texts = (Reservation.state == "accepted", Contact.channel == "sms", Contact.state == "connected")
    for reservation in _find(session, *texts, or_(GONE, _waits_for_answer(timedelta(seconds=unanswered_s)))):
        _give_back(session, reservation, policy, "accepted", "completed", "text_unanswered")


def _find(session: Session, *conditions: ColumnElement[bool]) -> list[Reservation]:
    query = (
        select(Reservation)
        .join(Contact, Contact.id == Reservation.contact_id)
        .join(Staff, Staff.id == Reservation.counsellor_id)
        .where(*conditions)
        .order_by(Reservation.id)  # several clocks lock them in one order
    )
    return list(session.scalars(query))


def _waits_for_answer(for_so_long: timedelta) -> ColumnElement[bool]:
    """The child's latest text has stood unanswered for too long, beside the person who has the conversation."""

    def latest(*conditions: ColumnElement[bool]) -> ColumnElement:
        query = select(func.max(Message.created_at)).where(Message.contact_id == Contact.id, *conditions)
        return query.correlate(Contact).scalar_subquery()

    asked, told = latest(Message.direction == "in"), latest(Message.sent_by.like("staff:%"))
    too_long_ago = utc_now() - for_so_long
    return and_(
        asked < too_long_ago,
        Reservation.accepted_at < too_long_ago,
        or_(told.is_(None), told < asked),
    )


def _give_back(session: Session, reservation: Reservation, policy: QueuePolicy, was: str, state: str, why: str) -> None:
    reservation, contact = lock_reservation(session, reservation)
    if reservation.state != was or (was == "accepted" and contact.state != "connected"):
        return
    release(session, reservation, contact, policy, state, why, "clock")
    counsellor = session.get_one(Staff, reservation.counsellor_id)
    if counsellor.activity == "available":  # or the same child would be offered to the same empty chair
        set_activity(session, counsellor, "unavailable", "clock", reason=why)
