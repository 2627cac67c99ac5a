"""What is told after the first report: tips about a missing child, supplements; and the serials of reports."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.handoff.fields import Fields
from helpline.handoff.models import Handoff, Offer
from helpline.handoff.moving import note, person
from helpline.handoff.paging import start_paging
from helpline.handoff.special_models import Addition, Serial
from helpline.handoff.telling import tell_partner
from helpline.handoff.transitions import LIVE
from helpline.line import Line
from helpline.staff.models import Staff
from helpline.store.types import new_id, utc_now

TEXT = "handoff_additions.text"
LONGEST_ADDITION = 4000
MISSING = ("missing_child_police", "missing_child_body", "police_emergency")


def give_serial(session: Session, handoff: Handoff) -> None:
    """Number this report, if its kind is numbered: in a row without gaps, anew each year."""
    if not handoff.workflow_as_started.serial or handoff.serial:
        return
    year = utc_now().year
    first = insert(Serial).values(workflow=handoff.workflow, year=year, last=1)
    following = first.on_conflict_do_update(index_elements=["workflow", "year"], set_={"last": Serial.last + 1})
    handoff.serial = f"{year}-{session.scalar(following.returning(Serial.last)):05d}"


def add_supplement(session: Session, line: Line, handoff: Handoff, staff: Staff, fields: Fields) -> None:
    """More to a report that has gone out; the report itself stays as it was. Field: `text`."""
    if handoff.state not in ("offering", "acknowledged", "accepted", "in_progress", "completed"):
        raise NotPossibleNow("only a report that has gone out is supplemented")
    number = _add(session, line, handoff, "supplement", staff, fields)
    note(session, handoff, "supplement", person(staff), number=number)
    _tell_those_who_have_it(session, handoff, f"supplement{number}")


def add_tip(session: Session, line: Line, handoff: Handoff, staff: Staff, fields: Fields) -> None:
    """Somebody has seen the child: on to police and body in the same breath. Field: `text`.

    Whoever has it by telephone only is told by a person of ours, who is called now.
    """
    if handoff.workflow not in MISSING or handoff.state not in LIVE:
        raise NotPossibleNow("there is no open search for this child")
    number = _add(session, line, handoff, "tip", staff, fields)
    note(session, handoff, "tip", person(staff), number=number)
    searches = select(Handoff).where(Handoff.contact_id == handoff.contact_id, Handoff.workflow.in_(MISSING))
    told = [
        _tell_those_who_have_it(session, search, f"{handoff.ref}-tip{number}")
        for search in session.scalars(searches.where(Handoff.state.in_(LIVE)))
    ]
    if not all(told):
        start_paging(session, handoff, "tip")


def _tell_those_who_have_it(session: Session, handoff: Handoff, part: str) -> bool:
    """False when nobody who has it can be written to."""
    have = select(Offer).where(Offer.handoff_id == handoff.id, Offer.state.in_(("acked", "accepted")))
    written = list(session.scalars(have.where(Offer.channel != "call")))
    for offer in written:
        tell_partner(session, handoff, offer, "notice", part=part)
    return bool(written)


def _add(session: Session, line: Line, handoff: Handoff, kind: str, staff: Staff, fields: Fields) -> int:
    text = fields.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_ADDITION:
        raise Invalid(f"text: say what is new, in at most {LONGEST_ADDITION} characters")
    before = select(func.count()).where(Addition.handoff_id == handoff.id, Addition.kind == kind)
    addition = Addition(id=new_id(), handoff_id=handoff.id, kind=kind, number=session.scalar(before) + 1)
    addition.text_sealed = line.keys.seal(text.strip(), TEXT, addition.id)
    addition.at, addition.by = utc_now(), person(staff).name
    session.add(addition)
    session.flush()
    return addition.number
