"""A counsellor asks a partner to take a child on: the hand-off, its first offer and what is owed in one commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.handoffs import Workflow
from helpline.contacts.models import Contact
from helpline.contacts.stages import ContactNotFound, Invalid, NotPossibleNow, lock_contact
from helpline.handoff.additions import give_serial
from helpline.handoff.chain import child_is_on_line, notify_beside, offer_next
from helpline.handoff.coming_of_age import await_birthday
from helpline.handoff.guards import forbid_way
from helpline.handoff.models import Handoff, HandoffMember
from helpline.handoff.moving import move, person
from helpline.handoff.opening import open_handoff
from helpline.handoff.shelter import BORN
from helpline.handoff.transitions import OVER
from helpline.line import Line
from helpline.staff.models import Staff

MAY_ASK = ("counsellor", "shift_lead")
NO_TALK_YET = ("menu", "waiting", "offered", "connecting")
MOST_MEMBERS = 12


@dataclass(frozen=True)
class MemberFacts:
    """One person that a hand-off is about: coded facts, and the day of birth if it is known."""

    sex: str | None = None
    age: int | None = None
    born: date | None = None
    needs: tuple[str, ...] = ()


def request_handoff(
    session: Session,
    line: Line,
    staff: Staff,
    contact_id: UUID,
    workflow: str,
    *,
    area: str | None = None,
    exercise: bool = False,
    basis: str | None = None,
    members: Sequence[MemberFacts] = (),
    excluded: Sequence[str] = (),
    draft: bool = False,
    parent: Handoff | None = None,
) -> Handoff:
    """Begin a hand-off of a contact. Raises ContactNotFound, Invalid or NotPossibleNow; then nothing changed.

    One that rides on the call needs the child on the line; all others may begin from the talk on and after it.
    `draft` writes it down without asking anybody; `excluded` are partners that must not be asked.
    """
    contact = lock_contact(session, contact_id)
    if staff.role not in MAY_ASK or (staff.id != contact.counsellor_id and staff.role != "shift_lead"):
        raise ContactNotFound(str(contact_id))
    definition = _read_workflow(line, workflow, area, basis, excluded)
    _refuse_now(session, contact, definition)
    begins_as = "draft" if draft or needs_approval(definition, basis) else "offering"
    handoff = open_handoff(
        session,
        line,
        contact,
        definition,
        owner_id=contact.counsellor_id or staff.id,
        actor=person(staff).name,
        area=area,
        basis=basis,
        exercise=exercise or contact.exercise,
        state=begins_as,
        excluded=excluded,
        parent=parent,
    )
    add_members(session, line, handoff, members)
    if not draft:
        begin(session, line, contact, handoff, staff)
    return handoff


def begin(session: Session, line: Line, contact: Contact, handoff: Handoff, staff: Staff) -> None:
    """Ask the first partner, or where the workflow wants two people, the second person."""
    if handoff.state == "draft":
        handoff.asked_by = staff.id
        if needs_approval(handoff.workflow_as_started, handoff.basis):
            move(session, line, handoff, "ask_approval", person(staff))
            return
        move(session, line, handoff, "start", person(staff))
    give_serial(session, handoff)
    notify_beside(session, line, handoff)
    offer_next(session, line, contact, handoff)


def needs_approval(workflow: Workflow, basis: str | None) -> bool:
    """Whether a second person must agree before anybody is told. Never in an emergency."""
    if workflow.two_person == "without_consent":
        return (basis or workflow.basis_allowed[0]) != "consent"
    return workflow.two_person == "always"


def add_members(session: Session, line: Line, handoff: Handoff, members: Sequence[MemberFacts]) -> None:
    """Write down whom it is about. Raises Invalid for more people than a household has."""
    if len(members) > MOST_MEMBERS:
        raise Invalid(f"members: at most {MOST_MEMBERS}")
    for number, facts in enumerate(members, start=1):
        member = HandoffMember(handoff_id=handoff.id, number=number, sex=facts.sex, age=facts.age)
        member.needs = list(facts.needs)
        session.add(member)
        session.flush()
        if facts.born:
            member.born_sealed = line.keys.seal(facts.born.isoformat(), BORN, member.id)
            await_birthday(session, line, member, facts.born)
    session.flush()


def _read_workflow(line: Line, name: str, area: str | None, basis: str | None, excluded: Sequence[str]) -> Workflow:
    definition = line.workflows.get(name)
    if definition is None:
        raise Invalid(f"there is no workflow {name!r}")
    if definition.direction != "out":
        raise Invalid(f"{name} is not begun by us")
    if area is not None and area not in {partner.area for partner in line.partners.values()}:
        raise Invalid(f"no partner is in an area {area!r}")
    if basis is not None and basis not in definition.basis_allowed:
        raise Invalid(f"basis must be one of {', '.join(definition.basis_allowed)}")
    if unknown := sorted(set(excluded) - set(line.partners)):
        raise Invalid(f"excluded: there is no partner {', '.join(unknown)}")
    return definition


def _refuse_now(session: Session, contact: Contact, workflow: Workflow) -> None:
    if workflow.live_call == "needed" and not child_is_on_line(session, contact):
        raise NotPossibleNow(f"the child is not talking with a counsellor by telephone, the contact is {contact.state}")
    if contact.state in NO_TALK_YET:
        raise NotPossibleNow(f"nobody has talked with the child yet, the contact is {contact.state}")
    forbid_way(session, contact, workflow)
    if (running := _find_running(session, contact, workflow)) is not None:
        raise NotPossibleNow(f"hand-off {running.ref} of this contact is under way")


def _find_running(session: Session, contact: Contact, workflow: Workflow) -> Handoff | None:
    """One of the same kind, or for one that rides on the call, any that does."""
    query = select(Handoff).where(Handoff.contact_id == contact.id, Handoff.state.not_in(OVER))
    same = Handoff.live_call if workflow.live_call == "needed" else Handoff.workflow == workflow.workflow
    return session.scalars(query.where(same).limit(1)).one_or_none()
