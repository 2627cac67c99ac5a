"""What the console calls things. Codes come from the service; people read these words, in their own language."""

from flask_babel import lazy_gettext as _

LEVELS = {
    "critical": _("Critical"),
    "high": _("High"),
    "elevated": _("Elevated"),
    "routine": _("Routine"),
    "benign": _("No worry"),
}

CHANNELS = {"voice": _("Call"), "sms": _("Text")}

# Of the child or caller.
LANGUAGES = {"ar": _("Arabic"), "en": _("English")}

ROLES = {
    "counsellor": _("Counsellor"),
    "shift_lead": _("Shift lead"),
    "administrator": _("Administrator"),
    "auditor": _("Auditor"),
}

ACTIVITIES = {"available": _("Available"), "unavailable": _("Away"), "offline": _("Signed out")}

STATES = {
    "menu": _("In the menu"),
    "waiting": _("Waiting"),
    "offered": _("Being offered"),
    "connecting": _("Being connected"),
    "connected": _("Talking"),
    "wrap_up": _("Record being written"),
    "closed": _("Closed"),
}

OUTCOMES = {
    "completed": _("Talk completed"),
    "abandoned": _("Caller left before anyone answered"),
    "transferred": _("Transferred"),
    "handed_off": _("Handed to a partner"),
    "callback": _("To be called back"),
    "referred": _("Referred"),
}

WISHES = {"woman": _("Wishes to talk with a woman"), "man": _("Wishes to talk with a man")}

LEG_ROLES = {
    "caller": _("Caller"),
    "counsellor": _("Counsellor"),
    "on_call": _("On call"),
    "partner": _("Partner"),
    "page": _("Called to a hand-off"),
}

LEG_STATES = {
    "owed": _("about to be rung"),
    "queued": _("about to be rung"),
    "initiated": _("about to be rung"),
    "ringing": _("ringing"),
    "in-progress": _("on the line"),
}

MESSAGE_STATES = {
    "owed": _("Being sent"),
    "accepted": _("Being sent"),
    "scheduled": _("Being sent"),
    "queued": _("Being sent"),
    "sending": _("Being sent"),
    "sent": _("Sent"),
    "delivered": _("Delivered"),
    "read": _("Read"),
    "undelivered": _("Not delivered"),
    "failed": _("Not sent"),
    "canceled": _("Not sent"),
    "received": _("Received"),
}
FAILED_MESSAGES = ("undelivered", "failed", "canceled")

ALERTS = {
    "clock_silent": _("The clock is silent: nobody is being offered to anybody. Restart it now."),
    "work_parked": _("Work was given up after many tries and waits for a person to look at it."),
    "nobody_on_shift": _("Nobody is available: children in danger ring the people on call."),
    "handoff_unreachable": _("No police desk has answered. A person must take this hand-off now."),
}

# The hand-off. What the police desk does is told as it happens: the counsellor holds the child meanwhile.
HANDOFF_STATES = {
    "offering": _("Reaching the police"),
    "acknowledged": _("A desk has answered"),
    "accepted": _("The police have the child"),
    "returned": _("Given back to us"),
    "unreachable": _("Nobody was reached"),
    "cancel_requested": _("Being called off"),
    "completed": _("Confirmed"),
    "cancelled": _("Stopped"),
    "closed": _("Over"),
}
PHASES = {
    "ringing": _("Their phone rings."),
    "screening": _("They are typing their PIN."),
    "briefing": _("They hear what it is about."),
    "joining": _("They are coming on the line."),
    "introduced": _("They are on the line with you and the child."),
    "redialling": _("The next desk is rung."),
    "paging": _("The shift lead is being rung until somebody takes it."),
    "report": _("The child has hung up; the report is being carried to them."),
    "with_partner": _("They answer for the child now."),
    "follow_up": _("One thing is left: the follow-up."),
    "over": _("Nothing is left to do."),
}
OFFER_STATES = {
    "sent": _("ringing"),
    "seen": _("typing the PIN"),
    "acked": _("answered"),
    "accepted": _("took the call"),
    "declined": _("declined"),
    "expired": _("took too long"),
    "withdrawn": _("not needed any more"),
    "lost": _("not reached"),
}
WHYS = {
    "no_answer": _("no answer"),
    "no-answer": _("no answer"),
    "busy": _("busy"),
    "failed": _("could not be rung"),
    "canceled": _("stopped"),
    "completed": _("hung up"),
    "hung_up": _("hung up"),
    "no_choice": _("pressed nothing"),
    "no_key": _("pressed nothing"),
    "no_pin": _("gave no PIN"),
    "wrong_pin": _("wrong PIN"),
    "declined": _("declined"),
    "took_too_long": _("took too long"),
    "taken": _("somebody else has it"),
    "child_gone": _("the child has hung up"),
    "returned": _("given back"),
    "cancelled": _("stopped"),
    "not_in_directory": _("no longer a partner"),
}
HANDOFF_OUTCOMES = {
    "child_safe_at_home": _("The child is safe at home"),
    "child_safe_elsewhere": _("The child is safe elsewhere"),
    "child_in_protection": _("The child is in protection"),
    "child_not_found": _("The child was not found"),
    "no_danger_found": _("No danger was found"),
    "other": _("Other"),
}
CANCEL_REASONS = {
    "child_is_safe": _("The child is safe"),
    "child_refuses": _("The child does not want it"),
    "other_help": _("Other help was found"),
    "by_mistake": _("It was a mistake"),
}
RETURN_REASONS = {
    "no_capacity": _("They can not do it now"),
    "other_area": _("It is another area"),
    "needs_more_info": _("They need to know more"),
    "not_theirs": _("It is not their task"),
    "technical": _("Something does not work"),
    "other": _("Other"),
}
CALL_BACKS = {
    "safe": _("Calling back is safe"),
    "unsafe": _("Calling back is not safe"),
    "no_number": _("There is no number"),
}
FOLLOW_UPS = {
    "called": _("Called: it is well"),
    "not_reached": _("Called: not reached"),
    "unsafe_to_call": _("Unsafe to call"),
}
AREAS = {"north": _("North"), "south": _("South"), "country": _("Whole country")}
