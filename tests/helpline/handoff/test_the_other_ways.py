"""Counselling first, missing children, reports that are numbered, after-care, and what partners hand to us."""

import pytest
from sqlalchemy import select

from helpline import answering
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.handoff.asking import MemberFacts
from helpline.handoff.inbound import receive_handoff
from helpline.handoff.models import Handoff, HandoffMilestone
from helpline.handoff.moving import TransitionRefused
from helpline.handoff.special_models import PARTIES, Appeal, AppealDecision
from helpline.outbox.bell import commit
from helpline.outbox.models import Timer
from helpline.store.types import utc_now
from tests.helpline.handoff.conftest import LEADS_PHONE
from tests.helpline.handoff.partners_side import ask, offer_to, partner_does
from tests.helpline.handoff.scene import Scene

BODY, PROSECUTION, CARE = "missing_children_line", "public_prosecution", "reintegration_centre"


def calm_down(scene: Scene, level: str = "elevated") -> None:
    answering.set_level(scene.session, scene.line, scene.mariam, scene.contact.id, level, "heard the child")
    commit(scene.session, scene.line.bell)


def test_a_child_in_danger_is_never_counselled_first(scene: Scene):
    with pytest.raises(NotPossibleNow, match="critical"):
        ask(scene, "community_desk")
    calm_down(scene)
    ask(scene, "community_desk")
    assert offer_to(scene, "community_desk_city").state == "delivered"


def test_what_must_be_reported_is_not_put_off_by_counselling(scene: Scene):
    calm_down(scene)
    scene.session.rollback()
    answering.save_record(
        scene.session, scene.line, scene.mariam, scene.contact.id, {"category": "violence.trafficking"}
    )
    commit(scene.session, scene.line.bell)
    with pytest.raises(NotPossibleNow, match="reported"):
        ask(scene, "community_desk")


def test_the_body_for_missing_children_comes_after_the_police(scene: Scene):
    with pytest.raises(NotPossibleNow, match="first one of"):
        ask(scene, "missing_child_body")
    ask(scene, "missing_child_police")
    police = "community_police_north"
    partner_does(scene, police, "accept", name="Saad", incident_number="7")
    ask(scene, "missing_child_body")
    assert offer_to(scene, BODY).state == "delivered"


def search(scene: Scene) -> str:
    ask(scene, "missing_child_police")
    partner_does(scene, "community_police_north", "accept", name="Saad", incident_number="7")
    ref = ask(scene, "missing_child_body").ref
    partner_does(scene, BODY, "accept", name="Lina", receipt_number="44")
    partner_does(scene, BODY, "advance", phase="body_filed")
    return ref


def act_on(scene: Scene, ref: str, name: str, **fields: object) -> Handoff:
    from helpline.handoff.acts import perform

    scene.session.rollback()
    handoff = perform(scene.session, scene.line, scene.lead, ref, name, fields)
    commit(scene.session, scene.line.bell)
    scene.do_owed()
    return handoff


def test_an_appeal_goes_out_only_when_all_four_agree_and_is_gone_when_the_child_is_found(scene: Scene):
    ref = search(scene)
    act_on(scene, ref, "appeal", text="Missing since noon: a boy of nine.")
    for party in PARTIES[:3]:
        act_on(scene, ref, "decide_appeal", party=party, answer="agrees", by="someone there")
    with pytest.raises(NotPossibleNow, match="guardian"):
        act_on(scene, ref, "advance", phase="publicity")
    act_on(scene, ref, "decide_appeal", party="guardian", answer="agrees", by="the mother")
    act_on(scene, ref, "advance", phase="publicity")
    partner_does(scene, "community_police_north", "advance", phase="found")
    paged = scene.session.scalars(select(Handoff).where(Handoff.ref == ref)).one()
    assert paged.paged_since is not None
    act_on(scene, ref, "advance", phase="found")
    act_on(scene, ref, "advance", phase="taken_down")
    appeal = scene.session.scalars(select(Appeal)).one()
    assert appeal.text_sealed is None and appeal.purged_at
    assert set(scene.session.scalars(select(AppealDecision.by_sealed))) == {None}


def test_words_written_anew_are_agreed_to_anew(scene: Scene):
    ref = search(scene)
    act_on(scene, ref, "appeal", text="one wording")
    for party in PARTIES:
        act_on(scene, ref, "decide_appeal", party=party, answer="agrees", by="someone there")
    act_on(scene, ref, "appeal", text="another wording")
    with pytest.raises(NotPossibleNow):
        act_on(scene, ref, "advance", phase="publicity")


def test_a_tip_goes_on_to_police_and_body_in_the_same_breath(scene: Scene):
    from helpline.handoff.models import Attempt

    ref = search(scene)
    act_on(scene, ref, "tip", text="seen at the station")
    told = set(scene.session.scalars(select(Attempt.partner).where(Attempt.about == "notice")))
    assert told == {BODY, "community_police_north"}


def test_a_report_waits_for_a_second_person_and_is_numbered_when_it_goes(scene: Scene):
    ask(scene, "statutory_report", basis="legal_obligation")
    assert (scene.handoff.state, scene.handoff.serial) == ("awaiting_approval", None)
    with pytest.raises(NotPossibleNow, match="never the one who asked"):
        scene.act("approve")
    scene.act("approve", scene.lead)
    assert scene.handoff.serial == f"{utc_now().year}-00001"
    with pytest.raises(Invalid, match="receipt"):
        partner_does(scene, PROSECUTION, "accept", name="Nasser")
    partner_does(scene, PROSECUTION, "accept", name="Nasser", receipt_number="P-9")
    with pytest.raises(NotPossibleNow, match="supplement"):
        scene.act("cancel", reason="by_mistake")
    scene.act("supplement", text="a second witness")
    assert scene.story[-1] == "supplement"


def test_a_second_person_who_does_not_agree_makes_it_a_draft_again(scene: Scene):
    ask(scene, "statutory_report")
    scene.act("refuse", scene.lead, reason="too_much_told")
    assert (scene.handoff.state, scene.offers) == ("draft", [])
    scene.act("start")
    assert scene.handoff.state == "awaiting_approval"


def test_whoever_may_have_a_part_in_it_is_not_asked(scene: Scene):
    calm_down(scene)
    ask(scene, "school_abuse", basis="consent", excluded=["school_authority_country"])
    assert [partner for partner, _state, _why in scene.offers] == ["school_inspection"]


def test_after_care_is_not_closed_while_a_look_at_the_child_is_unanswered(scene: Scene):
    ask(scene, "reintegration")
    partner_does(scene, CARE, "accept", name="Rana")
    looks = list(scene.session.scalars(select(HandoffMilestone.code)))
    assert len(looks) == 12 and "school_day_90" in looks
    scene.tick(after_s=8 * 86400)
    assert "milestone_due" in scene.story
    partner_does(scene, CARE, "confirm", outcome="integrated", by="Rana")
    with pytest.raises(Invalid, match="milestones"):
        scene.act("close", follow_up="called", feedback="helped")
    for code in looks:
        partner_does(scene, CARE, "milestone", milestone=code, answer="well")
    scene.act("close", follow_up="called", feedback="helped")
    assert scene.handoff.state == "closed"


def test_eighteen_today_somebody_of_ours_sees_to_their_own_consent(scene: Scene):
    today = utc_now().date()
    nearly = today.replace(year=today.year - 17, day=min(today.day, 28))
    ask(scene, "reintegration", members=[MemberFacts(sex="female", born=nearly)])
    birthday = scene.session.scalars(select(Timer).where(Timer.kind == "handoff_birthday")).one()
    assert birthday.due_at > utc_now()
    birthday.due_at = utc_now()
    scene.session.commit()
    scene.tick()
    assert "turned_eighteen" in scene.story


def receive(scene: Scene, workflow: str = "from_community_desk", partner: str = "community_desk_city") -> Handoff:
    scene.session.rollback()
    received = receive_handoff(scene.session, scene.line, partner, workflow, language="ar", origin_ref="D-17")
    commit(scene.session, scene.line.bell)
    scene.do_owed()
    return received


def test_what_a_partner_hands_to_us_has_its_receipt_at_once_and_rings_us_until_one_takes_it(scene: Scene):
    received = receive(scene)
    assert (received.responsible, received.owner_id, received.ref[:2]) == ("partner", scene.lead.id, "H-")
    scene.tick()
    assert len(scene.rest.rings(LEADS_PHONE)) == 1
    act_on(scene, received.ref, "accept")
    scene.session.refresh(received)
    assert (received.state, received.responsible, received.paged_since) == ("accepted", "us", None)
    act_on(scene, received.ref, "advance", phase="first_contact")
    act_on(scene, received.ref, "confirm", outcome="counselling_done", by="lead")
    act_on(scene, received.ref, "close", follow_up="called")
    assert received.state == "closed"


def test_what_we_can_not_take_stays_the_partners_and_it_is_told(scene: Scene):
    received = receive(scene)
    act_on(scene, received.ref, "decline", code="out_of_hours")
    scene.session.refresh(received)
    assert (received.state, received.responsible) == ("cancelled", "partner")


def test_nobody_hands_to_us_what_was_not_agreed(scene: Scene):
    with pytest.raises(Invalid, match="no_agreement"):
        receive(scene, partner="shelter_city")
    with pytest.raises(Invalid):
        receive(scene, workflow="police_emergency")


def test_what_came_in_is_not_accepted_twice(scene: Scene):
    received = receive(scene)
    act_on(scene, received.ref, "accept")
    with pytest.raises(TransitionRefused):
        act_on(scene, received.ref, "accept")
