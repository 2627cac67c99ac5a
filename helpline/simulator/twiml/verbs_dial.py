"""Dial: into a conference, or to other phones (<Number>, <Client>) of which the first to answer is joined."""

from helpline.simulator.exchange.calls import CallEnded, DocumentRequest, NewInstructions
from helpline.simulator.twiml.dialled_legs import ring_others
from helpline.simulator.twiml.document import Verb
from helpline.simulator.twiml.execution import Execution
from helpline.simulator.twiml.room import enter_conference


def dial(execution: Execution, verb: Verb) -> DocumentRequest | None:
    """Connect the call; afterwards `action` hears how it went, or the next verb follows."""
    nouns = list(verb.children)
    if not nouns and verb.text:
        nouns = [Verb("Number", text=verb.text)]
    if not nouns:
        execution.call.note("13200 <Dial> with nobody to dial")
        return _action(execution, verb, {"DialCallStatus": "failed"})
    into_conference = nouns[0].name == "Conference"
    try:
        if into_conference:
            result = enter_conference(execution, nouns[0], verb.yes("hangupOnStar"))
        else:
            result = ring_others(execution, verb, nouns)
    except NewInstructions:
        raise  # the REST interface moved the call on: nobody asks the action
    except CallEnded:
        _tell_action(execution, verb, {"DialCallStatus": "answered" if into_conference else "completed"})
        raise
    return _action(execution, verb, result)


def _action(execution: Execution, verb: Verb, result: dict[str, str]) -> DocumentRequest | None:
    return execution.leading_to(verb, **result) if verb.get("action") else None


def _tell_action(execution: Execution, verb: Verb, result: dict[str, str]) -> None:
    """The caller hung up: the action is told, and its answer obeyed by nobody."""
    request = _action(execution, verb, result)
    if request is not None:
        execution.tell_action(request)
