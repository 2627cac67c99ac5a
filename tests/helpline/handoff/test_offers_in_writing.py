"""Partners that answer on their own page: seen, acknowledged, accepted, declined, too late, returned, and closed."""

import pytest
from sqlalchemy import select

from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.handoff.models import Attempt, HandoffEvent
from helpline.handoff.moving import HandoffNotFound
from helpline.handoff.partner_acts import OfferOver, perform_as_partner
from helpline.outbox.models import Timer
from tests.helpline.handoff.partners_side import ask, offer_to, partner_does
from tests.helpline.handoff.scene import Scene

CITY, SOUTH = "family_centre_city", "family_centre_south"
BY = {"name": "Huda"}


def test_a_centre_sees_it_says_so_takes_it_on_and_tells_how_it_ended(scene: Scene):
    ask(scene, "family_counselling")
    assert (offer_to(scene, CITY).state, scene.handoff.responsible) == ("delivered", "us")
    partner_does(scene, CITY, "see")
    assert (scene.handoff.state, offer_to(scene, CITY).state) == ("offering", "seen")
    partner_does(scene, CITY, "acknowledge")
    assert (scene.handoff.state, scene.handoff.responsible) == ("acknowledged", "us")
    partner_does(scene, CITY, "accept", **BY)
    assert (scene.handoff.state, scene.handoff.responsible) == ("accepted", "partner")
    partner_does(scene, CITY, "advance", phase="booked")
    partner_does(scene, CITY, "advance", phase="attended")
    assert (scene.handoff.state, scene.handoff.phase) == ("in_progress", "attended")
    partner_does(scene, CITY, "confirm", outcome="finished", by="Huda")
    with pytest.raises(Invalid):
        scene.act("close", follow_up="called")  # what the child says of the help is asked for here
    scene.act("close", follow_up="called", feedback="helped")
    assert scene.handoff.state == "closed"
    assert "Huda" not in str([event.detail for event in scene.session.scalars(select(HandoffEvent))])


def test_the_call_goes_on_beside_it_and_may_end(scene: Scene):
    ask(scene, "family_counselling")
    scene.leaves(scene.leg("counsellor"))
    assert scene.handoff.state == "offering"
    assert scene.contact.state != "connected"


def test_declined_the_next_centre_is_asked_in_the_same_breath(scene: Scene):
    ask(scene, "family_counselling")
    partner_does(scene, CITY, "decline", code="no_capacity")
    assert scene.offers == [(CITY, "declined", "declined"), (SOUTH, "delivered", None)]
    assert scene.handoff.state == "offering"


def test_other_is_no_reason_without_words(scene: Scene):
    ask(scene, "family_counselling")
    with pytest.raises(Invalid):
        partner_does(scene, CITY, "decline", code="other")
    partner_does(scene, CITY, "decline", code="other", note="We move house this week")
    assert offer_to(scene, CITY).note_sealed and b"house" not in offer_to(scene, CITY).note_sealed


def test_unanswered_it_expires_and_the_partner_that_comes_late_finds_it_over(scene: Scene):
    ask(scene, "family_counselling")
    offer = offer_to(scene, CITY)
    assert offer.expires_at is not None
    expire(scene, offer)
    assert scene.offers[0] == (CITY, "expired", "no_answer")
    with pytest.raises(OfferOver):
        partner_does(scene, CITY, "accept", **BY)
    assert (scene.handoff.state, scene.offers[1][1]) == ("offering", "delivered")


def test_all_decline_and_it_stands_on_the_board_then_rings_people(scene: Scene):
    ask(scene, "family_counselling")
    partner_does(scene, CITY, "decline", code="no_capacity")
    partner_does(scene, SOUTH, "decline", code="not_eligible_age")
    assert scene.handoff.state == "unreachable"
    assert scene.handoff.paged_since and not armed(scene, "handoff_page")
    assert armed(scene, "handoff_clock")
    scene.tick(after_s=86401)
    assert armed(scene, "handoff_page")


def test_another_partner_or_an_unknown_act_is_not_found(scene: Scene):
    ask(scene, "family_counselling")
    offer = offer_to(scene, CITY)
    for partner, act in ((SOUTH, "accept"), (CITY, "vanish")):
        with pytest.raises(HandoffNotFound):
            perform_as_partner(scene.session, scene.line, offer.id, act, BY, partner=partner, via="portal")


def test_the_second_phase_can_not_come_first_and_one_that_is_theirs_is_not_ours_to_say(scene: Scene):
    ask(scene, "family_counselling")
    partner_does(scene, CITY, "accept", **BY)
    with pytest.raises(NotPossibleNow, match="after booked"):
        partner_does(scene, CITY, "advance", phase="attended")
    scene.act("advance", phase="booked")
    with pytest.raises(NotPossibleNow, match="for the partner"):
        scene.act("advance", phase="attended")


def test_nobody_comes_to_the_appointment_and_somebody_looks_for_the_child(scene: Scene):
    ask(scene, "family_counselling")
    partner_does(scene, CITY, "accept", **BY)
    partner_does(scene, CITY, "advance", phase="booked")
    scene.tick(after_s=60 * 86400)
    assert (scene.handoff.state, scene.handoff.phase) == ("in_progress", "no_show")
    assert scene.handoff.paged_since is not None
    partner_does(scene, CITY, "advance", phase="booked")
    assert (scene.handoff.phase, scene.handoff.paged_since) == ("booked", None)


def test_given_back_it_is_ours_at_once(scene: Scene):
    ask(scene, "family_counselling")
    partner_does(scene, CITY, "accept", **BY)
    partner_does(scene, CITY, "return", reason="no_capacity")
    assert (scene.handoff.state, scene.handoff.responsible) == ("returned", "us")
    with pytest.raises(OfferOver):
        partner_does(scene, CITY, "confirm", outcome="finished", by="Huda")


def test_consent_withdrawn_after_they_have_seen_it_they_say_that_it_is_deleted(scene: Scene):
    ask(scene, "family_counselling")
    partner_does(scene, CITY, "accept", **BY)
    scene.act("recall")
    scene.do_owed()
    assert scene.handoff.state == "recall_pending"
    assert ("recall", "sent") in told(scene, CITY)
    with pytest.raises(OfferOver):
        partner_does(scene, CITY, "see")
    partner_does(scene, CITY, "attest_recall", answer="deleted", by="Huda")
    assert scene.handoff.state == "recalled"


def test_consent_withdrawn_before_anybody_looked_is_recalled_at_once(scene: Scene):
    ask(scene, "family_counselling")
    scene.act("recall")
    assert scene.handoff.state == "recalled"


def test_what_can_not_be_recalled_says_who_saw_it_and_when(scene: Scene):
    ask(scene, "family_counselling")
    partner_does(scene, CITY, "see")
    scene.act("recall")
    scene.act("attest_recall", answer="can_not_be_recalled")
    last = scene.session.scalars(select(HandoffEvent).order_by(HandoffEvent.seq.desc()).limit(1)).one()
    assert last.detail["seen_by"][0]["partner"] == CITY


def test_a_police_hand_off_goes_on_over_an_objection(scene: Scene):
    scene.ask_for_police()
    scene.act("recall")
    assert (scene.handoff.state, scene.story[-1]) == ("offering", "objection")


def test_entered_by_mistake_takes_two_people(scene: Scene):
    ask(scene, "family_counselling")
    scene.act("enter_in_error", reason="wrong_child")
    scene.act("enter_in_error", reason="wrong_child")
    assert scene.handoff.state == "offering"
    scene.act("enter_in_error", scene.lead, reason="wrong_child")
    assert (scene.handoff.state, scene.offers[0][1]) == ("entered_in_error", "withdrawn")


def test_each_message_to_a_partner_is_one_however_often_it_is_owed(scene: Scene):
    ask(scene, "family_counselling")
    partner_does(scene, CITY, "decline", code="no_capacity")
    keys = list(scene.session.scalars(select(Attempt.idem_key)))
    assert len(keys) == len(set(keys)) == 2


def told(scene: Scene, partner: str) -> set[tuple[str, str]]:
    scene.session.expire_all()
    sent = scene.session.scalars(select(Attempt).where(Attempt.partner == partner))
    return {(attempt.about, attempt.status) for attempt in sent}


def armed(scene: Scene, kind: str) -> bool:
    query = select(Timer.id).where(Timer.kind == kind, Timer.fired_at.is_(None), Timer.cancelled_at.is_(None))
    return bool(scene.session.scalars(query).all())


def expire(scene: Scene, offer) -> None:
    """Only this partner's time goes by."""
    query = select(Timer).where(Timer.subject == str(offer.id), Timer.cancelled_at.is_(None))
    timer = scene.session.scalars(query).one()
    timer.due_at = offer.made_at
    scene.session.commit()
    scene.tick()
