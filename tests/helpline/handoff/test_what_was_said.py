"""Who accepted and with which incident number: kept sealed, shown to those who may know, and each look on record."""

from sqlalchemy import select

from helpline.audit.models import AuditRow
from helpline.console.handoff_panel import show_said
from tests.helpline.handoff.scene import NORTH, Scene


def test_it_is_shown_with_the_look_on_record(scene: Scene):
    scene.ask_for_police()
    scene.bring_in(NORTH)
    scene.act("accept", name="Officer 12", incident_number="INC-88")
    said = show_said(scene.session, scene.line, scene.lead, scene.contact)
    scene.session.commit()

    assert said == {"acceptance": {"name": "Officer 12", "incident_number": "INC-88"}, "confirmation": {}}
    looks = scene.session.scalars(select(AuditRow).where(AuditRow.action == "handoff.said_read")).all()
    assert [look.actor for look in looks] == [f"staff:{scene.lead.id}"]


def test_who_confirmed_stands_beside_it(scene: Scene):
    scene.ask_for_police()
    scene.bring_in(NORTH)
    scene.act("accept", badge="4021", incident_number="INC-88")
    scene.act("confirm", outcome=scene.handoff.workflow_as_started.outcomes[0], by="Desk officer 7")

    said = show_said(scene.session, scene.line, scene.lead, scene.contact)
    assert said["confirmation"] == {"by": "Desk officer 7"}


def test_before_anyone_has_accepted_there_is_nothing_to_look_at(scene: Scene):
    scene.ask_for_police()

    assert show_said(scene.session, scene.line, scene.lead, scene.contact) is None
    scene.session.commit()
    assert scene.session.scalars(select(AuditRow).where(AuditRow.action == "handoff.said_read")).all() == []
