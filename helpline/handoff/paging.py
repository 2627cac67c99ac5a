"""Calls a person of ours to a hand-off, again and again, until one of them says: I take it."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.contacts.calls import hear_of_leg, live_legs, new_leg
from helpline.contacts.models import Call
from helpline.contacts.stages import lock_contact
from helpline.handoff.models import Handoff
from helpline.handoff.moving import (
    CLOCK,
    CLOCK_TIMER,
    PAGE_TIMER,
    arm_clock,
    find_paged,
    lock_handoff,
    move,
    note,
    person,
)
from helpline.handoff.transitions import LIVE
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.outbox.timers import cancel_timers, list_armed, set_timer
from helpline.staff.accounts import device_number
from helpline.staff.activity import list_by_role, list_on_call
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from helpline.telephony.rest import CallGone, PhoneLine, PhoneLineRefused

RING_S = 25


def start_paging(session: Session, handoff: Handoff, why: str) -> None:
    """From now on call people to this locked hand-off until one takes it.

    What can wait until somebody looks stands on the board first, and rings phones only when it was passed over there.
    """
    rings = handoff.paged_since is not None or handoff.workflow_as_started.page.by == "call"
    note(session, handoff, "paging" if rings else "shown_on_board", CLOCK, why=why)
    handoff.taken_at, handoff.paged_since = None, handoff.paged_since or utc_now()
    if rings:
        set_timer(session, PAGE_TIMER, handoff.id, utc_now())


def stop_paging(session: Session, handoff: Handoff, but: Call | None = None) -> None:
    """Somebody has it: no more calls, and the phones that still ring stop."""
    handoff.paged_since = None
    cancel_timers(session, handoff.id, PAGE_TIMER)
    for leg in live_legs(session, handoff.contact_id, "page"):
        if but is None or leg.id != but.id:
            owe(session, "end_leg", leg.id)


def page_people(session: Session, line: Line, handoff_id: str) -> None:
    """Timer: ring every shift lead and everyone on call whose phone does not ring for it already; then again."""
    contact, handoff = lock_handoff(session, UUID(handoff_id))
    if handoff.paged_since is None or handoff.state not in LIVE:
        return
    repeat_s = handoff.workflow_as_started.page.repeat_s
    set_timer(session, PAGE_TIMER, handoff.id, utc_now() + timedelta(seconds=repeat_s))
    ringing = {leg.staff_id for leg in live_legs(session, contact.id, "page")}
    people = {staff.id: staff for staff in [*list_by_role(session, "shift_lead"), *list_on_call(session)]}
    called = [staff.id for staff in people.values() if staff.device_sealed and staff.id not in ringing]
    for staff_id in called:
        owe(session, "ring_page", new_leg(session, contact.id, "page", staff_id=staff_id).id)
    note(session, handoff, "paged", CLOCK, staff=called)


def ring_page(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: ring one phone of ours. It hears that a hand-off needs somebody, and takes it by pressing 1."""
    leg = session.get_one(Call, UUID(work.subject))
    contact = lock_contact(session, leg.contact_id)
    session.refresh(leg)
    if leg.ended_at or leg.call_sid or find_paged(session, contact.id) is None:
        hear_of_leg(leg, "canceled")
        return
    number = device_number(line.keys, session.get_one(Staff, leg.staff_id))
    commit(session, line.bell)
    try:
        rung = phone.ring(number, leg.id.hex, "/voice/handoff-page", RING_S)
    except (CallGone, PhoneLineRefused):
        rung = None
    lock_contact(session, leg.contact_id)
    session.refresh(leg)
    hear_of_leg(leg, *(("queued", rung.call_sid) if rung else ("failed",)))
    if rung and leg.ended_at:  # somebody took it while this phone was being rung
        owe(session, "end_leg", leg.id)


def take(session: Session, line: Line, handoff: Handoff, staff: Staff, leg: Call | None = None) -> None:
    """A person takes a locked hand-off in hand and answers for it from now on. Raises TransitionRefused."""
    move(session, line, handoff, "take", person(staff), values={"owner_id": staff.id, "taken_at": utc_now()})
    stop_paging(session, handoff, but=leg)
    if handoff.state != "completed":
        arm_clock(session, line, handoff, handoff.workflow_as_started.taken_s)


def clock_ran_out(session: Session, line: Line, handoff_id: str) -> None:
    """Timer: it has stood in one state for too long. People are called; a follow-up that is due shows on the floor."""
    _contact, handoff = lock_handoff(session, UUID(handoff_id))
    if handoff.state not in LIVE or any(timer.kind == CLOCK_TIMER for timer in list_armed(session, handoff.id)):
        return  # it is over, or has just moved on to a state with a clock of its own
    note(session, handoff, "clock_ran_out", CLOCK, state=handoff.state, phase=handoff.phase)
    if handoff.state == "completed":
        arm_clock(session, line, handoff)
        return
    phase = handoff.workflow_as_started.find_phase(handoff.phase or "")
    if handoff.phase == "report":
        move(session, line, handoff, "exhaust", CLOCK)
    elif handoff.state == "in_progress" and phase and phase.overdue == "no_show":
        move(session, line, handoff, "miss", CLOCK, expected=phase.code)
    arm_clock(session, line, handoff, handoff.workflow_as_started.taken_s)
    start_paging(session, handoff, "clock_ran_out")
