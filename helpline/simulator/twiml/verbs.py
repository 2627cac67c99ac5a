"""All verbs that a call may be given, by name."""

from helpline.simulator.twiml.verbs_dial import dial
from helpline.simulator.twiml.verbs_flow import hang_up, redirect, reject
from helpline.simulator.twiml.verbs_queue import enqueue, leave_nothing
from helpline.simulator.twiml.verbs_speech import PROMPTS, gather

CALL_VERBS = {
    **PROMPTS,
    "Gather": gather,
    "Redirect": redirect,
    "Enqueue": enqueue,
    "Leave": leave_nothing,
    "Dial": dial,
    "Hangup": hang_up,
    "Reject": reject,
}
