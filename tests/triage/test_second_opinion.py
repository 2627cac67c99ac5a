"""What nearness to examples means, and that it can raise to high and do nothing else."""

import tomllib

import numpy as np
import pytest

from helpline.likeness.centring import centre
from helpline.likeness.model import OpinionUnavailable, load_model, measure
from helpline.likeness.prepared import read_prepared
from tests.triage.conftest import RISK_RULES
from triage.assess import assess
from triage.model import RiskLevel, Signal
from triage.rules import SECOND_OPINION, RuleSet, RulesInvalid, load_rules
from triage.second_opinion.examples import POOLED, Bank, BankInvalid, Example, read_bank
from triage.second_opinion.pieces import to_places
from triage.second_opinion.prepare import prepare
from triage.second_opinion.thresholds import fix_thresholds
from triage.second_opinion.weigh import weigh

FOLDER = RISK_RULES / "second_opinion"
LABELS = (RiskLevel.critical, RiskLevel.elevated, RiskLevel.benign)
EXAMPLES = tuple(Example(f"{label}-{n}", "", "en", label, f"hand {n}") for label in LABELS for n in (1, 2))
BANK = Bank(EXAMPLES, "", 1, {POOLED: 0.3, "ar": 1.8}, {})


def test_a_text_nearer_to_grave_examples_is_raised_and_names_the_nearest():
    opinion = weigh([0.4, 0.9, 0.95, 0.95, 0.3, 0.2], 0.0, BANK, "en")
    assert (opinion.raises, opinion.margin, opinion.nearest) == (True, 1.5, ("critical-2",))


def test_a_text_nearer_to_ordinary_examples_is_left_where_it_is():
    assert not weigh([0.3, 0.3, 0.9, 0.9, 0.7, 0.2], 0.0, BANK, "en").raises


def test_what_was_learned_counts_beside_nearness():
    as_near = [0.5, 0.0, 0.0, 0.0, 0.5, 0.0]
    assert weigh(as_near, 0.4, BANK, "en").raises and not weigh(as_near, 0.2, BANK, "en").raises


def test_each_group_is_held_to_its_own_threshold_and_unknown_ones_to_the_common_one():
    near = [0.8, 0.0, 0.0, 0.0, 0.3, 0.0]
    assert weigh(near, 0.0, BANK, "en").raises and not weigh(near, 0.0, BANK, "ar").raises


def hundred_ordinary_and_one_grave() -> tuple[list[Example], list[float]]:
    examples = [Example(str(n), "", "en", RiskLevel.benign, "one") for n in range(100)]
    examples += [Example("grave", "", "en", RiskLevel.high, "one")]
    return examples, [n / 100 for n in range(100)] + [0.98]


def test_of_a_hundred_ordinary_examples_eight_may_be_raised_in_error():
    measure = fix_thresholds(*hundred_ordinary_and_one_grave(), ["en"] * 101, {})["en"]
    assert (measure.threshold, measure.false_alarms, measure.found) == (0.91, 0.08, 1.0)


def test_no_threshold_falls_below_the_least_of_its_group_and_its_figures_are_told_as_they_then_are():
    measure = fix_thresholds(*hundred_ordinary_and_one_grave(), ["en"] * 101, {"en": 0.985})["en"]
    assert (measure.threshold, measure.false_alarms, measure.found) == (0.985, 0.01, 0.0)


def test_a_spelling_never_seen_shares_pieces_with_those_that_were():
    shared = to_places("byedrabni").keys() & to_places("biyedrabni kteer").keys()
    assert len(shared) > 10
    assert to_places("") == {}


def test_case_marks_stretching_and_spacing_change_nothing_for_the_second_opinion(rules: RuleSet):
    assert prepare("I  WANNNNT to   dıe", rules.text).words == prepare("i want to die", rules.text).words
    assert prepare("أُريـــد أن أموت", rules.text) == prepare("اريد ان اموت", rules.text)


def test_arabic_in_latin_letters_is_compared_as_arabic(rules: RuleSet):
    prepared = prepare("5ayef mn abouy", rules.text)
    assert prepared.group == "ar-latin"
    assert not any(letter.isascii() and letter.isalnum() for letter in prepared.words)


def test_a_long_text_is_compared_by_its_beginning_and_end(rules: RuleSet):
    assert len(prepare("word one two " * 500, rules.text).words) <= 401


@pytest.mark.parametrize("others", [(), ("night", "age_10_12"), ("text_unread_by_rules", "night")])
def test_the_second_opinion_makes_high_and_never_adds_points(rules: RuleSet, others: tuple[str, ...]):
    known = [Signal(name) for name in others]
    before, after = assess(known, rules), assess([*known, Signal(SECOND_OPINION)], rules)
    assert (after.level, after.score) == (RiskLevel.high, before.score)


@pytest.mark.parametrize("change", [('"high"', '"critical"'), ("points = 0", "points = 60")])
def test_a_rule_that_would_let_it_make_critical_is_refused(rule_folder, change: tuple[str, str]):
    file = rule_folder / "second_opinion.toml"
    file.write_text(file.read_text("utf-8").replace(*change), "utf-8")
    with pytest.raises(RulesInvalid, match="a second opinion may have the floor high"):
        load_rules(rule_folder)


def test_an_example_file_with_an_unknown_label_is_refused(rule_folder):
    folder = rule_folder / "second_opinion"
    (folder / "examples.csv").write_text("id,text,lang,label,hand\na,hello,en,grave,one\n", "utf-8")
    with pytest.raises(BankInvalid, match=r"examples\.csv"):
        read_bank(folder)


def test_what_stands_prepared_was_made_of_these_very_examples_by_this_model(rules: RuleSet):
    bank = read_bank(FOLDER)
    assert tomllib.loads((FOLDER / "thresholds.toml").read_text("utf-8"))["examples"] == bank.fingerprint
    prepared = read_prepared(FOLDER, bank)
    assert len(prepared.rows) == len(prepared.left_out) == len(bank.examples)
    some = range(0, len(bank.examples), 250)
    read = [prepare(bank.examples[place].text, rules.text) for place in some]
    groups = [one.group for one in read]
    now = centre(measure(load_model(), [one.words for one in read]), groups, prepared.centres)
    # A pack that learns a new usual word may move one example to another group; the vectors stay as good.
    alike = [float(prepared.rows[place] @ one) for place, one in zip(some, now, strict=True)]
    assert sorted(alike)[2] > 0.99


def test_prepared_files_that_were_changed_since_are_refused(rule_folder):
    folder = rule_folder / "second_opinion"
    weights = next(folder.glob("weights-*.npz"))
    weights.write_bytes(weights.read_bytes() + b"0")
    with pytest.raises(OpinionUnavailable, match=r"is not what thresholds\.toml was written with"):
        read_prepared(folder, read_bank(folder))


def test_every_example_was_scored_by_what_other_hands_wrote():
    bank = read_bank(FOLDER)
    hands = {example.hand for example in bank.examples}
    assert len(hands) > 1
    left_out = read_prepared(FOLDER, bank).left_out
    assert np.isfinite(left_out).all() and np.count_nonzero(left_out) == len(left_out)
