"""Verbs that lead elsewhere or end the call: Redirect, Hangup, Reject."""

from helpline.simulator.exchange.calls import DocumentRequest
from helpline.simulator.twiml.document import Verb
from helpline.simulator.twiml.execution import Execution


def redirect(execution: Execution, verb: Verb) -> DocumentRequest:
    """Go on with the document at this address."""
    return execution.leading_to(verb, url=verb.text)


def hang_up(execution: Execution, verb: Verb) -> None:
    """End the call."""
    execution.call.end("completed", "<Hangup>")
    execution.call.check_for_interruption()


def reject(execution: Execution, verb: Verb) -> None:
    """Refuse a call that has not been answered."""
    status = "busy" if verb.get("reason") == "busy" else "no-answer"
    execution.call.end(status, "<Reject>")
    execution.call.check_for_interruption()
