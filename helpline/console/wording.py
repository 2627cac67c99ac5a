"""What the console calls things. Codes come from the service; people read these words, in their own language."""

from flask_babel import lazy_gettext as _

LEVELS = {
    "critical": _("Critical"),
    "high": _("High"),
    "elevated": _("Elevated"),
    "routine": _("Routine"),
    "benign": _("No worry"),
}

CHANNELS = {"voice": _("Call"), "sms": _("Text"), "partner": _("From a partner")}

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

# What a child who can not speak answered with a key.
KEY_ANSWERS = {
    "yes": _("Yes"),
    "no": _("No"),
    "danger": _("Danger: pressed 9"),
    "none": _("No answer"),
    "gone": _("The line ended"),
    "not_put": _("Could not be asked"),
}

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
    "partially_delivered": _("Only part was delivered"),
    "received": _("Received"),
}

# Why a text did not go, by the telephone company's number or our own word for it.
MESSAGE_FAULTS = {
    "21610": _("The number is blocked for our texts: the child may have written STOP."),
    "21211": _("This is not a number that texts can go to."),
    "21408": _("Texts to this country are switched off."),
    "21612": _("This number can not be reached by text."),
    "21614": _("This number can not get texts: it may be a landline."),
    "30003": _("The phone is off or out of reach."),
    "30004": _("The phone or its network blocks our texts."),
    "30005": _("This number is not in use."),
    "30006": _("This number can not get texts: it may be a landline."),
    "30007": _("The network took it for unwanted advertising. Use plain words without links."),
    "63016": _("WhatsApp lets us write only within a day after the child's last text. Offer an SMS or a call."),
    "no_number": _("The number is withheld: no text can go to it."),
    "stopped": _("Held back: no texts go to this number now."),
    "given_up": _(
        "The telephone company did not answer after many tries. It may not have gone: ask, or send it again."
    ),
    "gone": _("The telephone company knows nothing of this text or number: it was not sent."),
    "not_safe": _("Held back: the conversation had ended, and nothing is sent after that."),
}

# The hand-off. What the police desk does is told as it happens: the counsellor holds the child meanwhile.
HANDOFF_STATES = {
    "draft": _("Not begun"),
    "awaiting_approval": _("Waits for a second person"),
    "offering": _("Asking partners"),
    "acknowledged": _("A partner has answered"),
    "accepted": _("A partner has taken it on"),
    "in_progress": _("Under way"),
    "recall_pending": _("Being recalled"),
    "recalled": _("Recalled"),
    "failed": _("Not possible"),
    "entered_in_error": _("Entered by mistake"),
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
    "drafting": _("Nobody has been asked yet."),
    "approval": _("A second person must agree before anybody is told."),
    "refused": _("A second person did not agree."),
    "asking": _("Partners are being asked."),
    "considering": _("They have seen it and will say."),
    "with_us": _("We answer for the child now."),
    "arrived": _("The child has arrived."),
    "no_show": _("The child has not come. Find out where the child is."),
    "reopened": _("It was taken up again."),
    "recalling": _("They are asked to stop and to delete."),
    "stopping": _("They are asked to stop."),
    "dispatched": _("Somebody has been sent."),
    "en_route": _("They are on their way."),
    "on_scene": _("They are there."),
    "child_met": _("They have met the child."),
}
OFFER_STATES = {
    "sent": _("being reached"),
    "delivered": _("delivered"),
    "seen": _("looking at it"),
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
    "interrupted": _("interrupted"),
    "rerouted": _("asked again from the start"),
    "recalled": _("recalled"),
    "failed_handoff": _("not possible"),
    "entered_in_error": _("entered by mistake"),
    "no_carrier": _("could not be written to"),
    "not_delivered": _("could not be delivered"),
    "no_mailbox": _("has no mailbox"),
    "no_mail_server": _("mail can not be sent"),
    "address_refused": _("its mailbox refuses"),
    "mail_refused": _("its mailbox refuses"),
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
    "left_on_own": _("The child left"),
    "not_safe_here": _("The child is not safe there"),
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
MARK_KINDS = {"abusive": _("Abusive"), "spam": _("Spam")}
MARK_STEPS = {"set": _("set"), "confirmed": _("confirmed"), "lifted": _("undone")}
MISSED_REASONS = {
    "hung_up_after_9": _("Pressed 9 and hung up"),
    "hung_up_after_disclosure": _("Told something grave and hung up"),
    "asked_for_callback": _("Asked to be called back"),
    "text_failed": _("Our text did not reach them"),
    "hung_up_waiting": _("Hung up while waiting"),
    "hung_up_in_menu": _("Hung up in the menu"),
}
MISSED_ENDINGS = {
    "talked": _("We have talked"),
    "came_back": _("They came back by themselves"),
    "not_safe": _("Reaching them is not safe"),
    "not_reached": _("Tried, and not reached"),
    "no_number": _("There is no number"),
    "nothing_to_do": _("Nothing to do"),
}
ATTEMPT_ENDS = {
    "talked": _("talked with us"),
    "no_answer": _("no answer"),
    "busy": _("busy"),
    "other_voice": _("another voice, or not now"),
    "no_key": _("pressed nothing"),
    "machine": _("a machine answered"),
    "failed": _("could not be rung"),
    "called_off": _("called off"),
    "written": _("the agreed words were written"),
}
WEEKDAYS = {
    "sun": _("Sunday"),
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
}
AREAS = {"north": _("North"), "south": _("South"), "country": _("Whole country")}

# The flows, told by when a child meets them; a flow made here has its own name only.
FLOWS = {
    "welcome": _("the first words of every call"),
    "silent_caller": _("a child who says and presses nothing"),
    "out_of_hours": _("calls while we are closed"),
    "waiting": _("in the queue, until somebody answers"),
    "text_welcome": _("the answer to a first text"),
}
MOMENTS = {"open": _("open"), "closed": _("closed"), "surge": _("a surge of calls"), "outage": _("an outage")}
