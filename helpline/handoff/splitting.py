"""Hand-offs that come out of others: those whom a partner did not take, a transfer onwards, a supplement.

All of one story share `shared_ref`, the first one's name, so that two organisations speak of the same child.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.models import Contact
from helpline.handoff.chain import offer_next
from helpline.handoff.models import Handoff, HandoffMember
from helpline.handoff.moving import CLOCK, note
from helpline.handoff.opening import open_handoff
from helpline.line import Line


def split_off(
    session: Session, line: Line, contact: Contact, handoff: Handoff, left: Sequence[HandoffMember]
) -> Handoff:
    """Offer on those whom the partner did not take, at once, as a hand-off of their own. Not to the same partner."""
    child = open_handoff(
        session,
        line,
        contact,
        handoff.workflow_as_started,
        owner_id=handoff.owner_id,
        actor=CLOCK.name,
        area=handoff.area,
        basis=handoff.basis,
        exercise=handoff.exercise,
        parent=handoff,
        excluded=[*handoff.excluded, handoff.accepted_by],
        origin=handoff.origin,
    )
    for member in left:
        member.handoff_id = child.id
    note(session, handoff, "split", CLOCK, into=child.ref, members=len(left))
    offer_next(session, line, contact, child)
    return child


def list_family(session: Session, handoff: Handoff) -> list[Handoff]:
    """Every hand-off of the same story, the first first."""
    query = select(Handoff).where(Handoff.shared_ref == handoff.shared_ref).order_by(Handoff.requested_at)
    return list(session.scalars(query))
