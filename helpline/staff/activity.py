"""Whether someone takes contacts now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.outbox.bell import remember_change
from helpline.staff.models import ACTIVITIES, Role, Staff
from helpline.store.types import utc_now

FLOOR, DISPATCH = "floor", "dispatch"


class ActivityUnknown(ValueError):
    """Not one of available, unavailable, offline."""


def set_activity(session: Session, staff: Staff, activity: str, actor: str, reason: str = "own choice") -> None:
    """Change what someone does now. A contact they hold stays theirs until it ends."""
    if activity not in ACTIVITIES:
        raise ActivityUnknown(f"activity must be one of {', '.join(ACTIVITIES)}")
    if staff.activity == activity:
        return
    staff.activity, staff.activity_since = activity, utc_now()
    if activity == "available":
        staff.missed_offers = 0
    record_act(session, actor=actor, action=f"activity.{activity}", subject=f"staff:{staff.id}", reason=reason)
    remember_change(session, FLOOR)
    remember_change(session, DISPATCH)


def lock_staff(session: Session, staff_id: int) -> Staff:
    """The account with its row locked, so that two offers to one person meet here. Raises NoResultFound."""
    query = select(Staff).where(Staff.id == staff_id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one()


def find_locked(session: Session, staff_id: int) -> Staff | None:
    """As `lock_staff`, for a number that somebody typed: None where there is no such account."""
    return lock_staff(session, staff_id) if session.get(Staff, staff_id) else None


def list_on_shift(session: Session) -> list[Staff]:
    """Everyone who has signed on and takes or will take contacts, longest idle first."""
    query = select(Staff).where(Staff.active, Staff.activity == "available").order_by(Staff.activity_since)
    return list(session.scalars(query))


def list_on_call(session: Session) -> list[Staff]:
    """Those who are rung when a child in danger finds nobody free; shift leads first."""
    query = select(Staff).where(Staff.active, Staff.on_call).order_by(Staff.id)
    return sorted(session.scalars(query), key=lambda person: person.role != "shift_lead")


def list_by_role(session: Session, role: str) -> list[Staff]:
    """Everyone with this role."""
    query = select(Staff).join(Staff.roles).where(Staff.active, Role.name == role).order_by(Staff.id)
    return list(session.scalars(query))
