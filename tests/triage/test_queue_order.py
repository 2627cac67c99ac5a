"""Who is next: critical before everyone, nobody forgotten below it, and one counsellor kept back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.queue_policy import Contender, Shift, draw_callers, key_of_service
from triage.model import RiskLevel
from triage.ordering import (
    Counsellor,
    Floor,
    QueuePolicy,
    Waiting,
    fits,
    may_offer,
    needs_on_call,
    place,
    sort_key,
)

NOON = datetime(2030, 3, 1, 12, tzinfo=UTC)
TARGETS = {RiskLevel.high: 60, RiskLevel.elevated: 180, RiskLevel.routine: 600, RiskLevel.benign: 3600}
POLICY = QueuePolicy(
    reserve=1,
    reserve_from_on_shift=5,
    reserve_release_overdue_s=240,
    reserve_release_waiting=20,
    language_patience_s=120,
    critical_language_patience_s=30,
    wish_patience_s=180,
    critical_wish_patience_s=10,
    on_call_after_s=15,
)


def at(seconds):
    return NOON + timedelta(seconds=seconds)


WEEK_S = 604_800
arrivals = st.integers(0, WEEK_S).map(at)
contacts = st.tuples(st.sampled_from(RiskLevel), arrivals)


def key(contact):
    level, arrived_at = contact
    return sort_key(place(level, arrived_at, TARGETS), arrived_at)


def test_levels_compare_by_severity_and_not_by_alphabet():
    by_severity = ["benign", "routine", "elevated", "high", "critical"]
    assert sorted(RiskLevel) == by_severity
    assert [RiskLevel(name).rank for name in by_severity] == [1, 2, 3, 4, 5]
    assert RiskLevel.critical > RiskLevel.high >= RiskLevel.high > "elevated"
    assert RiskLevel.benign < RiskLevel.routine <= RiskLevel.routine
    assert max("routine", RiskLevel.critical, "high") is RiskLevel.critical
    assert RiskLevel.highest(RiskLevel.routine, RiskLevel.critical, RiskLevel.high) is RiskLevel.critical


@given(st.lists(contacts, max_size=12))
def test_however_long_others_have_waited_every_critical_goes_first(waiting):
    served = [level for level, _ in sorted(waiting, key=key)]
    criticals = served.count(RiskLevel.critical)
    assert served[:criticals] == [RiskLevel.critical] * criticals


@given(st.lists(arrivals, max_size=8), st.sampled_from(RiskLevel))
def test_within_a_level_the_first_to_come_is_the_first_served(times, level):
    served = sorted(((level, arrived_at) for arrived_at in times), key=key)
    assert [arrived_at for _, arrived_at in served] == sorted(times)


@given(contacts, contacts)
def test_two_contacts_stand_level_only_when_level_of_need_and_arrival_agree(one, other):
    same_key = key(one) == key(other)
    assert same_key == (one == other)


@given(contacts, st.sampled_from(RiskLevel))
def test_raising_a_level_never_moves_anyone_back(contact, new_level):
    level, arrived_at = contact
    raised = RiskLevel.highest(level, new_level)
    assert key((raised, arrived_at)) <= key(contact)


@pytest.mark.parametrize(
    ("lesser", "head_start_s"),
    [(RiskLevel.elevated, 121), (RiskLevel.routine, 541), (RiskLevel.benign, 3541)],
)
def test_below_critical_a_lesser_need_goes_first_once_it_has_waited_long_enough(lesser, head_start_s):
    new_high = (RiskLevel.high, NOON)
    assert key((lesser, at(-head_start_s))) < key(new_high)
    assert key((lesser, at(-head_start_s + 2))) > key(new_high)


def test_only_critical_needs_no_target():
    assert place(RiskLevel.critical, NOON, {}).due_at == NOON
    assert place(RiskLevel.high, NOON, TARGETS).due_at == at(60)


def call(level="routine", language="ar", **more):
    return Waiting(RiskLevel(level), NOON, "voice", language, **more)


SPEAKS_ARABIC = Counsellor(frozenset({"voice"}), frozenset({"ar"}), "man")


@pytest.mark.parametrize(
    ("waiting", "waited_s", "may_take"),
    [
        (call(), 0, True),
        (call(language="en"), 0, False),
        (call(language="en"), 119, False),
        (call(language="en"), 120, True),
        (call(language="ur", language_on_shift=False), 0, True),
        (call("critical", language="en"), 29, False),
        (call("critical", language="en"), 30, True),
        (call(wished_counsellor="man"), 0, True),
        (call(wished_counsellor="woman"), 179, False),
        (call(wished_counsellor="woman"), 180, True),
        (call("critical", wished_counsellor="woman"), 9, False),
        (call("critical", wished_counsellor="woman"), 10, True),
        (call(language="en", wished_counsellor="woman"), 150, False),
        (call(wished_counsellor="woman", wished_at=at(60)), 239, False),
        (call(wished_counsellor="woman", wished_at=at(60)), 240, True),
        (call("critical", wished_counsellor="woman", wished_at=at(60)), 69, False),
    ],
)
def test_language_and_wish_are_honoured_for_a_stated_while(waiting, waited_s, may_take):
    assert fits(SPEAKS_ARABIC, waiting, at(waited_s), POLICY) is may_take


def test_no_waiting_lets_a_counsellor_take_a_channel_they_do_not_serve():
    text = Waiting(RiskLevel.critical, NOON, "sms", "ar")
    assert not fits(SPEAKS_ARABIC, text, at(86_400), POLICY)


@pytest.mark.parametrize(
    ("level", "floor", "may_have"),
    [
        ("routine", Floor(5, 2, 0, 1), True),
        ("routine", Floor(5, 1, 0, 1), False),
        ("high", Floor(5, 1, 0, 1), False),
        ("critical", Floor(5, 1, 0, 1), True),
        ("routine", Floor(4, 1, 0, 1), True),
        ("routine", Floor(4, 0, 0, 1), False),
        ("routine", Floor(20, 1, 240, 1), False),
        ("routine", Floor(20, 1, 241, 1), True),
        ("routine", Floor(20, 1, 0, 20), False),
        ("routine", Floor(20, 1, 0, 21), True),
    ],
)
def test_the_last_free_counsellor_of_a_large_floor_is_kept_for_a_critical_child(level, floor, may_have):
    assert may_offer(call(level), floor, POLICY) is may_have


@pytest.mark.parametrize(
    ("level", "waited_s", "anyone_on_shift", "rings"),
    [
        ("critical", 14.9, True, False),
        ("critical", 15, True, True),
        ("high", 500, True, False),
        ("benign", 14.9, False, False),
        ("benign", 15, False, True),
    ],
)
def test_on_call_is_rung_for_a_critical_child_and_for_anyone_on_an_empty_floor(level, waited_s, anyone_on_shift, rings):
    assert needs_on_call(RiskLevel(level), waited_s, POLICY, anyone_on_shift=anyone_on_shift) is rings


@pytest.mark.parametrize(
    ("level", "asked_for_person", "rings"),
    [
        ("critical", False, True),
        ("high", False, True),
        ("elevated", False, False),
        ("routine", False, False),
        ("routine", True, True),
    ],
)
def test_a_closed_line_wakes_those_on_call_for_danger_and_for_who_needs_a_person_now(level, asked_for_person, rings):
    asked = needs_on_call(
        RiskLevel(level), 500, POLICY, anyone_on_shift=False, closed=True, asked_for_person=asked_for_person
    )
    assert asked is rings


def play_two_days(policy, seed):
    callers = draw_callers(on_shift=20, load=0.95, days=2, seed=seed, patient=False)
    return Shift(Contender("ours", key_of_service, policy), on_shift=20).run(callers)[RiskLevel.critical]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_on_a_busy_floor_the_reserve_spares_critical_children_the_wait(seed):
    kept, none_kept = play_two_days(POLICY, seed), play_two_days(replace(POLICY, reserve=0), seed)
    assert kept.percentile(0.95) <= 20 < none_kept.percentile(0.95)
    assert kept.abandonment() <= 1
