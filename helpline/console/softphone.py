"""Facts about the browser as a counsellor's telephone: whether it is possible here, and what its page is allowed."""

from collections.abc import Mapping

from flask import current_app
from flask_babel import gettext as _

from helpline.console.guard import the_line
from helpline.console.headers import PAGE_POLICY, write_policy
from helpline.staff.models import Staff

BROWSER = "browser"
# What the page's script says in its form once the telephone company can ring this browser, and when it no longer can.
REGISTERED, LOST = "registered", "softphone_lost"
# The telephone company's signalling, quality reports and sounds; and the child's voice, which is a media stream.
CALL_POLICY = write_policy(
    PAGE_POLICY
    | {
        "connect-src": "'self' https://*.twilio.com wss://*.twilio.com",
        "media-src": "mediastream: https://sdk.twilio.com",
    }
)


def describe_softphone(person: Staff) -> dict:
    """For the templates: `chosen`, whether its program is `loaded`, and the `fault` that keeps it from working."""
    chosen = person.device == BROWSER
    return {"chosen": chosen, "loaded": chosen and the_line().settings.softphone_ready, "fault": find_fault()}


def find_fault() -> str:
    """Why no browser can be a telephone here, in words; empty when it can."""
    if not the_line().settings.softphone_ready:
        return _("Not available: the Twilio keys for it are not set.")
    if not current_app.extensions["softphone_sdk"].is_file():
        return _("Not available: Twilio's program for it is not installed (make softphone).")
    return ""


def can_be_rung(person: Staff, form: Mapping[str, str]) -> bool:
    """Whether calls reach her: a browser is a telephone only while it is registered, and only its page knows that."""
    return person.device != BROWSER or form.get("softphone") == REGISTERED
