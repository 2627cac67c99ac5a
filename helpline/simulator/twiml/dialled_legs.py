"""Ringing other phones for a caller (<Dial><Number>): all at once, the first to answer is joined."""

from urllib.parse import urljoin

from helpline.simulator.exchange.calls import LONGEST_CALL_S, Call, CallEnded, NewInstructions
from helpline.simulator.exchange.legs import place_call
from helpline.simulator.moments import seconds_between
from helpline.simulator.twiml.document import Verb
from helpline.simulator.twiml.execution import Execution
from helpline.simulator.wire.callbacks import CallbackPlan

DEFAULT_EVENTS = "completed"


def ring_others(execution: Execution, verb: Verb, nouns: list[Verb]) -> dict[str, str]:
    """Ring every noun's phone, talk with the first that answers until one hangs up; the action's fields."""
    caller = execution.call
    legs = [_ring(execution, verb, noun) for noun in nouns]
    try:
        execution.pause(None, lambda: caller.bridged_to is not None or all(leg.ended for leg in legs))
        talking_to = caller.bridged_to
        if talking_to is not None:
            _give_up([leg for leg in legs if leg is not talking_to])
            execution.pause(None, lambda: talking_to.ended)
    except (CallEnded, NewInstructions):
        _give_up(legs)
        raise
    finally:
        with caller.line.lock:
            caller.bridged_to = None
    return _result(talking_to or legs[0])


def _ring(execution: Execution, verb: Verb, noun: Verb) -> Call:
    caller = execution.call
    identities = [child.text for child in noun.children if child.name == "Identity"]
    number = f"client:{identities[0] if identities else noun.text}" if noun.name == "Client" else noun.text
    leg = Call(
        caller.line,
        verb.get("callerId", caller.from_number),
        number,
        "outbound-dial",
        parent_sid=caller.sid,
        callback=_callback(execution, noun),
        ring_for_s=verb.number("timeout", 30),
        time_limit_s=verb.number("timeLimit", LONGEST_CALL_S),
        machine_detection=noun.get("machineDetection") or "",
    )
    whisper = execution.leading_to(noun, url=noun.get("url")) if noun.get("url") else None

    def talk(callee: Execution) -> None:
        callee.run(whisper)
        _bridge(caller, callee)

    place_call(leg, talk, execution.verbs)
    return leg


def _callback(execution: Execution, noun: Verb) -> CallbackPlan | None:
    if not noun.get("statusCallback"):
        return None
    url = urljoin(execution.document_url, noun.get("statusCallback"))
    events = frozenset(noun.get("statusCallbackEvent", DEFAULT_EVENTS).split())
    return CallbackPlan(url, events, noun.get("statusCallbackMethod", "POST").upper())


def _bridge(caller: Call, callee: Execution) -> None:
    """The callee's side: join the caller, unless another phone was quicker."""
    leg = callee.call
    with caller.line.lock:
        if caller.bridged_to is not None or caller.ended or caller.end_status:
            leg.end("completed", "another phone was quicker")
        else:
            caller.bridged_to, leg.bridged_to = leg, caller
            caller.wake()
    callee.pause(None)


def _give_up(legs: list[Call]) -> None:
    for leg in legs:
        leg.end("completed" if leg.answered_at else "canceled", "the caller no longer needs this phone")


def _result(leg: Call) -> dict[str, str]:
    talked = leg.answered_at is not None
    status = "completed" if talked else leg.status
    result = {"DialCallStatus": status, "DialCallSid": leg.sid, "DialBridged": "true" if talked else "false"}
    if talked:
        result["DialCallDuration"] = str(seconds_between(leg.answered_at, leg.ended_at))
    return result
