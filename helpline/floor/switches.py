"""The line's switches as everyone who works here sees them."""

from sqlalchemy.orm import Session

from helpline.floor.wording import written
from helpline.switches.models import NAMES, LineSwitch
from helpline.switches.turning import list_on


def view_switches(session: Session) -> dict[str, dict | None]:
    """Each switch by name: since when, until when, why and by whom it is on; None when it is off."""
    on = list_on(session)
    return {name: describe_time(on[name]) if name in on else None for name in NAMES}


def describe_time(switch: LineSwitch) -> dict:
    """One time that a switch was on."""
    return {
        "on_at": written(switch.on_at),
        "on_by": switch.on_by,
        "until": written(switch.until),
        "reason": switch.reason,
        "off_at": written(switch.off_at),
        "off_by": switch.off_by,
    }
