"""What does not stand in the table can not happen, and whatever happens is on record without a gap."""

from itertools import product

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from helpline.audit.models import AuditRow
from helpline.handoff.models import STATES, Handoff, HandoffEvent
from helpline.handoff.moving import Actor, TransitionRefused, move
from helpline.handoff.transitions import LIVE, OVER, TRANSITIONS
from helpline.outbox.timers import list_armed
from tests.helpline.handoff.scene import NORTH, Scene

WHO = ("counsellor", "shift_lead", "partner", "system", "administrator")


def put_in_state(scene: Scene, state: str) -> Handoff:
    scene.session.execute(update(Handoff).values(state=state))
    scene.session.commit()
    return scene.handoff


def test_every_move_that_is_not_in_the_table_is_refused_and_changes_nothing(scene: Scene):
    scene.ask_for_police()
    refused = 0
    for state in STATES:
        handoff = put_in_state(scene, state)
        before = (handoff.state, handoff.phase, handoff.version, handoff.responsible, handoff.last_seq)
        rows = scene.session.scalar(select(func.count()).select_from(AuditRow))
        for (name, rule), kind in product(TRANSITIONS.items(), WHO):
            if state in rule.came_from and kind in rule.who:
                continue
            with pytest.raises(TransitionRefused):
                move(scene.session, scene.line, handoff, name, Actor(kind, f"{kind}:test"))
            assert not scene.session.dirty and not scene.session.new
            refused += 1
        after = scene.handoff
        assert (after.state, after.phase, after.version, after.responsible, after.last_seq) == before
        assert scene.session.scalar(select(func.count()).select_from(AuditRow)) == rows
    assert refused > 3000


def test_every_move_in_the_table_leads_where_it_says_with_one_event_and_a_clock_where_it_is_not_over(scene: Scene):
    scene.ask_for_police()
    for name, rule in TRANSITIONS.items():
        for state in rule.came_from:
            handoff = put_in_state(scene, state)
            version, seq = handoff.version, handoff.last_seq
            move(scene.session, scene.line, handoff, name, Actor(min(rule.who), "test"))
            assert (handoff.state, handoff.version, handoff.last_seq) == (rule.to or state, version + 1, seq + 1)
            armed = [timer.kind for timer in list_armed(scene.session, handoff.id)]
            assert ("handoff_clock" in armed) == (handoff.state in LIVE)
            scene.session.commit()


def test_a_move_on_an_older_version_is_refused(scene: Scene):
    scene.ask_for_police()
    version = scene.handoff.version
    with pytest.raises(TransitionRefused):
        scene.act("cancel", reason="by_mistake", version=version - 1)
    scene.act("cancel", reason="by_mistake", version=version)
    assert scene.handoff.state == "cancelled"


def test_a_change_that_somebody_else_made_meanwhile_is_refused(scene: Scene):
    scene.ask_for_police()
    handoff = scene.handoff
    outdated = update(Handoff).values(version=Handoff.version + 1)
    scene.session.execute(outdated, execution_options={"synchronize_session": False})
    with pytest.raises(TransitionRefused):
        move(scene.session, scene.line, handoff, "cancel", Actor("counsellor", "test"))


def test_responsibility_moves_to_a_partner_when_it_accepts_and_for_a_placement_when_the_child_arrives():
    moves = {(name, rule.responsible) for name, rule in TRANSITIONS.items() if rule.responsible}
    assert moves == {
        ("accept", "partner"),
        ("accept_placement", "shared"),
        ("arrive", "partner"),
        ("accept_inbound", "us"),
        # The partner that a child came from has them again.
        ("give_back", "partner"),
        ("return_to_origin", "partner"),
        # Ours again at once.
        ("hand_back", "us"),
        ("fail", "us"),
    }


def test_a_partner_ends_a_hand_off_only_as_it_was_asked_to():
    ends = {name for name, rule in TRANSITIONS.items() if rule.to in (*OVER, "completed") and "partner" in rule.who}
    assert ends == {"confirm", "agree_cancel", "attest_recall"}
    assert TRANSITIONS["agree_cancel"].came_from == {"cancel_requested"}
    assert TRANSITIONS["attest_recall"].came_from == {"recall_pending"}


def test_the_clock_ends_nothing():
    assert not [name for name, rule in TRANSITIONS.items() if rule.to in OVER and "system" in rule.who]


def test_events_are_numbered_without_gaps_and_each_state_follows_from_the_one_before(scene: Scene):
    scene.ask_for_police()
    scene.bring_in(NORTH)
    scene.act("accept", badge="4021", incident_number="1")
    scene.act("confirm", outcome="child_safe_at_home", by="4021")
    scene.act("close", follow_up="unsafe_to_call")
    events = list(scene.session.scalars(select(HandoffEvent).order_by(HandoffEvent.seq)))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    moves = [event for event in events if event.came_to]
    assert [event.version for event in moves] == list(range(1, len(moves) + 1))
    for earlier, later in zip(moves, moves[1:], strict=False):
        assert later.came_from == earlier.came_to


@pytest.mark.parametrize("change", ["UPDATE handoff_events SET kind = 'x'", "DELETE FROM handoff_events"])
def test_events_can_be_neither_changed_nor_removed(scene: Scene, change: str):
    scene.ask_for_police()
    with pytest.raises(ProgrammingError, match="append-only"):
        scene.session.execute(text(change))


def test_a_live_hand_off_always_has_an_owner_and_a_clock(scene: Scene):
    scene.ask_for_police()
    with pytest.raises(IntegrityError):
        scene.session.execute(update(Handoff).values(owner_id=None))
