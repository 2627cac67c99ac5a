"""What staff do with a conversation by text beyond writing: each one act, as in answering.py, which these build on."""

from uuid import UUID

from sqlalchemy.orm import Session

from helpline.answering import actor_of, lock_own, lock_seen, note_down, offer_to_named
from helpline.audit.record import record_act
from helpline.contacts.alerts import settle_alert
from helpline.contacts.callbacks import ask_for_callback
from helpline.contacts.events import record_event
from helpline.contacts.media import MessageMedia, list_media, release_media
from helpline.contacts.models import Contact, Message
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.contacts.text_stops import BY_CHILD, BY_COMPANY, allow_texts, stop_texts
from helpline.line import Line
from helpline.live_queue.reservations import find_active, release
from helpline.staff.models import Staff
from helpline.texting import sending
from helpline.texting.outgoing import allow_pointer


class NotAllowedHere(Exception):
    """Only a shift lead may do this."""


def send_again(session: Session, line: Line, staff: Staff, contact_id: UUID, message_id: UUID) -> Message:
    """The same words once more, after a text of an own conversation has failed."""
    return sending.send_again(session, line, lock_own(session, staff, contact_id), message_id, staff.id)


def see_to(session: Session, staff: Staff, contact_id: UUID, kind: str) -> None:
    """Say that an alert was seen to. Raises NotPossibleNow when there is none."""
    if not settle_alert(session, lock_seen(session, staff, contact_id), kind, actor_of(staff)):
        raise NotPossibleNow("somebody has seen to it already")


def stop_all_texts(session: Session, line: Line, staff: Staff, contact_id: UUID) -> None:
    """The child meant it: no more texts to this number, until they write again."""
    contact = lock_seen(session, staff, contact_id)
    settle_alert(session, contact, "stop_asked", actor_of(staff))
    stop_texts(session, line.keys, contact, BY_CHILD, actor_of(staff))


def resume_texts(session: Session, line: Line, staff: Staff, contact_id: UUID) -> None:
    """A person judges that texts are welcome. What the telephone company still blocks will fail, and say so."""
    contact, actor = lock_seen(session, staff, contact_id), actor_of(staff)
    for kind in ("stop_asked", "texts_blocked"):
        settle_alert(session, contact, kind, actor)
    allow_texts(session, line.keys, contact, actor, BY_CHILD, BY_COMPANY)


def ask_to_call(session: Session, line: Line, staff: Staff, contact_id: UUID) -> None:
    """Put the child on the list of those whom a person may call, if that is safe. Rings nobody."""
    contact = lock_seen(session, staff, contact_id)
    ask_for_callback(session, line.keys, contact, channel="voice", safe=None, by=actor_of(staff))


def hand_over(session: Session, line: Line, staff: Staff, contact_id: UUID, to: int | None) -> Contact:
    """Give a conversation back to its place in the queue or, with `to`, offer it to this free counsellor.

    Its arrival, level, texts and notes stay as they are; whoever takes it reads all of it. Raises NotPossibleNow.
    """
    contact = lock_seen(session, staff, contact_id)
    reservation = find_active(session, contact_id=contact.id)
    if contact.channel != "sms" or contact.state != "connected" or reservation is None:
        raise NotPossibleNow("there is no conversation to hand over")
    # As an offer that she let pass: others come before her when it is offered next.
    release(session, reservation, contact, line.policy, "rejected", "handed_over", actor_of(staff))
    record_event(session, contact.id, "text.handed_over", actor_of(staff), to=to)
    session.flush()
    if to is not None:
        offer_to_named(session, line, staff, contact_id, to)
    return contact


def allow_link_or_number(
    session: Session, line: Line, lead: Staff, contact_id: UUID, pointer: str, reason: str
) -> list[str]:
    """Let what is not on the helpline's list through in this conversation. Raises NotAllowedHere and Invalid."""
    contact = _lock_as_lead(session, lead, contact_id, reason)
    if not (allowed := allow_pointer(session, line, contact, pointer, actor_of(lead))):
        raise Invalid("write the link or the number")
    note_down(line, contact, lead, reason, *allowed)
    return allowed


def release_attachment(
    session: Session, line: Line, lead: Staff, contact_id: UUID, media_id: UUID, reason: str
) -> tuple[MessageMedia, str]:
    """Tell where the telephone company keeps an attachment, for a report that the law asks for. Fetches nothing."""
    contact = _lock_as_lead(session, lead, contact_id, reason)
    media = next((one for one in list_media(session, contact.id) if one.id == media_id), None)
    if media is None:
        raise NotPossibleNow("there is no such attachment")
    actor = actor_of(lead)
    address = release_media(line.keys, media, actor)
    record_event(session, contact.id, "media.released", actor, media=str(media.id))
    record_act(
        session,
        actor=actor,
        action="media.released",
        subject=f"contact:{contact.id}",
        media=str(media.id),
        reason_length=len(reason),
    )
    note_down(line, contact, lead, reason)
    return media, address


def _lock_as_lead(session: Session, lead: Staff, contact_id: UUID, reason: str) -> Contact:
    if lead.role != "shift_lead":
        raise NotAllowedHere
    if not reason.strip():
        raise Invalid("say in a few words why")
    return lock_seen(session, lead, contact_id)
