"""A person calls the helpline's number."""

from helpline.simulator.exchange.calls import Call, DocumentRequest
from helpline.simulator.exchange.legs import start_leg
from helpline.simulator.exchange.line import Line
from helpline.simulator.twiml.verbs import CALL_VERBS
from helpline.simulator.wire.callbacks import CallbackPlan


def dial_in(line: Line, from_number: str, to_number: str) -> Call:
    """Begin a call to the service's number; returns at once, the call lives in its own thread."""
    call = Call(line, from_number, to_number, "inbound", status="ringing")
    call.callback = CallbackPlan(line.account.webhook("/voice/status"), frozenset({"completed"}))
    call.fallback = DocumentRequest(line.account.fallback_url)
    first = DocumentRequest(line.account.webhook("/voice/incoming"))
    line.add_call(call)
    start_leg(call, lambda execution: execution.run(first), CALL_VERBS)
    return call
