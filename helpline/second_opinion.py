"""A text that came in is weighed a second time, in a worker, after its answer has gone out.

It may raise the contact to high. That it is missing, slow or wrong changes nothing but a figure in the metrics.
"""

from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy.orm import Session

from helpline.contacts.alerts import raise_alert
from helpline.contacts.events import record_event
from helpline.contacts.level import note_signals, was_judged_since
from helpline.contacts.messages import open_body
from helpline.contacts.models import Contact, Message
from helpline.contacts.stages import lock_contact
from helpline.likeness.model import OpinionUnavailable
from helpline.line import Line
from helpline.live_queue.entries import rank_anew
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.telephony.rest import PhoneLine
from triage.model import RiskLevel, Signal
from triage.rules import SECOND_OPINION
from triage.second_opinion.weigh import Opinion

log = structlog.get_logger()

OPINIONS = Counter("helpline_second_opinions_total", "Texts weighed a second time, by what came of it", ["outcome"])
PAST = ("wrap_up", "closed")


def ask_second_opinion(session: Session, line: Line, message: Message) -> None:
    """Owe a second look at this text, unless the helpline wants none."""
    if line.second_opinion.wanted:
        owe(session, "second_opinion", message.id)


def give_second_opinion(session: Session, line: Line, _phone: PhoneLine, work: OwedWork) -> None:
    """Duty: weigh one text by nearness to examples, and raise its contact to high if that says so."""
    message = session.get(Message, UUID(work.subject))
    if message is None:  # erased in between
        return
    try:
        opinion = line.second_opinion.ask([open_body(line.keys, message)])[0]
    except OpinionUnavailable as fault:
        OPINIONS.labels("unavailable").inc()
        log.warning("second_opinion_unavailable", why=str(fault))
        return
    OPINIONS.labels(_heed(session, line, message, opinion)).inc()


def _heed(session: Session, line: Line, message: Message, opinion: Opinion) -> str:
    if not opinion.raises:
        return "agreed"
    contact = lock_contact(session, message.contact_id)
    if contact.state in PAST or RiskLevel(contact.level) >= RiskLevel.high:
        return "too_late" if contact.state in PAST else "high_already"
    if was_judged_since(session, contact, message.created_at):
        return "judged_by_person"  # who has read this very text knows more than its wording tells
    return "raised" if _raise_level(session, line, contact, message, opinion) else "no_news"


def _raise_level(session: Session, line: Line, contact: Contact, message: Message, opinion: Opinion) -> bool:
    if not note_signals(session, contact, [Signal(SECOND_OPINION)], line.rules):
        return False
    near = {"message": str(message.id), "nearest": list(opinion.nearest), "margin": opinion.margin}
    record_event(session, contact.id, "contact.second_opinion", "rules", **near)
    rank_anew(session, contact, line.targets(contact.channel), line.policy, "rules")
    if contact.state == "connected":
        raise_alert(session, contact, "level_rose", "rules")
    return True
