"""Verbs of waiting: Enqueue, with its document that is asked for again and again, and Leave."""

from helpline.simulator.exchange.calls import CallEnded, DocumentRequest, Heard, NewInstructions
from helpline.simulator.exchange.queues import Place, QueueFull, WaitingQueue, find_queue, wait_params
from helpline.simulator.twiml.document import Verb
from helpline.simulator.twiml.execution import DocumentFailed, Execution
from helpline.simulator.twiml.verbs_flow import hang_up, redirect
from helpline.simulator.twiml.verbs_speech import PROMPTS, gather


class LeftQueue(Exception):
    """A wait document said <Leave>."""


def leave(execution: Execution, verb: Verb) -> None:
    """Give up waiting; the call goes on with <Enqueue>'s action."""
    raise LeftQueue


WAIT_VERBS = {**PROMPTS, "Gather": gather, "Redirect": redirect, "Hangup": hang_up, "Leave": leave}


def leave_nothing(execution: Execution, verb: Verb) -> None:
    """<Leave> outside a queue has nothing to leave."""
    execution.call.note("12200 <Leave> outside a queue")


def enqueue(execution: Execution, verb: Verb) -> DocumentRequest | None:
    """Hold the call in a queue until it is taken out, leaves, or ends; the action hears how it ended."""
    try:
        place = _join(execution, verb)
    except QueueFull:
        return _action(execution, verb, {"QueueResult": "queue-full"})
    try:
        _hold(execution, verb, place)
    except LeftQueue:
        return _action(execution, verb, _take_out(place, "leave"))
    except NewInstructions:
        _tell_action(execution, verb, _take_out(place, "redirected"))
        raise
    except CallEnded:
        _tell_action(execution, verb, _take_out(place, "hangup"))
        raise
    except DocumentFailed:
        _tell_action(execution, verb, _take_out(place, "error"))
        raise
    return None


def _join(execution: Execution, verb: Verb) -> Place:
    line = execution.call.line
    with line.lock:
        queue = find_queue(line.queues, lambda queue: queue.friendly_name == verb.text)
        if queue is None:
            queue = WaitingQueue(verb.text)
            line.queues.append(queue)
        queue.max_size = verb.number("maxQueueSize", queue.max_size)
        place = queue.join(execution.call)
        line.touch()
    execution.call.note(f"joined queue {verb.text}")
    return place


def _hold(execution: Execution, verb: Verb, place: Place) -> None:
    """Ask for the wait document for ever; without one, music."""
    if not verb.get("waitUrl"):
        execution.play(Heard("music", "hold music"), None)
    waiting = execution.waiting(WAIT_VERBS)
    method = verb.get("waitUrlMethod", "POST").upper()
    while True:
        began = len(execution.call.heard)
        waiting.run(execution.leading_to(verb, method, verb.get("waitUrl"), **wait_params(place)))
        if len(execution.call.heard) == began:
            waiting.pause(1)  # a wait document that says nothing must not become a storm of requests


def _take_out(place: Place, result: str) -> dict[str, str]:
    with place.call.line.lock:
        waited_s = place.waited_s
        place.result = result
        place.queue.remove(place)
        place.call.line.touch()
    place.call.note(f"left queue {place.queue.friendly_name}: {result}")
    return {"QueueResult": result, "QueueSid": place.queue.sid, "QueueTime": str(waited_s)}


def _action(execution: Execution, verb: Verb, result: dict[str, str]) -> DocumentRequest | None:
    return execution.leading_to(verb, **result) if verb.get("action") else None


def _tell_action(execution: Execution, verb: Verb, result: dict[str, str]) -> None:
    request = _action(execution, verb, result)
    if request is not None:
        execution.tell_action(request)
