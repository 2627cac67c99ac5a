"""When a conversation falls silent: who is reminded of it, and when it ends by itself.

Nothing is ever sent to a child because time has passed: a telephone that lights up by itself can betray them.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.call_control.leave import end_talk
from helpline.contacts.alerts import raise_alert, settle_alert
from helpline.contacts.models import Contact
from helpline.contacts.stages import lock_contact
from helpline.handoff.moving import find_live
from helpline.line import Line
from helpline.outbox.timers import cancel_timers, set_timer
from helpline.store.types import utc_now

UNANSWERED_TIMER = "text_unanswered"
IDLE_TIMER = "text_idle"
CLOSE_TIMER = "text_close"
GRAVE = ("critical", "high")


def child_wrote(session: Session, line: Line, contact: Contact) -> None:
    """A text has come into a locked contact: whoever has it is reminded if it stays unanswered."""
    settle_alert(session, contact, "idle", "caller")
    if contact.state == "connected":
        answer_is_due(session, line, contact)


def answer_is_due(session: Session, line: Line, contact: Contact) -> None:
    """From now on whoever has this locked contact owes the child an answer, and it is not the child who is quiet."""
    cancel_timers(session, contact.id, IDLE_TIMER, CLOSE_TIMER)
    set_timer(session, UNANSWERED_TIMER, contact.id, _in(line.helpline.texting.unanswered_after_s))


def we_wrote(session: Session, line: Line, contact: Contact) -> None:
    """The counsellor of a locked contact has answered: now we wait for the child."""
    cancel_timers(session, contact.id, UNANSWERED_TIMER)
    settle_alert(session, contact, "unanswered", f"staff:{contact.counsellor_id}")
    rules = line.helpline.texting
    set_timer(session, IDLE_TIMER, contact.id, _in(rules.idle_after_s))
    set_timer(session, CLOSE_TIMER, contact.id, _in(rules.close_after_s))


def still_unanswered(session: Session, line: Line, contact_id: str) -> None:
    """Alarm: a child's text has stood unanswered too long."""
    _alert_if_connected(session, contact_id, "unanswered")


def child_is_quiet(session: Session, line: Line, contact_id: str) -> None:
    """Alarm: the child has not written for a while; the counsellor decides what that means."""
    _alert_if_connected(session, contact_id, "idle")


def close_quiet(session: Session, line: Line, contact_id: str) -> None:
    """Alarm: the child has been quiet for long; the record is written next.

    At high risk, and while a partner is being asked to take the child on, a person decides that.
    """
    contact = lock_contact(session, UUID(contact_id))
    if contact.state != "connected":
        return
    if contact.level in GRAVE or find_live(session, contact.id):
        raise_alert(session, contact, "idle", "clock")
        return
    settle_alert(session, contact, "idle", "clock")
    end_talk(session, line, contact, "clock")


def _alert_if_connected(session: Session, contact_id: str, kind: str) -> None:
    contact = lock_contact(session, UUID(contact_id))
    if contact.state == "connected":
        raise_alert(session, contact, kind, "clock")


def _in(seconds: int) -> datetime:
    return utc_now() + timedelta(seconds=seconds)
