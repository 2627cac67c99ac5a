"""What the shipped rules make of a contact, told as the situations they were written for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.assess import assess
from triage.context import context_signals
from triage.examples import find_broken_examples
from triage.model import Reason, RiskLevel, Signal
from triage.rule_file import parse_signal
from triage.rules import RuleSet, load_rules

QUIET_DAY = {
    "local_hour": 15,
    "attempts_24h": 1,
    "attempts_7d": 1,
    "abandoned_after_danger": False,
    "recent_high_within_30d": False,
    "short_hangups_10min": 0,
}

# Every name the flows and the intake may note. One missing here would be assessed as not understood.
NOTED_BY_FLOWS = [
    "call_arrived",
    "danger_key",
    "cannot_talk",
    "silent_line",
    "wrong_keys",
    "asked_for_person",
    "about_violence",
    "about_self_harm",
    "about_runaway",
    "about_other",
    "caller_child",
    "caller_other_child",
    "caller_adult",
    "age_up_to_9",
    "age_10_12",
    "age_13_15",
    "age_16_17",
    "closed_hours",
    "text_unread_by_rules",
    "fault_in_assessment",
]


def assess_written(rules: RuleSet, *written: str):
    return assess([parse_signal(one) for one in written], rules)


def test_every_rule_keeps_its_own_examples_and_counterexamples(rules):
    assert find_broken_examples(rules) == ()


def test_an_example_that_no_longer_holds_is_found(rule_folder):
    silence = rule_folder / "silence.toml"
    silence.write_text(silence.read_text().replace('[["silent_line"], ["silent_line=1"]]', '[["wrong_keys"]]'))
    broken = find_broken_examples(load_rules(rule_folder))
    assert broken == ("rule silent_line: does not speak on its example wrong_keys",)


@pytest.mark.parametrize("name", NOTED_BY_FLOWS)
def test_the_rules_know_every_signal_that_flows_note(rules, name):
    assert name in rules.signal_names


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("call_arrived", "routine"),
        ("call_arrived danger_key", "critical"),
        ("call_arrived about_violence", "high"),
        ("call_arrived about_self_harm age_16_17", "high"),
        ("call_arrived about_runaway caller_other_child", "high"),
        ("call_arrived about_runaway night age_10_12", "critical"),
        ("call_arrived about_runaway night age_16_17", "high"),
        ("call_arrived cannot_talk", "elevated"),
        ("call_arrived cannot_talk about_violence", "critical"),
        ("call_arrived silent_line", "elevated"),
        ("call_arrived silent_line silent_earlier_24h=1", "high"),
        ("call_arrived short_hangups_10min=2", "routine"),
        ("call_arrived short_hangups_10min=3", "high"),
        ("call_arrived abandoned_after_danger", "high"),
        ("call_arrived abandoned_after_danger abandoned_after_danger_within_hour", "critical"),
        ("call_arrived recent_high_within_30d", "high"),
        ("call_arrived age_up_to_9", "elevated"),
        ("call_arrived age_10_12 caller_child", "routine"),
        ("call_arrived caller_adult closed_hours", "routine"),
        ("call_arrived wrong_keys=9 asked_for_person about_other", "routine"),
        ("text_unread_by_rules", "elevated"),
        ("fault_in_assessment", "elevated"),
    ],
)
def test_a_situation_has_the_level_it_was_given_by_the_helpline(rules, written, level):
    assert assess_written(rules, *written.split()).level == level


@pytest.mark.parametrize(
    "noted", [("short_hangups_10min=3", "short_hangups_10min=1"), ("short_hangups_10min=1", "short_hangups_10min=3")]
)
def test_of_a_count_told_twice_the_highest_counts(rules, noted):
    assert assess_written(rules, *noted).level == "high"


def test_small_worries_add_up_to_a_higher_level_than_any_of_them(rules):
    tired_of_trying = ("call_arrived", "age_10_12", "night", "attempts_24h=4", "attempts_7d=6", "caller_adult")
    assert all(assess_written(rules, one).level <= "routine" for one in tired_of_trying)
    assert assess_written(rules, *tired_of_trying).level == "elevated"


def test_a_signal_no_rule_knows_raises_to_elevated_and_says_so(rules):
    assessment = assess_written(rules, "call_arrived", "renamed_by_mistake")
    assert assessment.level == "elevated"
    assert assessment.reasons[0].rule == "signal_not_understood"


def test_a_count_that_is_not_a_number_raises_to_elevated(rules):
    assert assess([Signal("short_hangups_10min", "many")], rules).level == "elevated"


def test_the_same_signal_twice_counts_once(rules):
    assert assess_written(rules, "night", "night").score == assess_written(rules, "night").score


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (0, "benign"),
        (9, "benign"),
        (10, "routine"),
        (34, "routine"),
        (35, "elevated"),
        (59, "elevated"),
        (60, "high"),
        (79, "high"),
        (80, "critical"),
        (100, "critical"),
    ],
)
def test_a_score_reaches_a_level_at_its_cut(rules, score, level):
    assert rules.level_for(score) == level


def test_a_score_ends_at_a_hundred(rules):
    assert assess([Signal(name, 9) for name in rules.signal_names], rules).score == 100


def test_a_higher_floor_tells_more_than_more_points(rules):
    many_points, high_floor = "text_unread_by_rules", "short_hangups_10min=3"
    assert assess_written(rules, many_points, high_floor).reasons[0].rule == "short_hangups_repeated"


def test_the_most_important_reason_stands_first(rules):
    noted = ("call_arrived", "wrong_keys", "night", "silent_line", "danger_key", "about_violence")
    named = [reason.rule for reason in assess_written(rules, *noted).reasons]
    assert named == ["danger_key", "about_violence", "silent_line", "night", "call_arrived", "wrong_keys"]


def test_every_reason_can_be_read_in_arabic_and_english(rules):
    for rule in rules.rules:
        assert {"ar", "en"} <= rule.reason.text.keys()
        assert any("\u0600" <= letter <= "\u06ff" for letter in rule.reason.text["ar"]), rule.id


def test_an_assessment_survives_being_stored(rules):
    stored = assess_written(rules, "danger_key", "night").to_dict()
    assert (stored["level"], stored["rules_version"]) == ("critical", rules.version)
    assert [Reason.from_dict(one).floor for one in stored["reasons"]] == [RiskLevel.critical, None]
    assert [Reason.from_dict(one).to_dict() for one in stored["reasons"]] == stored["reasons"]


def any_signals(rules: RuleSet) -> st.SearchStrategy[list[Signal]]:
    names = st.sampled_from(sorted(rules.signal_names)) | st.text(max_size=8)
    values = st.none() | st.integers(-2, 12) | st.text(max_size=3)
    return st.lists(st.builds(Signal, names, values), max_size=10)


@given(data=st.data())
def test_no_signal_ever_lowers_a_level_or_a_score(rules, data):
    known = data.draw(any_signals(rules))
    more = data.draw(any_signals(rules))
    before, after = assess(known, rules), assess([*known, *more], rules)
    assert after.level >= before.level
    assert after.score >= before.score
    assert {reason.rule for reason in before.reasons} <= {reason.rule for reason in after.reasons}


@given(data=st.data())
def test_the_order_in_which_signals_were_noticed_does_not_matter(rules, data):
    noted = data.draw(any_signals(rules))
    shuffled = data.draw(st.permutations(noted))
    assert assess(noted, rules) == assess(shuffled, rules)


@pytest.mark.parametrize(("hour", "is_night"), [(21, False), (22, True), (0, True), (5, True), (6, False)])
def test_night_lasts_from_ten_to_six(hour, is_night):
    noted = context_signals(**QUIET_DAY | {"local_hour": hour})
    assert (Signal("night") in noted) is is_night


def test_a_first_contact_on_a_quiet_day_adds_nothing_to_the_score(rules):
    assert assess(context_signals(**QUIET_DAY), rules).score == 0


def test_the_rules_know_every_circumstance(rules):
    worst = context_signals(
        local_hour=2,
        attempts_24h=6,
        attempts_7d=9,
        abandoned_after_danger=True,
        recent_high_within_30d=True,
        short_hangups_10min=3,
        silent_earlier_24h=1,
        abandoned_after_danger_within_hour=True,
        abandoned_after_disclosure=True,
        unsafe_earlier_24h=True,
        short_hangups_60min=3,
    )
    assert len(worst) == 11
    assert {signal.name for signal in worst} <= rules.signal_names


def test_danger_within_the_hour_is_critical_even_if_only_that_is_told(rules):
    noted = context_signals(**QUIET_DAY, abandoned_after_danger_within_hour=True)
    assessment = assess(noted, rules)
    assert assessment.level == "critical"
    assert "abandoned_after_danger" in {reason.rule for reason in assessment.reasons}
