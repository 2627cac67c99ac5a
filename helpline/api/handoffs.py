"""Hand-offs: ask a partner to take a child on, see where it stands, record what the partner says."""

from uuid import UUID

from flask import Blueprint

from helpline.api.bodies import HandoffAct, HandoffRequest, InboundHandoff
from helpline.api.guard import ANSWERING, EVERYONE_HERE, allowed, the_caller, the_line, the_session
from helpline.api.reading import takes
from helpline.api.replies import answers
from helpline.api.shapes import Handoff as HandoffShape
from helpline.audit.record import record_act
from helpline.handoff.acts import find_handoff, perform
from helpline.handoff.asking import MemberFacts, request_handoff
from helpline.handoff.inbound import receive_handoff
from helpline.handoff.models import Handoff
from helpline.handoff.views import view_handoff

routes = Blueprint("handoffs", __name__)


@routes.post("/contacts/<uuid:contact_id>/handoffs")
@allowed(*ANSWERING)
@takes(HandoffRequest)
@answers(HandoffShape, 201)
def ask_for_handoff(contact_id: UUID, body: HandoffRequest) -> dict:
    """Ask a partner to take a child on, from a live call or after it. The first partner is asked at once."""
    asked = request_handoff(
        the_session(),
        the_line(),
        the_caller(),
        contact_id,
        body.workflow,
        area=body.area,
        exercise=body.exercise,
        basis=body.basis,
        members=_facts_of(body),
        excluded=body.excluded,
        draft=body.draft,
    )
    return _show(asked)


@routes.post("/handoffs/inbound")
@allowed(*ANSWERING)
@takes(InboundHandoff)
@answers(HandoffShape, 201)
def write_down_inbound(body: InboundHandoff) -> dict:
    """Write down what a partner hands to us by telephone. Its receipt is the answer's `ref`, to be told at once."""
    received = receive_handoff(
        the_session(),
        the_line(),
        body.partner,
        body.workflow,
        language=body.language,
        level=body.level,
        area=body.area,
        basis=body.basis,
        members=_facts_of(body),
        origin_ref=body.origin_ref,
        via="telephone",
        exercise=body.exercise,
    )
    return _show(received)


def _facts_of(body: HandoffRequest | InboundHandoff) -> list[MemberFacts]:
    return [MemberFacts(one.sex, one.age, one.born, tuple(one.needs)) for one in body.members]


@routes.get("/handoffs/<ref>")
@allowed(*EVERYONE_HERE)
@answers(HandoffShape)
def show_handoff(ref: str) -> dict:
    """One hand-off with its offers, clocks and events. That it was read is recorded."""
    handoff = find_handoff(the_session(), the_caller(), ref)
    actor = f"staff:{the_caller().id}"
    record_act(the_session(), actor=actor, action="handoff.read", subject=f"handoff:{handoff.ref}")
    return _show(handoff)


@routes.post("/handoffs/<ref>/<transition>")
@allowed(*ANSWERING)
@takes(HandoffAct, optional=True)
@answers(HandoffShape)
def move_handoff(ref: str, transition: str, body: HandoffAct) -> dict:
    """Record a step of a hand-off.

    Before acceptance: start, approve, refuse, acknowledge, accept, decline, reroute, take, decide. After it: advance,
    return, confirm, milestone, close, reopen, leave. Ending it otherwise: cancel, agree_cancel, recall,
    attest_recall, fail, enter_in_error.

    Each takes the fields it needs, and names what is missing. A step that does not fit the state, or a `version`
    that is not the present one, is refused and changes nothing.
    """
    fields = body.model_dump(exclude_unset=True)
    return _show(perform(the_session(), the_line(), the_caller(), ref, transition, fields))


def _show(handoff: Handoff) -> dict:
    the_session().flush()
    return view_handoff(the_session(), the_line(), handoff)
