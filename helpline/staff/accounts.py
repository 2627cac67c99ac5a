"""Creating accounts and finding people."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.privacy.keys import KeyRing
from helpline.staff.models import ROLES, Role, Staff
from helpline.store.types import new_id, utc_now
from helpline.telephony.softphone import client_address

DEVICE_PLACE = "staff.device"


class AccountExists(Exception):
    """Someone already works here under this e-mail address."""


def find_by_email(session: Session, email: str) -> Staff | None:
    """The account with this address, written in any case."""
    return session.scalars(select(Staff).where(Staff.email == email.strip().lower())).one_or_none()


def create_staff(
    session: Session,
    keys: KeyRing,
    *,
    email: str,
    name: str,
    role: str,
    languages: Sequence[str],
    device_number: str | None,
    actor: str,
    password_hash: str | None = None,
    totp_secret: str | None = None,
    gender: str | None = None,
    on_call: bool = False,
) -> Staff:
    """Create an account. `device_number` is in E.164 form and kept sealed. Raises AccountExists."""
    if find_by_email(session, email):
        raise AccountExists(email)
    staff = Staff(
        email=email.strip().lower(),
        name=name,
        roles=[_role(session, role)],
        languages=list(languages),
        gender=gender,
        on_call=on_call,
        password=password_hash,
        tf_totp_secret=totp_secret,
        tf_primary_method="authenticator" if totp_secret else None,
        fs_uniquifier=new_id().hex,
        activity="offline",
        activity_since=utc_now(),
    )
    session.add(staff)
    session.flush()
    if device_number:
        set_device_number(keys, staff, device_number)
    record_act(session, actor=actor, action="staff.created", subject=f"staff:{staff.id}", role=role)
    return staff


def set_device_number(keys: KeyRing, staff: Staff, number: str) -> None:
    """Keep the number of the person's phone, sealed to their row."""
    staff.device_sealed = keys.seal(number, DEVICE_PLACE, staff.id)


def device_number(keys: KeyRing, staff: Staff) -> str | None:
    """The number of the person's phone, to ring it."""
    return keys.open(staff.device_sealed, DEVICE_PLACE, staff.id) if staff.device_sealed else None


def device_address(keys: KeyRing, staff: Staff) -> str | None:
    """What is rung to reach this person with a call: their browser, or the number of their phone."""
    return client_address(staff.id) if staff.device == "browser" else device_number(keys, staff)


def _role(session: Session, name: str) -> Role:
    if name not in ROLES:
        raise ValueError(f"{name!r} is not one of {', '.join(ROLES)}")
    role = session.scalars(select(Role).where(Role.name == name)).one_or_none()
    if role is None:
        role = Role(name=name)
        session.add(role)
    return role
