"""The life of a leg: rings, is answered or not, obeys its instructions, ends and is accounted for once."""

import logging
import threading
import time
from collections.abc import Callable

from helpline.simulator.exchange.answering import answer
from helpline.simulator.exchange.call_events import tell_progress
from helpline.simulator.exchange.calls import Call, CallEnded, DocumentRequest, NewInstructions
from helpline.simulator.exchange.hearing import say_aloud
from helpline.simulator.moments import now
from helpline.simulator.twiml.execution import DocumentFailed, Execution, VerbRule

log = logging.getLogger(__name__)
RINGING_BUFFER_S = 5
# A fallback that leads back to what failed must not go round for ever.
MOST_FAILURES = 10
VOICEMAIL_GREETING = "Nobody can take your call. Please leave a message after the tone."
VOICEMAIL_RECORDS_S = 20

Talk = Callable[[Execution], None]


def place_call(call: Call, talk: Talk, verbs: dict[str, VerbRule]) -> None:
    """Ring a phone for the service; `talk` is what the leg does once it is answered."""
    call.line.add_call(call)

    def ring_then_talk(execution: Execution) -> None:
        _ring(call)
        answer(call)
        talk(execution)

    start_leg(call, ring_then_talk, verbs)


def start_leg(call: Call, talk: Talk, verbs: dict[str, VerbRule]) -> None:
    """Let a leg live in its own thread from now to its end."""
    execution = Execution(call, verbs)
    threading.Thread(target=_live, args=(call, execution, talk), daemon=True, name=call.sid).start()


def _ring(call: Call) -> None:
    """Ring until somebody decides; raises CallEnded when it was not answered."""
    tell_progress(call, "initiated")
    with call.line.lock:
        call.status = "ringing"
        call.wake()
    tell_progress(call, "ringing")
    behaviour = call.line.behaviour_of(call.to_number)
    rings_for_s = call.ring_for_s + RINGING_BUFFER_S
    decides_itself = behaviour.kind in ("answer", "voicemail", "busy", "failed")
    wait_s = min(behaviour.after_s, rings_for_s) if decides_itself else rings_for_s
    call.wait(wait_s, lambda: call.answer_wish is not None)
    itself = behaviour.kind if behaviour.after_s <= rings_for_s else "no_answer"
    _settle(call, call.answer_wish or itself)


def _settle(call: Call, outcome: str) -> None:
    if call.machine_detection and outcome in ("answer", "voicemail"):
        call.answered_by = _told_apart(call, outcome)
    if outcome == "voicemail":
        threading.Thread(target=_speak_as_voicemail, args=(call,), daemon=True).start()
    if outcome in ("busy", "failed"):
        call.end(outcome, f"the phone was {outcome}")
    elif outcome in ("manual", "no_answer"):
        call.end("no-answer", "nobody answered")
    call.check_for_interruption()


def _told_apart(call: Call, outcome: str) -> str:
    if outcome != "voicemail":
        return "human"
    return "machine_end_beep" if call.machine_detection == "DetectMessageEnd" else "machine_start"


def _speak_as_voicemail(call: Call) -> None:
    time.sleep(call.line.account.real_seconds(2))
    say_aloud(call, VOICEMAIL_GREETING, "en-US")
    time.sleep(call.line.account.real_seconds(VOICEMAIL_RECORDS_S))
    call.end("completed", "the voicemail hung up")


def _live(call: Call, execution: Execution, talk: Talk) -> None:
    """The whole life of a leg, in its thread."""
    try:
        _obey_until_ended(execution, talk)
    except CallEnded:
        log.debug("call ended by order")
    except DocumentFailed as failure:
        call.line.leave_dead(call, failure.code, failure.url, str(failure))
        call.end("completed" if call.answered_at else "failed", f"dead line: {failure}")
    finally:
        _finish(call)


def _obey_until_ended(execution: Execution, talk: Talk) -> None:
    call, failures = execution.call, 0
    following: Talk | None = talk
    while following is not None:
        try:
            following(execution)
            following = None
        except NewInstructions as instructions:
            following = _running(instructions.request)
        except DocumentFailed as failure:
            failures += 1
            if failures > MOST_FAILURES:
                raise
            following = _running(_fallback_after(call, failure))
    call.end("completed", "the instructions ended")


def _running(request: DocumentRequest) -> Talk:
    return lambda execution: execution.run(request)


def _fallback_after(call: Call, failure: DocumentFailed) -> DocumentRequest:
    """The number's last resort; raises the failure again when there is none, or it is what failed."""
    fallback = call.fallback
    if fallback is None or failure.url == fallback.url:
        raise failure
    params = {"ErrorCode": str(failure.code), "ErrorUrl": failure.url}
    return DocumentRequest(fallback.url, fallback.method, params)


def _finish(call: Call) -> None:
    with call.line.lock:
        status = call.end_status or "failed"
        never_answered = call.answered_at is None and status == "completed"
        call.status, call.ended_at = ("canceled" if never_answered else status), now()
        participant = call.participant
        if participant is not None:
            reason = "participant_hung_up" if participant.joined_at else "participant_add_failed"
            participant.conference.leave(participant, reason)
        _wake_the_caller_who_dialled(call)
        call.note(f"{call.status}: {call.end_reason}")
        call.wake()
    tell_progress(call, "completed")


def _wake_the_caller_who_dialled(call: Call) -> None:
    """Whoever dialled this leg waits in their own thread for its end."""
    call.bridged_to = None
    caller = call.line.calls.get(call.parent_sid or "")
    if caller is not None:
        caller.wake()
