"""Every kind of owed work and of timer, by name, and how one is done.

Work is taken on with a lease, done, and settled in three steps, so that it may be done twice after a crash
but never lost; each duty looks before it acts again. Timers are fired in one transaction with their effect.
"""

from collections.abc import Callable

import structlog
from flask import current_app
from prometheus_client import Counter
from sqlalchemy.orm import Session

from helpline import asking_silently, legs, lost_texts
from helpline.call_control import calling_back, connect, leave, paging, watch
from helpline.handoff import chain, coming_of_age, company, milestones, ringing, shelter, transport
from helpline.handoff import paging as handoff_paging
from helpline.line import Line
from helpline.live_queue.reservations import expire_offer
from helpline.outbox.bell import commit, roll_back
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import MAX_ATTEMPTS, lease_work, settle_done, settle_failed
from helpline.second_opinion import give_second_opinion
from helpline.store.db import db
from helpline.switches.turning import revert
from helpline.telephony.rest import PhoneLine
from helpline.texting import following, quiet, sending

log = structlog.get_logger()

Duty = Callable[[Session, Line, PhoneLine, OwedWork], None]
Alarm = Callable[[Session, Line, str], None]

PARKED = Counter("helpline_owed_work_parked_total", "Owed work given up after too many tries", ["kind"])

DUTIES: dict[str, Duty] = {
    "ring_counsellor": connect.ring_counsellor,
    "bring_caller": connect.bring_caller,
    "look_in_room": connect.look_in_room,
    "back_to_hold": leave.back_to_hold,
    "end_leg": leave.end_one_leg,
    "end_room": leave.end_room,
    "ring_child": calling_back.ring_child,
    "set_hold": leave.apply_hold,
    "ring_on_call_phone": paging.ring_on_call_phone,
    "ask_after_leg": legs.ask_after_leg,
    "second_opinion": give_second_opinion,
    "send_text": sending.send_text,
    "ask_after_text": following.ask_after_text,
    "look_for_texts": lost_texts.look_for_texts,
    "ask_child": asking_silently.ask_child,
    "fetch_from_question": asking_silently.fetch_from_question,
    "ring_desk": ringing.ring_desk,
    "announce_joining": ringing.announce_joining,
    "tell_desk_over": ringing.tell_desk_over,
    "child_gone_in_handoff": company.child_gone,
    "ring_page": handoff_paging.ring_page,
    "tell_partner": chain.tell,
}

# What must be told to people when a kind of work is given up, in the transaction that parks it.
GIVEN_UP: dict[str, Callable[[Session, Line, OwedWork], None]] = {
    "send_text": sending.give_up_text,
    "tell_partner": chain.give_up_telling,
}


def _expire_offer(session: Session, line: Line, reservation_id: str) -> None:
    expire_offer(session, reservation_id, line.policy, line.helpline.queue.missed_offers_until_away)


ALARMS: dict[str, Alarm] = {
    "offer_expires": _expire_offer,
    "connect_deadline": connect.connect_deadline,
    "ring_on_call": paging.ring_on_call,
    "check_call": watch.check_call,
    "question_over": asking_silently.question_over,
    "callback_deadline": calling_back.attempt_deadline,
    "handoff_try": chain.try_is_over,
    "handoff_clock": handoff_paging.clock_ran_out,
    "handoff_page": handoff_paging.page_people,
    milestones.MILESTONE_TIMER: milestones.milestone_is_due,
    shelter.HOLD_TIMER: shelter.hold_is_over,
    transport.ETA_TIMER: transport.eta_is_past,
    coming_of_age.BIRTHDAY_TIMER: coming_of_age.birthday_has_come,
    "switch_reverts": revert,
    quiet.UNANSWERED_TIMER: quiet.still_unanswered,
    quiet.IDLE_TIMER: quiet.child_is_quiet,
    quiet.CLOSE_TIMER: quiet.close_quiet,
    sending.CHECK_TIMER: following.check_text,
    lost_texts.LOOK_TIMER: lost_texts.look_is_due,
}


def perform_owed(work_id: int) -> None:
    """Do one owed work, if it is still to be done and nobody alive is at it. Called by RQ and by the clock."""
    line: Line = current_app.extensions["helpline"]
    phone: PhoneLine = current_app.extensions["phone_line"]
    session = db.session()
    work = lease_work(session, work_id)
    session.commit()
    if work is None:
        return
    session.expunge(work)  # stays as we took it on, with our lease, even if another takes it on before we settle it
    if work.attempts > MAX_ATTEMPTS:
        _keep_fault(session, line, work, "NeverSettled")  # each try ended its process; the next would end this one
        return
    try:
        DUTIES[work.kind](session, line, phone, work)
        settle_done(session, work_id, work.lease)
        commit(session, line.bell)
    except Exception as error:  # noqa: BLE001 - every fault is kept with the work, tried again, and parked in the end
        roll_back(session)
        _keep_fault(session, line, work, type(error).__name__)


def _keep_fault(session: Session, line: Line, work: OwedWork, fault: str) -> None:
    if settle_failed(session, work, fault):
        if tell := GIVEN_UP.get(work.kind):
            tell(session, line, work)
        PARKED.labels(work.kind).inc()
        log.error("owed_work_parked", work=work.id, kind=work.kind, fault=fault)
    else:
        log.warning("owed_work_failed", work=work.id, kind=work.kind, attempts=work.attempts, fault=fault)
    commit(session, line.bell)
