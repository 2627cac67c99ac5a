"""What partners do in writing, and hand-offs that begin without a call: the scene's other people."""

from sqlalchemy import select

from helpline.handoff.asking import request_handoff
from helpline.handoff.models import Handoff, Offer
from helpline.handoff.partner_acts import perform_as_partner
from helpline.outbox.bell import commit
from tests.helpline.handoff.scene import Scene


def ask(scene: Scene, workflow: str, **more: object) -> Handoff:
    """Mariam asks for this hand-off of her contact."""
    scene.session.rollback()
    handoff = request_handoff(scene.session, scene.line, scene.mariam, scene.contact.id, workflow, **more)
    commit(scene.session, scene.line.bell)
    scene.do_owed()
    return handoff


def offer_to(scene: Scene, partner: str, handoff: Handoff | None = None) -> Offer:
    """The latest offer that this partner has."""
    scene.session.rollback()
    made = select(Offer).where(Offer.partner == partner)
    if handoff is not None:
        made = made.where(Offer.handoff_id == handoff.id)
    latest = made.order_by(Offer.made_at.desc()).limit(1)
    return scene.session.scalars(latest, execution_options={"populate_existing": True}).one()


def partner_does(scene: Scene, partner: str, act: str, **fields: object) -> Handoff:
    """This partner acts on its latest offer, on its own page."""
    offer = offer_to(scene, partner)
    handoff = perform_as_partner(scene.session, scene.line, offer.id, act, fields, partner=partner, via="portal")
    commit(scene.session, scene.line.bell)
    scene.do_owed()
    return handoff
