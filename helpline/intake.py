"""The story in one file: a child calls, is recorded, heard, assessed, and waits for a person.

Each function here is one webhook and one transaction: what happened, the change it makes, the audit row and
the work it owes; whoever calls these commits, and then answers. Every answer has an address of its own
(`?n=` counts on), so the same webhook again finds its receipt, gets the same answer and changes nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from helpline.call_control.leave import caller_gone, lose_room
from helpline.call_control.watch import QUIET_S
from helpline.circumstances import read_circumstances
from helpline.conditions import first_conditions, read_conditions
from helpline.contacts.callbacks import ask_for_callback
from helpline.contacts.calls import in_room, room_of
from helpline.contacts.events import record_event
from helpline.contacts.level import note_signals
from helpline.contacts.models import Call, Contact, FlowSession
from helpline.contacts.number_marks import is_in_slower_lane
from helpline.contacts.opening import open_call
from helpline.contacts.questions import find_open_question
from helpline.contacts.stages import lock_contact_of_call
from helpline.line import Line
from helpline.live_queue.entries import join_queue
from helpline.noticing import heed_signals
from helpline.preferences import choose_language, choose_person
from helpline.spoken import Spoken, heed_spoken
from helpline.store.receipts import find_answer, keep_answer
from helpline.store.types import utc_now
from helpline.surveying import bring_back, say_goodbye
from helpline.telephony.inbound import InboundCall
from helpline.telephony.twiml import Answer
from ivr_flows.engine import resume, start
from ivr_flows.events import Answered, Event, LanguageChosen, SignalNoted
from ivr_flows.model import Heard, State, Step
from ivr_flows.retell import tell_on
from ivr_flows.wishes import REACHABLE_ON, WISHES
from triage.model import Signal

WELCOME, WAITING = "welcome", "waiting"
TALK_IS_OVER = ("wrap_up", "closed")
COMPANY = ("counsellor", "on_call", "partner")
OUR_OWN_DOING = ("redirected", "bridged", "redirected-from-bridged", "bridging-in-process")

Act = Callable[[Contact, Call], Answer]


def call_arrived(session: Session, line: Line, call: InboundCall, arrived_at: datetime) -> str:
    """The first webhook of a call: record it, then speak the first words. The same for everyone who calls.

    `arrived_at` is when the child first reached us, which is earlier than now if the database was away.
    """
    now = utc_now()
    receipt = f"{call.call_sid} /voice/incoming"
    likely = line.helpline.languages.likely(call.line, call.caller.country)
    step = start(line.flows, WELCOME, first_conditions(line), likely)
    answer = line.speaker.render(step.events, "/voice/step?n=1")
    opened = open_call(
        session,
        line.keys,
        call,
        language=step.state.language,
        flow_state=step.state.to_dict(),
        receipt=receipt,
        answer=answer,
        arrived_at=arrived_at,
        now=now,
        check_at=now + timedelta(seconds=QUIET_S),
    )
    if opened is None:
        return find_answer(session, receipt)
    if step.outcome:  # no flow could be loaded: straight to the queue
        return call_came_back(session, line, call, "/voice/incoming?no-flow", arrived_at, danger=False)
    return answer


def call_came_back(
    session: Session, line: Line, call: InboundCall, target: str, arrived_at: datetime, *, danger: bool
) -> str:
    """After one of our answers failed, the call comes back here and goes straight to a person, past the menus.

    `danger` is whether the child pressed 9 while we could not write it down.
    """

    def straight_to_queue(contact: Contact, leg: Call) -> Answer:
        if danger:
            _take_in(session, line, contact, [SignalNoted("danger_key")])
        if contact.state == "menu":
            assess_and_queue(session, line, contact)
        return _lead_on(session, line, contact, leg, line.speaker.answer())

    if lock_contact_of_call(session, call.call_sid) is None:
        call_arrived(session, line, call, arrived_at)
    return answer_once(session, line, call, target, straight_to_queue, danger=danger)


def answer_once(
    session: Session,
    line: Line,
    call: InboundCall,
    target: str,
    act: Act,
    *,
    danger: bool = False,
    spoken: Spoken | None = None,
    hears_after_talk: bool = False,
) -> str:
    """Answer a later webhook of a call: from its receipt if there is one, else by `act` on the locked contact.

    `danger` is whether 9 was pressed. It counts even where the answer has been given before: after a fault of ours
    a call may come by the same place twice, and no alarm may be taken for an echo. A true echo changes nothing.
    After the talk it brings the child back to a person; otherwise only an act that `hears_after_talk` is asked then.
    """
    found = lock_contact_of_call(session, call.call_sid)
    if found is None:  # the first webhook never reached the database: this one opens the contact
        return call_arrived(session, line, call, utc_now())
    contact, leg, _flow = found  # held, so that no step has to read the flow session again
    leg.last_heard_at = utc_now()
    receipt = f"{call.call_sid} {target}"
    before = find_answer(session, receipt)
    menu_hears_it = before is None and contact.state == "menu"
    if danger and before is None and contact.state in TALK_IS_OVER and not in_room(session, contact.id, "partner"):
        bring_back(session, line, contact, "danger_key")
    if danger and contact.state not in TALK_IS_OVER and not menu_hears_it:
        _take_in(session, line, contact, [SignalNoted("danger_key")])
    if before is not None:
        return before
    if spoken and contact.state not in TALK_IS_OVER:
        heed_spoken(session, line, contact, spoken)
    over = contact.state in TALK_IS_OVER and not hears_after_talk
    answer = str(_after_talk(session, line, contact, leg) if over else act(contact, leg))
    keep_answer(session, receipt, answer)
    return answer


def take_step(session: Session, line: Line, contact: Contact, leg: Call, heard: Heard) -> Answer:
    """A key, silence or speech in a menu."""
    with session.no_autoflush:  # all of it is written together, at the commit
        step = _advance(session, line, contact, heard)
        if step.outcome:
            return _end_menus(session, line, contact, leg, step)
    flow = session.get_one(FlowSession, contact.id)
    return line.speaker.answer().follow(step.events, f"/voice/step?n={flow.step}")


def wait_on(session: Session, line: Line, contact: Contact, leg: Call, queue_sid: str, heard: Heard) -> Answer:
    """One turn of the waiting loop: the next calm line, and whatever key was pressed. Also the caller's heartbeat."""
    leg.queue_sid = queue_sid or leg.queue_sid
    step = _advance(session, line, contact, heard)
    flow = session.get_one(FlowSession, contact.id)
    return line.speaker.answer().follow(step.events, f"/voice/waiting?n={flow.step}")


def _advance(session: Session, line: Line, contact: Contact, heard: Heard) -> Step:
    flow = session.get_one(FlowSession, contact.id)
    state = State.from_dict(flow.state) if flow.state else None
    asked = line.flows.flow_of(state) if state else line.flows.current.get(WAITING)
    conditions = read_conditions(session, line, asked, withheld=contact.caller_sealed is None)
    if state:
        step = resume(line.flows, state, heard, conditions)
    else:
        step = start(line.flows, WAITING, conditions, contact.language)
    flow.stories = tell_on(line.flows, flow.stories, state, heard, step.state, conditions)
    flow.state, flow.step = step.state.to_dict(), flow.step + 1
    _take_in(session, line, contact, step.events)
    return step


def _take_in(session: Session, line: Line, contact: Contact, events: Sequence[Event]) -> None:
    """Keep what a step tells about the child: language, answers by name, signals."""
    for event in events:
        match event:
            case LanguageChosen(language):
                choose_language(session, line, contact, language)
            case Answered(node, choice):
                record_event(session, contact.id, "flow.answered", "caller", node=node, choice=choice)
                if choice in WISHES:
                    choose_person(session, line, contact, WISHES[choice])
                if channel := REACHABLE_ON.get(choice):
                    ask_for_callback(session, line.keys, contact, channel=channel, safe=True, by="caller")
    signals = [Signal(event.name) for event in events if isinstance(event, SignalNoted)]
    heed_signals(session, line, contact, signals, "caller")


def _end_menus(session: Session, line: Line, contact: Contact, leg: Call, step: Step) -> Answer:
    assess_and_queue(session, line, contact)
    return _hold(session, line, contact, line.speaker.answer().follow(step.events, ""))


def assess_and_queue(session: Session, line: Line, contact: Contact) -> None:
    """Assess a locked new contact from all that is known of it, and let it join the queue."""
    told = [Signal(old["name"], old["value"]) for old in contact.signals]
    contact.signals = []
    circumstances = read_circumstances(session, line, contact, utc_now())
    # A text brings a signal of its own. Either way there is one, so that nobody is ever taken for benign unheard.
    arrived = [Signal("call_arrived")] if contact.channel == "voice" else []
    note_signals(session, contact, [*arrived, *told, *circumstances], line.rules)
    slower_by_s = (
        line.helpline.number_marks.slower_by_s if is_in_slower_lane(session, line.keys, contact, utc_now()) else 0
    )
    join_queue(session, contact, line.targets(contact.channel), line.policy, "caller", slower_by_s)


def _hold(session: Session, line: Line, contact: Contact, answer: Answer) -> Answer:
    """Then hold, from the first line of the waiting loop."""
    flow = session.get_one(FlowSession, contact.id)
    flow.state, flow.step = {}, flow.step + 1
    return answer.hold(flow.step)


def leave_hold(session: Session, line: Line, contact: Contact, leg: Call, result: str) -> Answer:
    """The telephone company's hold queue has let the caller go, for the reason `result`."""
    record_event(session, contact.id, "hold.ended", "twilio", result=result)
    if result == "hangup":
        caller_gone(session, line, contact, "hung_up_on_hold")
        return line.speaker.answer()
    if result in OUR_OWN_DOING:
        return line.speaker.answer()  # the call has gone on elsewhere already; this answer is not spoken
    # queue-full, error, system-error: their queue would not hold the child. Ours does; try theirs again.
    answer = line.speaker.answer().say("hold.moment", languages=[contact.language]).pause(5)
    return _hold(session, line, contact, answer)


def enter_room(session: Session, line: Line, contact: Contact, leg: Call) -> Answer:
    """The caller was taken out of hold: into the room, if the counsellor is still there for them."""
    if _belongs_in_room(session, contact):
        return _to_room(session, line, contact, leg)
    return back_in_line(session, line, contact, leg)


def leave_room(session: Session, line: Line, contact: Contact, leg: Call, call_status: str) -> Answer:
    """The caller's stay in the room is over. Whoever is still on the line is never left without a way on."""
    if call_status == "completed":
        caller_gone(session, line, contact, "hung_up")
        return line.speaker.answer()
    if contact.state == "connected" and (question := find_open_question(session, contact.id)):
        return line.speaker.answer().go_on_at("/voice/asked", q=question.id)  # on the way to it, and not lost
    if contact.state in ("connected", "connecting"):
        lose_room(session, line, contact)
    return back_in_line(session, line, contact, leg)


def go_back_to_room(session: Session, line: Line, contact: Contact, leg: Call, answer: Answer) -> Answer:
    """After a question put to them alone: to whoever is with them, or on hold when nobody is any more."""
    session.get_one(FlowSession, contact.id).step += 1
    if _belongs_in_room(session, contact):
        return _enter(session, contact, leg, answer)
    return _lead_on(session, line, contact, leg, answer.say("connect.back_in_line", languages=[contact.language]))


def back_in_line(session: Session, line: Line, contact: Contact, leg: Call) -> Answer:
    """On hold again, with a word of why, at the place they had."""
    if _belongs_in_room(session, contact):  # sent here too late: a person is with them by now
        return _to_room(session, line, contact, leg)
    record_event(session, contact.id, "hold.again", "twilio")
    answer = line.speaker.answer().say("connect.back_in_line", languages=[contact.language])
    return _lead_on(session, line, contact, leg, answer)


def _lead_on(session: Session, line: Line, contact: Contact, leg: Call, answer: Answer) -> Answer:
    """Where a child belongs who is on the line and nowhere: with the person who is there for them, or on hold."""
    if _belongs_in_room(session, contact):
        return _to_room(session, line, contact, leg)
    if contact.state == "connected":
        lose_room(session, line, contact)
    leg.joined_at, leg.left_at, leg.on_hold = None, None, False
    return _hold(session, line, contact, answer)


def _belongs_in_room(session: Session, contact: Contact) -> bool:
    return contact.state in ("connecting", "connected") and bool(in_room(session, contact.id, *COMPANY))


def _to_room(session: Session, line: Line, contact: Contact, leg: Call) -> Answer:
    answer = line.speaker.answer().say("connect.introduction", languages=[contact.language])
    return _enter(session, contact, leg, answer)


def _enter(session: Session, contact: Contact, leg: Call, answer: Answer) -> Answer:
    leg.queue_sid, leg.on_hold = None, False
    flow = session.get_one(FlowSession, contact.id)
    return answer.enter_room(room_of(contact.id), leg.id, f"/voice/room-left?n={flow.step}")


def _after_talk(session: Session, line: Line, contact: Contact, leg: Call) -> Answer:
    """The counsellor's part is over: the partner who has the child keeps them, everyone else hears the goodbye."""
    if in_room(session, contact.id, "partner"):
        return _to_room(session, line, contact, leg)
    return say_goodbye(line, contact, leg)
