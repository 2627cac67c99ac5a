"""What a shift lead must hear of at once because it stops the line from working as it should."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.floor.wording import seconds_between
from helpline.outbox.models import Heartbeat, OwedWork

# The clock beats twice a second. Without it nobody is offered to anybody.
CLOCK_SILENT_S = 5


def list_alerts(session: Session, counsellors: Sequence[Mapping], now: datetime, flow_faults: int) -> list[dict]:
    """Each alert has a `kind`; empty when all is well. `flow_faults` keep the newest version of a flow out of force."""
    alerts = []
    age_s = clock_age_s(session, now)
    if age_s is None or age_s > CLOCK_SILENT_S:
        alerts.append({"kind": "clock_silent", "since_s": age_s})
    if parked := count_parked(session):
        alerts.append({"kind": "work_parked", "count": parked})
    if flow_faults:
        alerts.append({"kind": "flows_faulty", "count": flow_faults})
    if not any(person["activity"] == "available" for person in counsellors):
        alerts.append({"kind": "nobody_on_shift"})
    return alerts


def clock_age_s(session: Session, now: datetime) -> int | None:
    """Seconds since the clock last beat; None when it never has."""
    return seconds_between(session.scalar(select(Heartbeat.at).where(Heartbeat.name == "clock")), now)


def count_parked(session: Session) -> int:
    """Work that was given up and waits for a person to look at it."""
    parked = select(func.count()).select_from(OwedWork)
    return session.scalar(parked.where(OwedWork.parked_at.is_not(None), OwedWork.done_at.is_(None)))
