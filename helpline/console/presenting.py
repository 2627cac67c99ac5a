"""How single things are shown: numbers that keep their direction, hidden characters made visible, durations, words."""

import re
import time
import unicodedata
from datetime import datetime

from flask import Flask
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape

from helpline.console import alert_wording, handoff_words, wording
from helpline.console.handoff_panel import next_clock

# Characters that can turn what is read into something else than what is stored: overrides, isolates, controls.
HIDDEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]")
WORDS = {
    "level": wording.LEVELS,
    "channel": wording.CHANNELS,
    "spoken": wording.LANGUAGES,
    "role": wording.ROLES,
    "activity": wording.ACTIVITIES,
    "state": wording.STATES,
    "outcome": wording.OUTCOMES,
    "wish": wording.WISHES,
    "key_answer": wording.KEY_ANSWERS,
    "leg_role": wording.LEG_ROLES,
    "leg_state": wording.LEG_STATES,
    "message_state": wording.MESSAGE_STATES,
    "contact_alert": alert_wording.CONTACT_ALERTS,
    "contact_alert_advice": alert_wording.CONTACT_ALERT_ADVICE,
    "alert": alert_wording.ALERTS,
    "switch": alert_wording.SWITCHES,
    "switch_about": alert_wording.SWITCHES_ABOUT,
    "switch_reason": alert_wording.SWITCH_REASONS,
    "handoff_state": wording.HANDOFF_STATES,
    "phase": wording.PHASES,
    "desk_state": wording.OFFER_STATES,
    "desk_why": wording.WHYS,
    "handoff_outcome": wording.HANDOFF_OUTCOMES,
    "cancel_reason": wording.CANCEL_REASONS,
    "return_reason": wording.RETURN_REASONS,
    "call_back": wording.CALL_BACKS,
    "follow_up": wording.FOLLOW_UPS,
    "handoff_act": handoff_words.ACTS,
    "handoff_field": handoff_words.FIELDS,
    "handoff_code": handoff_words.CODES | wording.FOLLOW_UPS | wording.CANCEL_REASONS | wording.RETURN_REASONS,
    "priority": handoff_words.PRIORITIES,
    "told": handoff_words.TOLD,
    "area": wording.AREAS,
    "missed_reason": wording.MISSED_REASONS,
    "missed_ending": wording.MISSED_ENDINGS,
    "attempt_end": wording.ATTEMPT_ENDS,
    "weekday": wording.WEEKDAYS,
    "flow_when": wording.FLOWS,
    "flow_moment": wording.MOMENTS,
    "mark_kind": wording.MARK_KINDS,
}


def add_filters(app: Flask) -> None:
    """Give them to the templates: each table of words as a filter, and the functions below."""
    for name, words in WORDS.items():
        app.add_template_filter(_reader(words), name)
    for function in (phone, shown, clock, since, until, seconds_since, seconds_left, own_words, next_clock):
        app.add_template_filter(function)
    app.add_template_global(time.time, "now")


def _reader(words: dict):
    def read(code: str) -> str:
        # A code this version has no word for is shown as it is: strange, but never hidden.
        return words.get(code, code)

    return read


def phone(number: str) -> Markup:
    """A telephone number, left to right in every language."""
    return Markup('<bdi dir="ltr" class="number">{}</bdi>').format(number)


def shown(text: str) -> Markup:
    """What someone wrote, as text; hidden control characters stand out by their names."""
    parts = []
    place = 0
    for found in HIDDEN.finditer(text):
        parts += [escape(text[place : found.start()]), _name(found.group())]
        place = found.end()
    return Markup("").join([*parts, escape(text[place:])])


def _name(character: str) -> Markup:
    name = unicodedata.name(character, _("control character"))
    return Markup('<span class="control" title="{}">U+{:04X}</span>').format(name, ord(character))


def clock(seconds: float | None) -> str:
    """A duration as 1:05 or 1:02:03."""
    whole = max(int(seconds or 0), 0)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def since(seconds: float | None) -> Markup:
    """A duration that goes on counting in the browser."""
    return Markup('<span class="clock" dir="ltr" data-since="{:.0f}">{}</span>').format(
        time.time() - (seconds or 0), clock(seconds)
    )


def until(seconds: float) -> Markup:
    """What is left of a time, counted down in the browser; past it, how late."""
    return Markup('<span class="clock" dir="ltr" data-until="{:.0f}">{}</span>').format(
        time.time() + seconds, ("−" if seconds < 0 else "") + clock(abs(seconds))
    )


def seconds_since(instant: str) -> float:
    """Seconds that have passed since a written instant."""
    return time.time() - datetime.fromisoformat(instant).timestamp()


def seconds_left(instant: str) -> int:
    """Whole seconds until a written instant; nothing less than none."""
    return max(int(-seconds_since(instant)), 0)


def own_words(texts: dict) -> str:
    """A sentence kept in several languages, in the reader's; else in any."""
    return texts.get(str(get_locale())) or next(iter(texts.values()), "")
