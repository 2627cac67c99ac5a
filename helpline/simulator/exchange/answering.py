"""The moment a leg is answered."""

import threading

from helpline.simulator.exchange.call_events import tell_progress, tell_who_answered
from helpline.simulator.exchange.calls import LONGEST_CALL_S, Call
from helpline.simulator.moments import now


def answer(call: Call) -> None:
    """The call stands from now on."""
    with call.line.lock:
        call.status, call.answered_at = "in-progress", now()
        call.wake()
    tell_progress(call, "answered")
    tell_who_answered(call)
    if call.time_limit_s < LONGEST_CALL_S:
        limit_s = call.line.account.real_seconds(call.time_limit_s)
        timer = threading.Timer(limit_s, call.end, ("completed", "time limit"))
        timer.daemon = True
        timer.start()
