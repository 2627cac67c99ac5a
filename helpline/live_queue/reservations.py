"""A contact offered to a counsellor: one conditional change for each step, and everything else a stated fact."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.events import record_event
from helpline.contacts.models import Contact
from helpline.contacts.stages import lock_contact, move_contact
from helpline.live_queue.entries import leave_queue, return_to_queue
from helpline.live_queue.models import Reservation
from helpline.outbox.bell import remember_change
from helpline.outbox.timers import cancel_timers, set_timer
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from triage.ordering import QueuePolicy

OFFER_TIMER = "offer_expires"
FLOOR, DISPATCH = "floor", "dispatch"


class ReservationNotFound(Exception):
    """No such reservation, or it is somebody else's."""


class ReservationOver(Exception):
    """The reservation is no longer pending: accepted, expired, withdrawn, or the caller is gone."""


def offer_contact(session: Session, contact: Contact, counsellor: Staff, offer_s: int, actor: str) -> Reservation:
    """Offer a locked, waiting contact to a free counsellor. The database refuses a second active reservation."""
    now = utc_now()
    expires_at = now + timedelta(seconds=offer_s)
    reservation = Reservation(contact_id=contact.id, counsellor_id=counsellor.id, offered_at=now, expires_at=expires_at)
    session.add(reservation)
    session.flush()
    move_contact(session, contact, "offered", actor, counsellor=counsellor.id)
    set_timer(session, OFFER_TIMER, reservation.id, expires_at)
    return reservation


def lock_own_reservation(session: Session, reservation_id: UUID, counsellor_id: int) -> tuple[Reservation, Contact]:
    """The counsellor's own reservation with its contact, both locked. Raises ReservationNotFound."""
    reservation = session.get(Reservation, reservation_id)
    if reservation is None or reservation.counsellor_id != counsellor_id:
        raise ReservationNotFound(str(reservation_id))
    return lock_reservation(session, reservation)


def accept_reservation(session: Session, reservation_id: UUID, counsellor: Staff) -> tuple[Reservation, Contact]:
    """The counsellor takes the contact. Raises ReservationNotFound or ReservationOver; then nothing has changed."""
    reservation, contact = lock_own_reservation(session, reservation_id, counsellor.id)
    if reservation.state != "pending" or reservation.expires_at <= utc_now():
        raise ReservationOver(reservation.state if reservation.state != "pending" else "timed_out")
    _take(session, reservation, contact, counsellor)
    return reservation, contact


def take_contact(session: Session, contact: Contact, counsellor: Staff, offer_s: int) -> Reservation:
    """An on-call person takes a locked contact that waits or is being offered. Raises ReservationOver if too late."""
    if contact.state not in ("waiting", "offered"):
        raise ReservationOver(contact.state)
    if pending := find_active(session, contact_id=contact.id):
        end_reservation(session, pending, "canceled", "taken_by_on_call")
        move_contact(session, contact, "waiting", f"staff:{counsellor.id}")
        session.flush()
    reservation = offer_contact(session, contact, counsellor, offer_s, f"staff:{counsellor.id}")
    _take(session, reservation, contact, counsellor)
    return reservation


def hold_for(session: Session, contact: Contact, counsellor: Staff) -> Reservation:
    """A counsellor begins a contact herself: she is busy with it from now on. Raises ReservationOver if she is busy."""
    if find_active(session, counsellor_id=counsellor.id):
        raise ReservationOver("accepted")
    now = utc_now()
    taken = {"state": "accepted", "offered_at": now, "expires_at": now, "accepted_at": now}
    reservation = Reservation(contact_id=contact.id, counsellor_id=counsellor.id, **taken)
    session.add(reservation)
    session.flush()
    remember_change(session, FLOOR)
    return reservation


def pass_on(session: Session, contact: Contact, to: Staff, why: str) -> bool:
    """A locked contact in mid-talk passes from one person to another. False when the other holds a contact already."""
    if find_active(session, counsellor_id=to.id):
        return False
    if held := find_active(session, contact_id=contact.id):
        end_reservation(session, held, "completed", why)
        session.flush()
    now = utc_now()
    taken = {"state": "accepted", "offered_at": now, "expires_at": now, "accepted_at": now}
    session.add(Reservation(contact_id=contact.id, counsellor_id=to.id, **taken))
    contact.counsellor_id = to.id
    record_event(session, contact.id, "contact.passed_on", f"staff:{to.id}", why=why)
    return True


def decline_reservation(session: Session, reservation_id: UUID, counsellor: Staff, policy: QueuePolicy) -> Contact:
    """The counsellor lets it pass; the contact keeps its place and is offered on. Raises as accept does."""
    reservation, contact = lock_own_reservation(session, reservation_id, counsellor.id)
    if reservation.state != "pending":
        raise ReservationOver(reservation.state)
    release(session, reservation, contact, policy, "rejected", "declined", f"staff:{counsellor.id}")
    return contact


def expire_offer(session: Session, reservation_id: UUID, policy: QueuePolicy, missed_until_away: int) -> None:
    """Nobody answered the offer in time: keep the child's place, and after several misses set the counsellor away."""
    reservation = session.get(Reservation, reservation_id)
    if reservation is None:
        return
    reservation, contact = lock_reservation(session, reservation)
    if reservation.state == "pending":
        release(session, reservation, contact, policy, "timed_out", "no_answer", "clock")
        count_missed_offer(session, session.get_one(Staff, reservation.counsellor_id), missed_until_away)


def count_missed_offer(session: Session, counsellor: Staff, missed_until_away: int) -> None:
    """One more offer or ring that nobody answered; too many in a row and she is away, so that nobody waits on her."""
    counsellor.missed_offers += 1
    if counsellor.missed_offers >= missed_until_away:
        set_activity(session, counsellor, "unavailable", "clock", reason="missed_offers")


def release(
    session: Session,
    reservation: Reservation,
    contact: Contact,
    policy: QueuePolicy,
    state: str,
    why: str,
    actor: str,
) -> None:
    """End an active reservation and put its contact back in its place."""
    end_reservation(session, reservation, state, why)
    contact.counsellor_id = None
    return_to_queue(session, contact, policy, actor, why)


def end_reservation(session: Session, reservation: Reservation, state: str, why: str) -> None:
    """End a locked active reservation; the counsellor is free from now on."""
    reservation.state, reservation.end_reason, reservation.ended_at = state, why, utc_now()
    reservation.version += 1
    cancel_timers(session, reservation.id, OFFER_TIMER)
    remember_change(session, FLOOR)
    remember_change(session, DISPATCH)


def find_active(
    session: Session, *, contact_id: UUID | None = None, counsellor_id: int | None = None
) -> Reservation | None:
    """The one active reservation of this contact or of this counsellor, if there is one."""
    query = select(Reservation).where(Reservation.state.in_(("pending", "accepted")))
    if contact_id is not None:
        query = query.where(Reservation.contact_id == contact_id)
    if counsellor_id is not None:
        query = query.where(Reservation.counsellor_id == counsellor_id)
    return session.scalars(query).one_or_none()


def _take(session: Session, reservation: Reservation, contact: Contact, counsellor: Staff) -> None:
    reservation.state, reservation.accepted_at = "accepted", utc_now()
    reservation.version += 1
    counsellor.missed_offers = 0
    contact.counsellor_id = counsellor.id
    cancel_timers(session, reservation.id, OFFER_TIMER)
    leave_queue(session, contact)
    talks_at_once = contact.channel != "voice"
    move_contact(session, contact, "connected" if talks_at_once else "connecting", f"staff:{counsellor.id}")


def lock_reservation(session: Session, reservation: Reservation) -> tuple[Reservation, Contact]:
    """A reservation with its contact, both locked."""
    contact = lock_contact(session, reservation.contact_id)
    session.refresh(reservation, with_for_update=True)
    return reservation, contact
