"""What a counsellor or a shift lead does with a contact, each as one act: the console and the API both call these.

Every act locks the contact, checks that this person may do it now, changes it with its event and audit row,
and owes what must follow. Whoever calls these commits. What does not fit raises an exception that states a
fact, and has changed nothing.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from helpline.asking_silently import put_question
from helpline.audit.record import record_act
from helpline.call_control import leave
from helpline.call_control.connect import begin_connecting
from helpline.contacts.level import judge_at_closing, judge_level
from helpline.contacts.models import Contact, Message
from helpline.contacts.opening import CALLER_PLACE
from helpline.contacts.questions import find_open_question
from helpline.contacts.stages import ContactNotFound, Invalid, NotPossibleNow, lock_contact
from helpline.handoff.leaving import forbid_ending_talk, forbid_finishing, was_handed_off
from helpline.line import Line
from helpline.live_queue.dispatch import offer_to
from helpline.live_queue.entries import rank_anew
from helpline.live_queue.models import Reservation
from helpline.live_queue.reservations import accept_reservation, decline_reservation, find_active
from helpline.outbox.bell import remember_change
from helpline.staff.activity import find_locked
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from helpline.surveying_texts import ask_by_text
from helpline.texting.quiet import answer_is_due
from helpline.texting.sending import write_back

WATCHERS = ("shift_lead", "administrator")
NOTES_PLACE = "contacts.notes"
LONGEST_NOTES = 20_000


def actor_of(staff: Staff) -> str:
    """How a person is named in events and audit rows."""
    return f"staff:{staff.id}"


def accept(session: Session, line: Line, staff: Staff, reservation_id: UUID) -> Reservation:
    """Take the offered contact. A call: the counsellor's phone rings next. Raises as accept_reservation does."""
    reservation, contact = accept_reservation(session, reservation_id, staff)
    if contact.channel == "voice":
        begin_connecting(session, line, contact, reservation)
    else:
        answer_is_due(session, line, contact)
        # From now on she sees what the same number wrote before, too.
        record_act(session, actor=actor_of(staff), action="thread.opened", subject=f"contact:{contact.id}")
    return reservation


def decline(session: Session, line: Line, staff: Staff, reservation_id: UUID) -> None:
    """Let the offer pass; the child keeps their place."""
    decline_reservation(session, reservation_id, staff, line.policy)


def offer_to_named(session: Session, line: Line, lead: Staff, contact_id: UUID, counsellor_id: int) -> Reservation:
    """A shift lead offers a waiting contact to a counsellor by name. Raises NotPossibleNow."""
    contact = lock_contact(session, contact_id)
    counsellor = find_locked(session, counsellor_id)
    if contact.state != "waiting":
        raise NotPossibleNow(f"the contact is not waiting, it is {contact.state}")
    if counsellor is None or counsellor.activity != "available" or find_active(session, counsellor_id=counsellor_id):
        raise NotPossibleNow("this counsellor is not free")
    return offer_to(session, contact, counsellor, line.helpline.queue.offer_s, actor_of(lead))


def set_level(session: Session, line: Line, staff: Staff, contact_id: UUID, level: str, reason: str) -> Contact:
    """A person's judgement of the level, up or down, with a reason. Re-ranks at once."""
    contact = lock_seen(session, staff, contact_id)
    if contact.state == "closed":
        raise NotPossibleNow("the contact is closed")
    if not reason.strip():
        raise Invalid("say in a few words why the level changes")
    judge_level(session, contact, level, reason, actor_of(staff))
    _keep_judgement(line, contact, staff, level, reason)
    rank_anew(session, contact, line.targets(contact.channel), line.policy, actor_of(staff))
    return contact


def _keep_judgement(line: Line, contact: Contact, staff: Staff, level: str, reason: str) -> None:
    note_down(line, contact, staff, reason, level)


def note_down(line: Line, contact: Contact, staff: Staff, words: str, *about: str) -> None:
    """Add what a person says to the sealed notes of a locked contact, where the record keeps what people write."""
    mark = " · ".join((_clock_time(line), staff.name, *about))
    _write_notes(line, contact, f"{read_notes(line, contact)}\n[{mark}] {words.strip()}".strip())


def _clock_time(line: Line) -> str:
    """What the clock on the helpline's wall shows."""
    return f"{utc_now().astimezone(line.helpline.zone):%H:%M}"


def hold(session: Session, line: Line, staff: Staff, contact_id: UUID, held: bool) -> Contact:
    """Put the child on hold with a calm line, or take them back."""
    contact = lock_own(session, staff, contact_id)
    if contact.channel != "voice" or contact.state != "connected":
        raise NotPossibleNow("there is no live call")
    _forbid_while_asked(session, contact)
    leave.set_hold(session, contact, held, actor_of(staff))
    return contact


def ask_by_key(session: Session, line: Line, staff: Staff, contact_id: UUID, code: str) -> Contact:
    """Put a question to the child of an own call, to be answered with a key: for a child who can not speak."""
    contact = lock_own(session, staff, contact_id)
    put_question(session, line, contact, code, actor_of(staff))
    record_act(session, actor=actor_of(staff), action="question.asked", subject=f"contact:{contact.id}", question=code)
    return contact


def end_talk(session: Session, line: Line, staff: Staff, contact_id: UUID) -> Contact:
    """End the talk; the record is written next."""
    contact = lock_own(session, staff, contact_id)
    if contact.state != "connected":
        raise NotPossibleNow(f"there is no talk to end, the contact is {contact.state}")
    _forbid_while_asked(session, contact)
    forbid_ending_talk(session, contact)
    leave.end_talk(session, line, contact, actor_of(staff))
    ask_by_text(session, line, contact)
    return contact


def write_notes(session: Session, line: Line, staff: Staff, contact_id: UUID, notes: str) -> Contact:
    """Save the notes of an own contact, as often as the page likes."""
    contact = lock_own(session, staff, contact_id)
    if contact.state == "closed":
        raise NotPossibleNow("the record is finished")
    if len(notes) > LONGEST_NOTES:
        raise Invalid(f"notes hold at most {LONGEST_NOTES} characters")
    _write_notes(line, contact, notes)
    record_act(session, actor=actor_of(staff), action="notes.saved", subject=f"contact:{contact.id}")
    return contact


def save_record(session: Session, line: Line, staff: Staff, contact_id: UUID, fields: dict) -> Contact:
    """Save fields of the record's form; those not named stay as they are."""
    contact = lock_own(session, staff, contact_id)
    if contact.state == "closed":
        raise NotPossibleNow("the record is finished")
    contact.record = contact.record | fields
    record_act(
        session,
        actor=actor_of(staff),
        action="record.saved",
        subject=f"contact:{contact.id}",
        fields=sorted(fields),
    )
    return contact


def judge_afterwards(session: Session, staff: Staff, contact_id: UUID, level: str | None) -> Contact:
    """Keep the level that the counsellor of an own contact gives it in the end; None takes it back."""
    contact = lock_own(session, staff, contact_id)
    if contact.state == "closed":
        raise NotPossibleNow("the record is finished")
    judge_at_closing(session, contact, level, actor_of(staff))
    return contact


def finish(session: Session, line: Line, staff: Staff, contact_id: UUID, outcome: str = "completed") -> Contact:
    """The record is written: close the contact and be free for the next.

    The console's form asks for a category first; a program may finish without one, and the record then has none.
    """
    contact = lock_own(session, staff, contact_id)
    if contact.state != "wrap_up":
        raise NotPossibleNow(f"only a contact in wrap-up can be finished, this one is {contact.state}")
    forbid_finishing(session, contact, staff)
    if was_handed_off(session, contact):
        outcome = "handed_off"
    leave.finish_record(session, line, contact, outcome, actor_of(staff))
    return contact


def write_text(session: Session, line: Line, staff: Staff, contact_id: UUID, body: str) -> Message:
    """Write to the child of an own text conversation."""
    if not body.strip():
        raise Invalid("write something first")
    return write_back(session, line, lock_contact(session, contact_id), body, staff.id)


def reveal_number(session: Session, line: Line, staff: Staff, contact_id: UUID, reason: str) -> str | None:
    """The caller's number in clear, with the look and its reason on record. None when it was withheld."""
    contact = lock_seen(session, staff, contact_id)
    if not reason.strip():
        raise Invalid("say in a few words why you need the number")
    record_act(
        session,
        actor=actor_of(staff),
        action="number.revealed",
        subject=f"contact:{contact.id}",
        reason_length=len(reason),
    )
    note_down(line, contact, staff, reason)
    return line.keys.open(contact.caller_sealed, CALLER_PLACE, contact.id) if contact.caller_sealed else None


def read_notes(line: Line, contact: Contact) -> str:
    """The notes in clear, or nothing."""
    return line.keys.open(contact.notes_sealed, NOTES_PLACE, contact.id) if contact.notes_sealed else ""


def _write_notes(line: Line, contact: Contact, notes: str) -> None:
    contact.notes_sealed = line.keys.seal(notes, NOTES_PLACE, contact.id)


def _forbid_while_asked(session: Session, contact: Contact) -> None:
    if find_open_question(session, contact.id):
        raise NotPossibleNow("the child is being asked something; they are back in a moment")


def lock_own(session: Session, staff: Staff, contact_id: UUID) -> Contact:
    """An own contact, locked. Others' contacts are not known to exist: ContactNotFound."""
    contact = lock_contact(session, contact_id)
    if contact.counsellor_id != staff.id:
        raise ContactNotFound(str(contact_id))
    remember_change(session, "floor")
    return contact


def lock_seen(session: Session, staff: Staff, contact_id: UUID) -> Contact:
    """An own contact, or any for those who watch the floor. Others' contacts are not known to exist."""
    contact = lock_contact(session, contact_id)
    if contact.counsellor_id != staff.id and staff.role not in WATCHERS:
        raise ContactNotFound(str(contact_id))
    remember_change(session, "floor")
    return contact
