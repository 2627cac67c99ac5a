"""From one hand-off to the next: from shelter to shelter, from a desk to the authority. One story, one name."""

from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.handoff.accepting import list_members
from helpline.handoff.asking import request_handoff
from helpline.handoff.chain import offer_next
from helpline.handoff.fields import Fields, read_text
from helpline.handoff.models import Handoff, HandoffMember
from helpline.handoff.moving import desk, note, person
from helpline.handoff.opening import open_handoff
from helpline.handoff.shelter import BORN
from helpline.handoff.transitions import ACCEPTED
from helpline.line import Line
from helpline.staff.models import Staff


def refer_on(session: Session, line: Line, contact: Contact, handoff: Handoff, staff: Staff, fields: Fields) -> Handoff:
    """Begin the next hand-off of this story. Fields: `workflow`; `area`, `basis` if need be.

    One between partners goes from whoever has the child now, who answers for them until they have arrived. Consent is
    asked anew: nothing is carried over but whom it is about.
    """
    name = read_text(fields, "workflow") or ""
    more = {"area": read_text(fields, "area"), "basis": read_text(fields, "basis")}
    workflow = line.workflows.get(name)
    if workflow is not None and workflow.direction == "between":
        return transfer(session, line, contact, handoff, name, actor=person(staff).name, **more)
    following = request_handoff(session, line, staff, contact.id, name, parent=handoff, draft=True, **more)
    _copy_members(session, line, handoff, following)
    note(session, handoff, "referred_on", person(staff), into=following.ref)
    return following


def transfer(
    session: Session,
    line: Line,
    contact: Contact,
    handoff: Handoff,
    workflow: str,
    *,
    actor: str,
    area: str | None = None,
    basis: str | None = None,
) -> Handoff:
    """Offer those whom a partner has to others of its kind, on its behalf. Raises Invalid or NotPossibleNow."""
    definition = line.workflows.get(workflow)
    if definition is None or definition.direction != "between":
        raise Invalid(f"{workflow!r} does not lead from one partner to another")
    if handoff.state not in ACCEPTED or handoff.responsible != "partner" or handoff.accepted_by is None:
        raise NotPossibleNow("only a partner that has the child can send them on")
    if basis is not None and basis not in definition.basis_allowed:
        raise Invalid(f"basis must be one of {', '.join(definition.basis_allowed)}")
    following = open_handoff(
        session,
        line,
        contact,
        definition,
        owner_id=handoff.owner_id,
        actor=actor,
        area=area or handoff.area,
        basis=basis,
        exercise=handoff.exercise,
        parent=handoff,
        origin=handoff.accepted_by,
    )
    _copy_members(session, line, handoff, following)
    note(session, handoff, "referred_on", desk(handoff.accepted_by), into=following.ref)
    offer_next(session, line, contact, following)
    return following


def _copy_members(session: Session, line: Line, before: Handoff, following: Handoff) -> None:
    for member in list_members(session, before):
        same = HandoffMember(handoff_id=following.id, number=member.number, sex=member.sex, age=member.age)
        same.needs = list(member.needs)
        session.add(same)
        session.flush()
        if member.born_sealed:
            born = line.keys.open(member.born_sealed, BORN, member.id)
            same.born_sealed = line.keys.seal(born, BORN, same.id)
    session.flush()
