"""What a REST form asks for: a leg to ring, the instructions it follows, where to turn when they fail."""

from helpline.simulator.exchange.calls import LONGEST_CALL_S, Call, DocumentRequest
from helpline.simulator.exchange.line import Line
from helpline.simulator.rest.errors import NO_FROM_NUMBER, NO_TO_NUMBER, Refused
from helpline.simulator.rest.parameters import words
from helpline.simulator.wire.callbacks import CallbackPlan


def new_leg(line: Line, form, default_timeout_s: int = 60) -> Call:
    """The leg that a REST form asks for, not ringing yet."""
    if not form.get("To"):
        raise Refused(400, NO_TO_NUMBER, "No 'To' number is specified")
    if not form.get("From"):
        raise Refused(400, NO_FROM_NUMBER, "No 'From' number is specified")
    leg = Call(line, form["From"], form["To"], "outbound-api")
    leg.ring_for_s = int(form.get("Timeout") or default_timeout_s)
    leg.time_limit_s = int(form.get("TimeLimit") or LONGEST_CALL_S)
    leg.machine_detection = form.get("MachineDetection", "")
    if form.get("StatusCallback"):
        events = words(form, "StatusCallbackEvent", "completed")
        leg.callback = CallbackPlan(form["StatusCallback"], events, form.get("StatusCallbackMethod", "POST"))
    return leg


def instructions(form) -> DocumentRequest | None:
    """The document that a form points at or contains; None when it does neither."""
    if form.get("Twiml"):
        return DocumentRequest(twiml=form["Twiml"])
    if form.get("Url"):
        return DocumentRequest(form["Url"], form.get("Method", "POST"))
    return None


def fallback(form) -> DocumentRequest | None:
    """Where to turn when the instructions fail."""
    if not form.get("FallbackUrl"):
        return None
    return DocumentRequest(form["FallbackUrl"], form.get("FallbackMethod", "POST"))
