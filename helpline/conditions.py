"""What a flow is told of the outside at a step: open or closed, how many wait, and the line's switches."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.line import Line
from helpline.live_queue.models import QueueEntry
from helpline.store.types import utc_now
from helpline.switches.turning import list_on
from ivr_flows.model import Conditions, Flow

NUMBER_WITHHELD = frozenset({"number_withheld"})


def first_conditions(line: Line) -> Conditions:
    """For the first words of a call, which are the same for everyone and at all times but for the hours.

    Switches and queue are looked up from the second step on: the first is one statement, and is answered
    also where nothing can be read yet.
    """
    return Conditions(open=line.helpline.is_open(utc_now()))


def read_conditions(session: Session, line: Line, flow: Flow | None, *, withheld: bool = False) -> Conditions:
    """For a later step of this flow, or of one that it leads into.

    `withheld` is whether we do not know the caller's number. A flow is told nothing else of who calls.
    """
    on = list_on(session)
    return Conditions(
        open=line.helpline.is_open(utc_now()),
        queue_depth=_count_waiting(session) if flow and flow.asks_queue_depth else 0,
        flags=NUMBER_WITHHELD if withheld else frozenset(),
        surge="surge" in on,
        outage="outage" in on,
    )


def _count_waiting(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(QueueEntry).where(QueueEntry.left_at.is_(None)))
