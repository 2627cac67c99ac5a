"""A partner hands a child to us. Our own name for it is the receipt, given in the same breath; our clocks watch us.

There was no call, so the contact that it is about is one with the partner: opened and closed at once, and there for
whoever takes it on to write its record and to call the family from.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.contacts.stages import Invalid
from helpline.handoff.asking import MemberFacts, add_members
from helpline.handoff.models import Handoff
from helpline.handoff.moving import desk, note
from helpline.handoff.opening import open_handoff
from helpline.handoff.paging import start_paging
from helpline.handoff.telling import tell_partner
from helpline.line import Line
from helpline.staff.activity import list_by_role
from helpline.staff.models import Staff
from helpline.store.types import utc_now

PARTNER_CHANNEL = "partner"


class NobodyToReceive(Exception):
    """Nobody works here who could answer for what comes in."""


def receive_handoff(
    session: Session,
    line: Line,
    partner: str,
    workflow: str,
    *,
    language: str,
    level: str = "elevated",
    area: str | None = None,
    basis: str | None = None,
    members: Sequence[MemberFacts] = (),
    origin_ref: str | None = None,
    via: str = "portal",
    exercise: bool = False,
) -> Handoff:
    """Take in what a partner sends; its `ref` is the receipt. Raises Invalid or NobodyToReceive."""
    definition = line.workflows.get(workflow)
    sender = line.partners.get(partner)
    if definition is None or definition.direction != "in" or sender is None:
        raise Invalid(f"workflow {workflow!r} is not one that partners begin with us")
    now = utc_now()
    if not sender.agreement.covers(workflow, definition.levels.highest, sender.local(now).date()):
        raise Invalid("no_agreement: nothing valid has been signed for this")
    if basis is not None and basis not in definition.basis_allowed:
        raise Invalid(f"basis must be one of {', '.join(definition.basis_allowed)}")
    owner = find_duty_owner(session)
    contact = _open_contact(session, line, language, level, exercise)
    handoff = open_handoff(
        session,
        line,
        contact,
        definition,
        owner_id=owner.id,
        actor=desk(partner).name,
        area=area,
        basis=basis,
        exercise=exercise,
        origin=partner,
        origin_ref=origin_ref,
    )
    add_members(session, line, handoff, members)
    note(session, handoff, "receipt", desk(partner), via=via)
    tell_partner(session, handoff, None, "receipt", partner=partner, channel=via)
    start_paging(session, handoff, "came_in")
    return handoff


def find_duty_owner(session: Session) -> Staff:
    """Who of ours answers for what nobody has in hand: a shift lead at work, else any, else an administrator."""
    leads = list_by_role(session, "shift_lead")
    at_work = [lead for lead in leads if lead.activity != "offline"]
    for person in (*at_work, *leads, *list_by_role(session, "administrator")):
        return person
    raise NobodyToReceive("there is no shift lead and no administrator")


def _open_contact(session: Session, line: Line, language: str, level: str, exercise: bool) -> Contact:
    now = utc_now()
    contact = Contact(channel=PARTNER_CHANNEL, line="", language=language, level=level, exercise=exercise)
    contact.state, contact.outcome = "closed", "referred"
    contact.opened_at = contact.closed_at = now
    contact.signals = contact.reasons = []
    session.add(contact)
    session.flush()
    return contact
