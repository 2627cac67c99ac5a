"""Names, badges and incident numbers of a hand-off: sealed to its row, and every look at them on record."""

import json

from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.handoff.models import Handoff
from helpline.line import Line
from helpline.privacy.keys import KeyRing
from helpline.staff.models import Staff

ACCEPTANCE, CONFIRMATION = "handoffs.acceptance", "handoffs.confirmation"


def seal_said(keys: KeyRing, handoff: Handoff, place: str, said: dict[str, str | None]) -> bytes:
    """Seal what somebody at a partner's has said about themselves."""
    return keys.seal(json.dumps({name: text for name, text in said.items() if text}), place, handoff.id)


def read_said(session: Session, line: Line, staff: Staff, handoff: Handoff) -> dict:
    """Who accepted with which incident number, and who confirmed; empty where nobody has. The look is on record."""
    record_act(session, actor=f"staff:{staff.id}", action="handoff.said_read", subject=f"handoff:{handoff.ref}")
    return {
        "acceptance": _open(line.keys, handoff, ACCEPTANCE, handoff.acceptance_sealed),
        "confirmation": _open(line.keys, handoff, CONFIRMATION, handoff.confirmation_sealed),
    }


def _open(keys: KeyRing, handoff: Handoff, place: str, sealed: bytes | None) -> dict:
    return json.loads(keys.open(sealed, place, handoff.id)) if sealed else {}
