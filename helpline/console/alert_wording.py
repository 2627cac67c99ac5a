"""Words for what needs a person now, of one contact or of the whole floor, and for a floor that is overrun."""

from flask_babel import lazy_gettext as _

# What about a contact needs a person now, and beside it what that person can do.
CONTACT_ALERTS = {
    "level_rose": _("The last text raised the level."),
    "stop_asked": _("The child wrote only a word like “stop”."),
    "texts_blocked": _("The telephone company lets none of our texts through to this number."),
    "not_delivered": _("A text of ours did not arrive."),
    "media": _("Pictures or files came with a text. Nobody has looked at them."),
    "unanswered": _("The child's text waits for an answer."),
    "idle": _("The child has not written for a while."),
}
CONTACT_ALERT_ADVICE = {
    "level_rose": _("Read it again, and judge the level yourself."),
    "stop_asked": _("It may mean the texts, or what is being done to them. You decide. You may go on writing."),
    "texts_blocked": _("The child may have written STOP. Offer a call, if calling is safe; START opens texts again."),
    "not_delivered": _("See below why. Send it again, or offer a call if calling is safe."),
    "media": _("Do not ask for more. If a report may be due, a shift lead can release where they are kept."),
    "unanswered": _("Write now, or hand the conversation over."),
    "idle": _("Wait, write once more, or end the conversation. Nothing is sent by itself."),
}

ALERTS = {
    "clock_silent": _("The clock is silent: nobody is being offered to anybody. Restart it now."),
    "work_parked": _("Work was given up after many tries and waits for a person to look at it."),
    "flows_faulty": _(
        "A flow has faults and was not taken up: children hear the last good version. See the flows page."
    ),
    "rules_faulty": _(
        "The newest risk rules have faults and were not taken up: the last good ones are in force. See the rules page."
    ),
    "nobody_on_shift": _("Nobody is available: children in danger ring the people on call."),
    "missed_overdue": _("Children who hung up or asked to be called back have waited too long for a person to look."),
    "handoff_unreachable": _("No police desk has answered. A person must take this hand-off now."),
}

SWITCHES = {"surge": _("Surge"), "outage": _("Outage")}
SWITCHES_ABOUT = {
    "surge": _("Very many call: callers hear that it may take longer, and are offered other ways earlier."),
    "outage": _("A person can hardly be reached: callers hear what they can do now, and still wait and are recorded."),
}
# What the service gives as its own reason; people give theirs in their own words.
SWITCH_REASONS = {
    "nobody_reachable": _("A child waits, and nobody is at work or on call"),
    "phones_not_rung": _("The telephone company does not ring our phones"),
}
