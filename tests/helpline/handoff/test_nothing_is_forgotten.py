"""Whatever happens, in whatever order: one owner, one who answers, one acceptance, no gap, always a clock or a call."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from helpline import answering
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.handoff.acts import perform
from helpline.handoff.asking import MemberFacts, request_handoff
from helpline.handoff.auditing import audit_handoffs, find_mistold, find_unwatched, follows, pass_on_owned
from helpline.handoff.models import Handoff, HandoffEvent, Offer
from helpline.handoff.moving import TransitionRefused
from helpline.handoff.partner_acts import PARTNER_ACTS, OfferOver, perform_as_partner
from helpline.handoff.transitions import LIVE
from helpline.outbox.bell import commit
from helpline.outbox.models import Timer
from helpline.staff.activity import set_activity
from tests.helpline.handoff.partners_side import ask
from tests.helpline.handoff.scene import Scene

REFUSED = (Invalid, NotPossibleNow, TransitionRefused, OfferOver)
# Fields that would do for any act: each reads its own.
FIELDS = {
    "name": "Amal",
    "by": "Amal",
    "incident_number": "1",
    "receipt_number": "1",
    "services": {"psychological": "yes", "medical": "yes", "legal": "yes", "schooling": "yes"},
    "code": "no_capacity",
    "follow_up": "called",
    "feedback": "helped",
    "plan": "new_handoff",
    "answer": "deleted",
    "outcome": "placed",
    "call_back": "safe",
}
REASONS = {"cancel": "by_mistake", "return": "technical", "fail": "other", "enter_in_error": "duplicate"}
PHASES = ("in_transit", "arrived")
OURS = ("accept", "take", "reroute", "return", "confirm", "close", "reopen", "cancel", "agree_cancel", "recall")
STEPS = st.one_of(
    st.tuples(st.just("ours"), st.sampled_from((*OURS, "fail", "attest_recall", "advance")), st.integers(0, 1)),
    st.tuples(st.just("theirs"), st.sampled_from(tuple(PARTNER_ACTS)), st.integers(0, 3)),
    st.tuples(st.just("time"), st.sampled_from(("31", "5500", "90000")), st.just(0)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=4, max_size=14), basis=st.sampled_from(("consent", "vital_interest")))
def test_whatever_happens_in_whatever_order(scene: Scene, steps: list[tuple[str, str, int]], basis: str):
    start_over(scene, basis)
    for kind, what, which in steps:
        do(scene, kind, what, which)
        hold_true(scene)


def start_over(scene: Scene, basis: str) -> None:
    scene.session.rollback()
    scene.session.execute(update(Handoff).values(state="cancelled"))
    scene.session.execute(update(Timer).values(cancelled_at=func.now()).where(Timer.kind.like("handoff%")))
    scene.session.commit()
    facts = [MemberFacts(sex="female", age=9)]
    contact_id = scene.contact.id
    request_handoff(
        scene.session, scene.line, scene.mariam, contact_id, "shelter_placement", basis=basis, members=facts
    )
    commit(scene.session, scene.line.bell)
    scene.do_owed()


def newest(scene: Scene) -> Handoff:
    scene.session.rollback()
    scene.session.expire_all()
    return scene.session.scalars(select(Handoff).order_by(Handoff.requested_at.desc()).limit(1)).one()


def do(scene: Scene, kind: str, what: str, which: int) -> None:
    handoff = newest(scene)
    fields = FIELDS | {"phase": PHASES[which % 2], "reason": REASONS.get(what, "technical")}
    try:
        if kind == "ours":
            perform(scene.session, scene.line, (scene.mariam, scene.lead)[which], handoff.ref, what, fields)
        elif kind == "theirs":
            made = scene.session.scalars(select(Offer).where(Offer.handoff_id == handoff.id).order_by(Offer.seq)).all()
            offer = made[which % len(made)]
            about = {"partner": offer.partner, "via": "portal"}
            perform_as_partner(scene.session, scene.line, offer.id, what, fields, **about)
        else:
            scene.tick(after_s=float(what))
    except REFUSED:
        scene.session.rollback()
        return
    commit(scene.session, scene.line.bell)
    scene.do_owed()


def hold_true(scene: Scene) -> None:
    handoff = newest(scene)
    assert handoff.owner_id is not None and handoff.responsible in ("us", "partner", "shared")
    accepted = select(func.count()).select_from(Offer).where(Offer.handoff_id == handoff.id, Offer.state == "accepted")
    assert scene.session.scalar(accepted) <= 1
    events = scene.session.scalars(
        select(HandoffEvent).where(HandoffEvent.handoff_id == handoff.id).order_by(HandoffEvent.seq)
    ).all()
    assert follows(handoff, events)
    assert find_unwatched(scene.session) == []
    if handoff.state in LIVE and handoff.responsible == "partner":
        assert handoff.accepted_at is not None


def test_one_that_lost_its_clock_is_found_given_a_clock_and_people_are_called(scene: Scene):
    scene.ask_for_police()
    scene.session.execute(delete(Timer).where(Timer.kind == "handoff_clock"))
    scene.session.commit()
    assert find_unwatched(scene.session) == [scene.handoff.id]
    audit_handoffs(scene.session, scene.line)
    commit(scene.session, scene.line.bell)
    assert find_unwatched(scene.session) == []
    assert scene.handoff.paged_since is not None
    assert "watch_was_lost" in scene.story


def test_a_state_that_no_event_tells_of_is_noticed(scene: Scene):
    scene.ask_for_police()
    assert list(find_mistold(scene.session)) == []
    scene.session.execute(update(Handoff).values(state="accepted"))
    scene.session.commit()
    assert list(find_mistold(scene.session)) == [scene.handoff.ref]


def test_the_clock_sees_to_a_child_whose_level_rose_while_counselling_was_asked_for(scene: Scene):
    set_level(scene, "elevated")
    ask(scene, "community_desk")
    set_level(scene, "critical")
    scene.tick()
    assert "wrong_way_now" in scene.story
    assert scene.handoff.paged_since is not None


def test_whoever_goes_home_is_followed_by_a_shift_lead_who_is_at_work(scene: Scene):
    ask(scene, "family_counselling")
    set_activity(scene.session, scene.mariam, "offline", "operator")
    scene.session.commit()
    scene.tick()
    assert scene.handoff.owner_id == scene.mariam.id  # nobody else is there
    set_activity(scene.session, scene.lead, "available", "operator")
    pass_on_owned(scene.session)
    commit(scene.session, scene.line.bell)
    assert (scene.handoff.owner_id, scene.story[-1]) == (scene.lead.id, "owner_passed_on")


def set_level(scene: Scene, level: str) -> None:
    scene.session.rollback()
    answering.set_level(scene.session, scene.line, scene.mariam, scene.contact.id, level, "heard the child")
    commit(scene.session, scene.line.bell)
