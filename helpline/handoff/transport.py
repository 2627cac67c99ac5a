"""The journey to a shelter: who goes along, until when they are expected, and the code word by which they are known.

The escort says the code word at the door and the shelter gives it back to us: then it is this child, at this place.
"""

import hmac
import json
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.handoff.fields import Fields, read_code, read_text
from helpline.handoff.models import Handoff
from helpline.handoff.moving import CLOCK, lock_handoff, move, note, person
from helpline.handoff.paging import start_paging
from helpline.handoff.shelter import confirm_holds, keep_until
from helpline.handoff.special_models import Transport
from helpline.line import Line
from helpline.outbox.timers import cancel_timers, set_timer
from helpline.staff.models import Staff
from helpline.store.types import utc_now

ETA_TIMER = "handoff_eta"
MODES = ("car", "taxi", "ambulance", "police_car", "on_foot")
ESCORTS = ("our_staff", "shelter_staff", "police", "social_worker", "family")
AMBER, RED = timedelta(minutes=15), timedelta(minutes=30)
LONGEST_MINUTES = 24 * 60
PICKUP, CODE_WORD = "handoff_transports.pickup", "handoff_transports.code_word"
# Short, and unlike each other in both languages, on a bad line too.
WORDS = (
    ("moon", "قمر"),
    ("river", "نهر"),
    ("palm", "نخلة"),
    ("lantern", "فانوس"),
    ("garden", "حديقة"),
    ("falcon", "صقر"),
    ("harbour", "ميناء"),
    ("cotton", "قطن"),
    ("silver", "فضة"),
    ("window", "نافذة"),
    ("almond", "لوز"),
    ("morning", "صباح"),
    ("island", "جزيرة"),
    ("bridge", "جسر"),
    ("pepper", "فلفل"),
    ("thunder", "رعد"),
)


def plan_transport(session: Session, line: Line, handoff: Handoff, staff: Staff, fields: Fields) -> None:
    """How they get there. Fields: `mode`, `escort`, `same_sex`, `pickup` (where, sealed), `eta_minutes` from now."""
    if handoff.state not in ("accepted", "in_progress") or handoff.responsible != "shared":
        raise NotPossibleNow("a journey is planned once a shelter has accepted and before they have arrived")
    minutes, same_sex, pickup = fields.get("eta_minutes"), fields.get("same_sex"), read_text(fields, "pickup")
    if not isinstance(minutes, int) or not 0 < minutes <= LONGEST_MINUTES:
        raise Invalid(f"eta_minutes: from 1 to {LONGEST_MINUTES}")
    if not isinstance(same_sex, bool) or not pickup:
        raise Invalid("say where they are fetched, and same_sex: whether the escort is of the child's sex")
    planned = session.get(Transport, handoff.id) or Transport(handoff_id=handoff.id)
    planned.mode, planned.escort = read_code(fields, "mode", MODES), read_code(fields, "escort", ESCORTS)
    planned.same_sex, planned.eta_at = same_sex, utc_now() + timedelta(minutes=minutes)
    planned.pickup_sealed = line.keys.seal(pickup, PICKUP, handoff.id)
    planned.code_word_sealed = line.keys.seal(json.dumps(_new_code_word(), ensure_ascii=False), CODE_WORD, handoff.id)
    session.add(planned)
    keep_until(session, handoff, planned.eta_at + RED)
    set_timer(session, ETA_TIMER, handoff.id, planned.eta_at + AMBER)
    told = {"mode": planned.mode, "escort": planned.escort, "same_sex": same_sex}
    note(session, handoff, "transport_planned", person(staff), **told)


def read_transport(session: Session, line: Line, staff: Staff, handoff: Handoff) -> dict | None:
    """The journey with where they are fetched and the code word in each language. The look is on record."""
    planned = session.get(Transport, handoff.id)
    if planned is None:
        return None
    record_act(session, actor=person(staff).name, action="handoff.transport_read", subject=f"handoff:{handoff.ref}")
    return {
        "mode": planned.mode,
        "escort": planned.escort,
        "same_sex": planned.same_sex,
        "eta_at": planned.eta_at,
        "arrived_at": planned.arrived_at,
        "pickup": line.keys.open(planned.pickup_sealed, PICKUP, handoff.id),
        "code_word": _words_of(line, planned),
    }


def check_arrival(session: Session, line: Line, handoff: Handoff, fields: Fields) -> None:
    """Whoever says that they have arrived gives the code word, where there is one. Raises Invalid."""
    planned = session.get(Transport, handoff.id)
    if planned is None or planned.arrived_at:
        return
    given = " ".join((read_text(fields, "code_word") or "").casefold().split())
    if not any(hmac.compare_digest(given.encode(), word.encode()) for word in _words_of(line, planned).values()):
        raise Invalid("code_word: it is not the one that was agreed")


def note_arrival(session: Session, line: Line, handoff: Handoff) -> None:
    """They are there: the places are theirs, and nobody is expected any more."""
    confirm_holds(session, handoff)
    cancel_timers(session, handoff.id, ETA_TIMER)
    if (planned := session.get(Transport, handoff.id)) is not None:
        planned.arrived_at = utc_now()


def eta_is_past(session: Session, line: Line, handoff_id: str) -> None:
    """Timer: they should have been there. Amber first, on the board; then red: people are called to find them."""
    _contact, handoff = lock_handoff(session, UUID(handoff_id))
    planned = session.get(Transport, handoff.id)
    if planned is None or planned.arrived_at or handoff.state not in ("accepted", "in_progress"):
        return
    if utc_now() < planned.eta_at + RED:
        note(session, handoff, "overdue_amber", CLOCK)
        set_timer(session, ETA_TIMER, handoff.id, planned.eta_at + RED)
        return
    move(session, line, handoff, "miss", CLOCK, expected="arrived")
    start_paging(session, handoff, "no_show")


def _new_code_word() -> dict[str, str]:
    first, second = secrets.SystemRandom().sample(WORDS, 2)
    return {"en": f"{first[0]} {second[0]}", "ar": f"{first[1]} {second[1]}"}


def _words_of(line: Line, planned: Transport) -> dict[str, str]:
    return json.loads(line.keys.open(planned.code_word_sealed, CODE_WORD, planned.handoff_id))
