"""What a shift lead must hear of at once because it stops the line from working as it should."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.contacts.alerts import list_open_alerts
from helpline.floor.wording import seconds_between
from helpline.outbox.models import Heartbeat, OwedWork
from triage.model import RiskLevel

# The clock beats twice a second. Without it nobody is offered to anybody.
CLOCK_SILENT_S = 5
# A child who did not get our text, or may have meant more than texts, is not over with the conversation.
LASTING = ("stop_asked", "texts_blocked", "not_delivered", "media")


def list_alerts(
    session: Session,
    counsellors: Sequence[Mapping],
    now: datetime,
    flow_faults: int,
    rule_faults: int,
    missed_overdue: int,
) -> list[dict]:
    """Each alert has a `kind`; empty when all is well.

    `flow_faults` and `rule_faults` keep the newest version of a flow, or the newest risk rules, out of force;
    `missed_overdue` children hung up, and nobody has looked after them in time.
    """
    alerts = []
    age_s = clock_age_s(session, now)
    if age_s is None or age_s > CLOCK_SILENT_S:
        alerts.append({"kind": "clock_silent", "since_s": age_s})
    if parked := count_parked(session):
        alerts.append({"kind": "work_parked", "count": parked})
    if flow_faults:
        alerts.append({"kind": "flows_faulty", "count": flow_faults})
    if rule_faults:
        alerts.append({"kind": "rules_faulty", "count": rule_faults})
    if not any(person["activity"] == "available" for person in counsellors):
        alerts.append({"kind": "nobody_on_shift"})
    if missed_overdue:
        alerts.append({"kind": "missed_overdue", "count": missed_overdue})
    return alerts


def list_contact_alerts(session: Session, now: datetime) -> list[dict]:
    """What about single contacts needs a person now, the gravest first. Over with the contact, but for LASTING."""
    open_alerts = [
        (alert, contact)
        for alert, contact in list_open_alerts(session)
        if contact.state != "closed" or alert.kind in LASTING
    ]
    open_alerts.sort(key=lambda one: RiskLevel(one[1].level), reverse=True)
    return [
        {
            "contact_id": str(contact.id),
            "kind": alert.kind,
            "level": contact.level,
            "since_s": seconds_between(alert.at, now),
            "counsellor_id": contact.counsellor_id,
        }
        for alert, contact in open_alerts
    ]


def clock_age_s(session: Session, now: datetime) -> int | None:
    """Seconds since the clock last beat; None when it never has."""
    return seconds_between(session.scalar(select(Heartbeat.at).where(Heartbeat.name == "clock")), now)


def count_parked(session: Session) -> int:
    """Work that was given up and waits for a person to look at it."""
    parked = select(func.count()).select_from(OwedWork)
    return session.scalar(parked.where(OwedWork.parked_at.is_not(None), OwedWork.done_at.is_(None)))
