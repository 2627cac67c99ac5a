"""Finds texts whose webhook never reached us, in the telephone company's own list, so that no child writes in vain.

A text webhook that fails is not sent again. Every few minutes the clock has each line's list compared with ours.
"""

from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Message
from helpline.intake_text import text_found_late
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.outbox.timers import set_timer
from helpline.store.types import utc_now
from helpline.telephony.rest import PhoneLine, PhoneLineFault

log = structlog.get_logger()

LOOK_TIMER = "look_for_texts"
EVERY = timedelta(minutes=2)
# How far back, so that what came while we or the telephone company were away is found afterwards.
LOOK_BACK = timedelta(hours=6)
# A text so young may be in its webhook just now.
ON_ITS_WAY = timedelta(minutes=1)


def keep_looking(session: Session, line: Line) -> None:
    """Arm the look at each of our lines; a clock does so as it starts. The caller commits."""
    for number in line.helpline.numbers.sms:
        set_timer(session, LOOK_TIMER, number, utc_now() + EVERY)


def look_is_due(session: Session, line: Line, number: str) -> None:
    """Alarm: owe a look at this line's texts, and plan the next."""
    if number in line.helpline.numbers.sms:
        owe(session, "look_for_texts", number)
        set_timer(session, LOOK_TIMER, number, utc_now() + EVERY)


def look_for_texts(session: Session, line: Line, phone: PhoneLine, work: OwedWork) -> None:
    """Duty: take in every text of this line that the telephone company has and we have not."""
    now = utc_now()
    commit(session, line.bell)
    try:
        received = phone.list_received(work.subject, now - LOOK_BACK)
    except PhoneLineFault as fault:
        log.warning("texts_not_compared", fault=type(fault).__name__)
        return  # the next look is planned already
    known = select(Message.message_sid).where(Message.message_sid.in_([text.message_sid for text, _at in received]))
    ours = set(session.scalars(known))
    for text, sent_at in received:
        if text.message_sid not in ours and sent_at < now - ON_ITS_WAY:
            text_found_late(session, line, text, sent_at)
            commit(session, line.bell)
