"""A place in a shelter: who fits where, the first to accept, the last bed, the journey, arrival, and on to another."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.handoff.asking import MemberFacts
from helpline.handoff.models import Handoff
from helpline.handoff.partner_acts import OfferOver
from helpline.handoff.shelter import Place, count_free, set_count
from helpline.handoff.special_models import Hold
from helpline.handoff.transport import read_transport
from helpline.store.types import utc_now
from tests.helpline.handoff.partners_side import ask, offer_to, partner_does
from tests.helpline.handoff.scene import Scene

CITY, SOUTH, NORTH = "shelter_city", "shelter_south", "shelter_north"
SERVICES = {"psychological": "yes", "medical": "later", "legal": "no", "schooling": "yes"}
SAID = {"name": "Amal", "services": SERVICES}
GIRL, BOY = MemberFacts(sex="female", age=9), MemberFacts(sex="male", age=14)


def ask_for_shelter(scene: Scene, *members: MemberFacts) -> Handoff:
    return ask(scene, "shelter_placement", members=members)


def asked(scene: Scene) -> set[str]:
    return {partner for partner, state, _why in scene.offers if state in ("sent", "delivered")}


def plan_journey(scene: Scene, minutes: int = 20) -> str:
    journey = {
        "mode": "car",
        "escort": "our_staff",
        "same_sex": True,
        "pickup": "at the corner",
        "eta_minutes": minutes,
    }
    scene.act("transport", **journey)
    code_word = read_transport(scene.session, scene.line, scene.mariam, scene.handoff)["code_word"]["ar"]
    scene.session.commit()
    return code_word


def place(scene: Scene, partner: str) -> str:
    """This shelter accepts, they go there, and it says that they are there."""
    partner_does(scene, partner, "accept", **SAID)
    code_word = plan_journey(scene)
    scene.act("advance", phase="in_transit")
    partner_does(scene, partner, "advance", phase="arrived", code_word=code_word)
    return code_word


def test_only_shelters_with_a_fitting_free_bed_are_asked_side_by_side(scene: Scene):
    ask_for_shelter(scene, GIRL)
    assert asked(scene) == {CITY, NORTH}


def test_a_boy_over_twelve_goes_where_boys_over_twelve_may(scene: Scene):
    ask_for_shelter(scene, BOY)
    assert asked(scene) == {SOUTH}


def test_age_counts_on_the_day_by_the_day_of_birth(scene: Scene):
    today = utc_now().date()
    turns_twelve_tomorrow = today.replace(year=today.year - 12) + timedelta(days=1)
    ask_for_shelter(scene, MemberFacts(sex="male", born=date(*turns_twelve_tomorrow.timetuple()[:3])))
    assert asked(scene) == {CITY, SOUTH}


def test_what_a_child_needs_decides_too(scene: Scene):
    ask_for_shelter(scene, MemberFacts(sex="female", age=15, needs=("pregnancy",)))
    assert asked(scene) == {NORTH}


def test_the_first_to_accept_has_it_and_the_other_hears_that_it_is_taken(scene: Scene):
    ask_for_shelter(scene, GIRL)
    partner_does(scene, NORTH, "acknowledge")
    partner_does(scene, CITY, "accept", **SAID)
    assert (scene.handoff.state, scene.handoff.responsible) == ("accepted", "shared")
    with pytest.raises(OfferOver):
        partner_does(scene, NORTH, "accept", **SAID)
    assert offer_to(scene, NORTH).why == "taken"


def test_each_service_asked_for_is_answered(scene: Scene):
    ask_for_shelter(scene, GIRL)
    with pytest.raises(Invalid, match="services"):
        partner_does(scene, CITY, "accept", name="Amal", services={"legal": "yes"})


def test_one_declines_and_the_other_is_still_asked(scene: Scene):
    ask_for_shelter(scene, GIRL)
    partner_does(scene, NORTH, "acknowledge")
    partner_does(scene, CITY, "decline", code="no_capacity")
    assert scene.handoff.state == "acknowledged"
    partner_does(scene, NORTH, "decline", code="unsafe_match")
    assert scene.handoff.state == "unreachable"


def test_they_arrive_with_the_code_word_and_only_then_the_shelter_answers_for_them(scene: Scene):
    ask_for_shelter(scene, GIRL)
    partner_does(scene, CITY, "accept", **SAID)
    code_word = plan_journey(scene)
    scene.act("advance", phase="in_transit")
    with pytest.raises(Invalid, match="code_word"):
        partner_does(scene, CITY, "advance", phase="arrived", code_word="someone else")
    assert scene.handoff.responsible == "shared"
    with pytest.raises(NotPossibleNow, match="after arrived"):
        partner_does(scene, CITY, "confirm", outcome="placed", by="Amal")
    partner_does(scene, CITY, "advance", phase="arrived", code_word=f" {code_word} ")
    assert (scene.handoff.phase, scene.handoff.responsible) == ("arrived", "partner")
    assert scene.session.scalars(select(Hold.state)).all() == ["confirmed"]
    partner_does(scene, CITY, "confirm", outcome="placed", by="Amal")
    assert scene.handoff.state == "completed"


def test_they_do_not_come_amber_first_then_people_are_called(scene: Scene):
    ask_for_shelter(scene, GIRL)
    partner_does(scene, CITY, "accept", **SAID)
    plan_journey(scene, minutes=1)
    scene.act("advance", phase="in_transit")
    set_back_eta(scene, minutes=16)
    assert "overdue_amber" in scene.story and scene.handoff.phase == "in_transit"
    set_back_eta(scene, minutes=31)
    assert scene.handoff.phase == "no_show"
    assert scene.handoff.paged_since is not None


def test_the_bed_is_gone_meanwhile_and_the_acceptance_is_refused(scene: Scene):
    ask_for_shelter(scene, BOY)
    fill(scene, SOUTH, "south_house", "boys", 10)
    with pytest.raises(NotPossibleNow, match="no place"):
        partner_does(scene, SOUTH, "accept", **SAID)
    scene.session.rollback()
    assert scene.handoff.state == "offering"


def test_a_place_kept_too_long_is_given_free_and_people_are_called(scene: Scene):
    ask_for_shelter(scene, BOY)
    fill(scene, SOUTH, "south_house", "boys", 9)
    partner_does(scene, SOUTH, "accept", **SAID)
    assert free(scene, SOUTH) == 0
    scene.tick(after_s=5401)
    assert free(scene, SOUTH) == 1
    assert "hold_expired" in scene.story


def test_given_back_the_place_is_free_again_and_we_answer_at_once(scene: Scene):
    ask_for_shelter(scene, BOY)
    partner_does(scene, SOUTH, "accept", **SAID)
    partner_does(scene, SOUTH, "return", reason="not_safe_here")
    assert (scene.handoff.responsible, free(scene, SOUTH)) == ("us", 10)


def test_a_shelter_takes_the_girl_and_her_brother_is_offered_on_at_once(scene: Scene):
    first = ask_for_shelter(scene, GIRL, BOY).ref
    partner_does(scene, CITY, "accept", **SAID, members=[1])
    family = list(scene.session.scalars(select(Handoff).order_by(Handoff.requested_at)))
    assert [handoff.shared_ref for handoff in family] == [first, first]
    assert [(handoff.state, handoff.responsible) for handoff in family] == [("accepted", "shared"), ("offering", "us")]
    assert offer_to(scene, SOUTH, family[1]).state == "delivered"


def test_a_mother_with_her_children_stays_together(scene: Scene):
    ask_for_shelter(scene, MemberFacts(sex="female", age=34), GIRL, MemberFacts(sex="male", age=13))
    assert asked(scene) == {CITY}
    partner_does(scene, CITY, "accept", **SAID)
    assert set(scene.session.scalars(select(Hold.bed))) == {"mothers"}


def test_from_shelter_to_shelter_both_know_it_by_one_name_until_the_child_has_arrived(scene: Scene):
    first = ask_for_shelter(scene, GIRL).ref
    place(scene, CITY)
    scene.act("refer_on", workflow="shelter_transfer")
    scene.do_owed()
    stay, move = scene.session.scalars(select(Handoff).order_by(Handoff.requested_at))
    assert (move.shared_ref, move.origin, move.responsible) == (first, CITY, "partner")
    assert offer_to(scene, NORTH, move).state == "delivered"  # and never the one they come from
    partner_does(scene, NORTH, "accept", **SAID)
    partner_does(scene, NORTH, "advance", phase="origin_release")
    partner_does(scene, NORTH, "advance", phase="in_transit")
    scene.session.refresh(move)
    assert move.responsible == "shared"
    partner_does(scene, NORTH, "advance", phase="arrived")
    scene.session.expire_all()
    assert (move.responsible, stay.state, stay.outcome) == ("partner", "completed", "moved_on")


def set_back_eta(scene: Scene, minutes: int) -> None:
    """So many minutes after they were expected."""
    from helpline.handoff.special_models import Transport
    from helpline.outbox.models import Timer

    scene.session.rollback()
    scene.session.get_one(Transport, scene.handoff.id).eta_at = utc_now() - timedelta(minutes=minutes)
    armed = select(Timer).where(Timer.kind == "handoff_eta", Timer.fired_at.is_(None), Timer.cancelled_at.is_(None))
    scene.session.scalars(armed).one().due_at = utc_now()
    scene.session.commit()
    scene.tick()


def fill(scene: Scene, partner: str, site: str, bed: str, occupied: int) -> None:
    set_count(scene.session, scene.line, partner, site, bed, occupied=occupied, accepting=True, actor="test")
    scene.session.commit()


def free(scene: Scene, partner: str) -> int:
    scene.session.rollback()
    scene.session.expire_all()
    site = scene.line.partners[partner].sites[0]
    return count_free(scene.session, partner, Place(site, site.beds[0]))
