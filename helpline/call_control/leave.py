"""Every way in which someone leaves a call. All ways in which the child goes meet in `caller_gone`."""

from contextlib import suppress
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.contacts.attempts import WRITTEN, CallbackAttempt, find_attempt, settle_attempt
from helpline.contacts.callbacks import wants_callback
from helpline.contacts.calls import caller_leg, end_leg, live_legs
from helpline.contacts.events import record_event
from helpline.contacts.level import note_signals, weigh_told
from helpline.contacts.messages import has_written
from helpline.contacts.missed import MissedContact, close_row, find_open_row, list_missed, why_missed
from helpline.contacts.models import Call, Contact, FlowSession
from helpline.contacts.questions import find_open_question, settle_question
from helpline.contacts.stages import close_contact, lock_contact, move_contact
from helpline.line import Line
from helpline.live_queue.entries import leave_queue, return_to_queue
from helpline.live_queue.reservations import end_reservation, find_active
from helpline.outbox.bell import commit, remember_change
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.outbox.timers import cancel_timers
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from helpline.telephony.rest import CallGone, PhoneLine
from triage.model import Signal

OUR_ROLES = ("counsellor", "on_call")
TALKED = ("connected",)
CONNECT_TIMER = "connect_deadline"


def caller_gone(session: Session, line: Line, contact: Contact, why: str) -> None:
    """The child's call has ended, however we learned of it. Idempotent; frees the counsellor.

    `contact` is locked. After a talk the contact goes to wrap-up, so that its record is written; without one
    it closes as abandoned, and the shift lead sees it.
    """
    if not end_leg(caller_leg(session, contact.id)):
        return
    record_event(session, contact.id, "caller.gone", "caller", why=why, state=contact.state)
    leave_queue(session, contact)
    cancel_timers(session, contact.id)
    for leg in live_legs(session, contact.id, *OUR_ROLES):
        owe(session, "end_leg", leg.id)
    if live_legs(session, contact.id, "partner"):
        owe(session, "child_gone_in_handoff", contact.id)
    if contact.state in TALKED:
        _settle_open_question(session, line, contact)
        _to_wrap_up(session, contact, "caller")
    elif contact.state not in ("wrap_up", "closed"):
        _close_without_talk(session, line, contact)


def _settle_open_question(session: Session, line: Line, contact: Contact) -> None:
    question = find_open_question(session, contact.id)
    if question and settle_question(session, question, "gone", "caller"):
        note_signals(session, contact, [Signal("gone_while_asked")], line.rules)


def _close_without_talk(session: Session, line: Line, contact: Contact) -> None:
    if contact.state == "menu":
        weigh_told(session, contact, line.rules)  # so that the next person they reach knows how grave it was
    if reservation := find_active(session, contact_id=contact.id):
        end_reservation(session, reservation, "canceled", "caller_gone")
    list_missed(session, line.keys, contact, why_missed(contact), "caller")
    close_contact(session, contact, _outcome_without_talk(session, line, contact), "caller")


def _outcome_without_talk(session: Session, line: Line, contact: Contact) -> str:
    if contact.connected_at:
        return "completed"  # interrupted in mid-talk and did not stay: answered, though not to the end
    return "callback" if wants_callback(session, line.keys, contact) else "abandoned"


def give_up_attempt(session: Session, contact: Contact, attempt: CallbackAttempt, how: str, actor: str) -> None:
    """Calling back has ended before anyone asked to be joined: nobody's phone rings on, and the counsellor is free."""
    settle_attempt(session, attempt, how, actor)
    cancel_timers(session, contact.id)
    for leg in live_legs(session, contact.id):
        if leg.status == "owed":
            end_leg(leg, "canceled")
        elif leg.role != "caller" or leg.status != "in-progress":  # whoever has picked up hears the goodbye to its end
            owe(session, "end_leg", leg.id)
    if reservation := find_active(session, contact_id=contact.id):
        end_reservation(session, reservation, "completed", f"callback_{how}")
    close_contact(session, contact, "callback", actor)


def end_talk(session: Session, line: Line, contact: Contact, actor: str) -> None:
    """The counsellor ends the talk of a locked, connected contact. The room closes with a goodbye for the child."""
    _to_wrap_up(session, contact, actor)
    if contact.channel == "voice":
        owe(session, "end_room", contact.id)


def leave_to_partner(session: Session, line: Line, contact: Contact, actor: str) -> None:
    """The counsellor leaves; the child stays in the room with the partner who has taken them on."""
    for leg in live_legs(session, contact.id, *OUR_ROLES):
        owe(session, "end_leg", leg.id)
    _to_wrap_up(session, contact, actor)


def _to_wrap_up(session: Session, contact: Contact, actor: str) -> None:
    contact.talk_ended_at = utc_now()
    move_contact(session, contact, "wrap_up", actor)


def finish_record(session: Session, line: Line, contact: Contact, outcome: str, actor: str) -> None:
    """The record of a locked contact in wrap-up is written: close it, and the counsellor is free."""
    if reservation := find_active(session, contact_id=contact.id):
        end_reservation(session, reservation, "completed", "record_finished")
    if attempt := find_attempt(session, contact):
        _settle_missed(session, contact, attempt, actor)
    _settle_own_request(session, line, contact, actor)
    close_contact(session, contact, outcome, actor)


def _settle_missed(session: Session, contact: Contact, attempt: CallbackAttempt, actor: str) -> None:
    """We have talked with them: their row is done, unless they were missed again or asked for another call since.

    Words of ours that nobody answered are no talk.
    """
    if attempt.how_ended == WRITTEN and not has_written(session, contact):
        return
    row = session.get_one(MissedContact, attempt.missed_id, with_for_update=True, populate_existing=True)
    if row.closed_at is None and row.contact_id == contact.calls_back:
        close_row(session, row, "talked", actor)


def _settle_own_request(session: Session, line: Line, contact: Contact, actor: str) -> None:
    """Who asked by key to be called back, stayed on and was talked with, needs no call.

    What a counsellor has asked for stands, and so does what stands for earlier contacts of the number as well.
    """
    row = find_open_row(session, line.keys, contact)
    if row and row.contact_id == contact.id and row.wanted_by == "caller" and row.times == 1:
        close_row(session, row, "talked", actor)


def lose_room(session: Session, line: Line, contact: Contact) -> None:
    """The child of a locked contact has come out of the room, by nobody's wish, and is still on the line.

    They go back to their place. A counsellor who may still be in the room is let go, to be free for them.
    """
    for leg in live_legs(session, contact.id, *OUR_ROLES):
        owe(session, "end_leg", leg.id)
    if reservation := find_active(session, contact_id=contact.id):
        end_reservation(session, reservation, "completed", "room_lost")
    cancel_timers(session, contact.id, CONNECT_TIMER)
    return_to_queue(session, contact, line.policy, "twilio", "room_lost")


def counsellor_left(session: Session, line: Line, contact: Contact, leg: Call) -> None:
    """The counsellor's phone left a locked, connected contact without an end having been asked for.

    A dropped line and a receiver put down look alike, so the child is never let go because of it: they go
    back to their place and hear that someone is coming. Whoever dropped takes the next contact only when
    they say that they are there again.
    """
    if contact.state != "connected":
        return
    record_event(session, contact.id, "counsellor.dropped", f"staff:{leg.staff_id}")
    if reservation := find_active(session, contact_id=contact.id):
        end_reservation(session, reservation, "completed", "counsellor_dropped")
    set_activity(session, session.get_one(Staff, leg.staff_id), "unavailable", "clock", reason="call_dropped")
    return_to_queue(session, contact, line.policy, "clock", "counsellor_dropped")
    owe(session, "back_to_hold", contact.id)


def back_to_hold(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: send a child who is alone in a room back to the hold queue, with a word of comfort."""
    contact = lock_contact(session, UUID(work.subject))
    leg = caller_leg(session, contact.id)
    if leg.ended_at or contact.state not in ("waiting", "offered", "connecting"):
        return
    if leg.queue_sid and not leg.joined_at:
        return  # on hold again already
    leg.joined_at, leg.left_at, leg.queue_sid = None, None, None
    call_sid, step = leg.call_sid, session.get_one(FlowSession, contact.id).step
    commit(session, line.bell)
    try:
        phone.send_to(call_sid, "/voice/back-in-line", n=step)
    except CallGone:
        caller_gone(session, line, lock_contact(session, contact.id), "gone_before_hold")


def end_one_leg(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: hang up one leg of ours; a ringing one stops ringing."""
    leg = session.get_one(Call, UUID(work.subject))
    call_sid = leg.call_sid
    commit(session, line.bell)
    if call_sid:
        phone.end_call(call_sid)
    lock_contact(session, leg.contact_id)
    session.refresh(leg)
    end_leg(leg, "canceled" if call_sid is None else "completed")


def end_room(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: close the contact's room for all in it. A child whose room is not known is fetched to the goodbye."""
    contact = lock_contact(session, UUID(work.subject))
    child, step = caller_leg(session, contact.id), session.get_one(FlowSession, contact.id).step
    rooms = {leg.conference_sid for leg in live_legs(session, contact.id) if leg.conference_sid}
    commit(session, line.bell)
    for conference_sid in rooms:
        phone.end_room(conference_sid)
    if child.conference_sid is None and not child.ended_at:
        with suppress(CallGone):
            phone.send_to(child.call_sid, "/voice/room-left", n=step, over=1)


def set_hold(session: Session, contact: Contact, held: bool, actor: str) -> None:
    """Put the child of a locked contact on hold, or back. They hear that we are still there, never silence."""
    leg = caller_leg(session, contact.id)
    leg.on_hold = held
    owe(session, "set_hold", leg.id)
    record_event(session, contact.id, "call.held" if held else "call.unheld", actor)
    record_act(session, actor=actor, action="call.hold", subject=f"contact:{contact.id}", held=held)
    remember_change(session, "floor")


def apply_hold(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: make the room match what was last asked for."""
    leg = session.get_one(Call, UUID(work.subject))
    held, conference_sid, call_sid = leg.on_hold, leg.conference_sid, leg.call_sid
    commit(session, line.bell)
    if not (conference_sid and call_sid) or leg.ended_at:
        return
    try:
        phone.set_hold(conference_sid, call_sid, held)
    except CallGone:
        return  # whoever is gone needs no hold; their leaving is told by its own callback
    lock_contact(session, leg.contact_id)
    session.refresh(leg)
    if leg.on_hold != held:  # asked for otherwise meanwhile, and the two requests may have overtaken each other
        owe(session, "set_hold", leg.id)
