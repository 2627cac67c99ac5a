"""On their eighteenth birthday a child's own word takes the place of the guardian's: somebody of ours sees to it."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.handoff.models import HandoffMember
from helpline.handoff.moving import CLOCK, lock_handoff, note
from helpline.handoff.paging import start_paging
from helpline.handoff.transitions import LIVE
from helpline.line import Line
from helpline.outbox.timers import set_timer
from helpline.store.types import utc_now

BIRTHDAY_TIMER = "handoff_birthday"
OF_AGE = 18


def await_birthday(session: Session, line: Line, member: HandoffMember, born: date) -> None:
    """Ring on the morning of the day, by our own clock, unless it is past."""
    leap_day = born.month == 2 and born.day == 29
    day = date(born.year + OF_AGE, 3, 1) if leap_day else born.replace(year=born.year + OF_AGE)
    morning = datetime.combine(day, time(8), line.helpline.zone)
    if morning > utc_now():
        set_timer(session, BIRTHDAY_TIMER, member.id, morning)


def birthday_has_come(session: Session, line: Line, member_id: str) -> None:
    """Timer: consent is theirs to give from today; a task for a person while the hand-off is open."""
    member = session.get_one(HandoffMember, UUID(member_id))
    _contact, handoff = lock_handoff(session, member.handoff_id)
    if handoff.state not in LIVE:
        return
    note(session, handoff, "turned_eighteen", CLOCK, member=member.number, consent_holder="self")
    start_paging(session, handoff, "turned_eighteen")
