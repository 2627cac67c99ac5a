"""What nearness to examples means, and that it can raise to high and do nothing else."""

import tomllib

import numpy as np
import pytest

from helpline.likeness.model import load_model, measure, vectors_file
from tests.triage.conftest import RISK_RULES
from triage.assess import assess
from triage.model import RiskLevel, Signal
from triage.rules import SECOND_OPINION, RuleSet, RulesInvalid, load_rules
from triage.second_opinion.examples import POOLED, Bank, BankInvalid, Example, read_bank
from triage.second_opinion.leave_one_out import fix_thresholds
from triage.second_opinion.prepare import prepare
from triage.second_opinion.weigh import weigh

FOLDER = RISK_RULES / "second_opinion"
LABELS = (RiskLevel.critical, RiskLevel.elevated, RiskLevel.benign)
EXAMPLES = tuple(Example(f"{label}-{n}", "", "en", label) for label in LABELS for n in (1, 2))
BANK = Bank(EXAMPLES, "", 1, {POOLED: 0.1, "ar": 0.6})


def test_a_text_nearer_to_grave_examples_is_raised_and_names_the_nearest():
    opinion = weigh([0.4, 0.9, 0.95, 0.95, 0.3, 0.2], BANK, "en")
    assert (opinion.raises, opinion.margin, opinion.nearest) == (True, 0.5, ("critical-2",))


def test_a_text_nearer_to_ordinary_examples_is_left_where_it_is():
    assert not weigh([0.3, 0.3, 0.9, 0.9, 0.7, 0.2], BANK, "en").raises


def test_each_group_is_held_to_its_own_threshold_and_unknown_ones_to_the_common_one():
    near = [0.8, 0.0, 0.0, 0.0, 0.3, 0.0]
    assert weigh(near, BANK, "en").raises and not weigh(near, BANK, "ar").raises


def test_of_a_hundred_ordinary_examples_two_may_be_raised_in_error():
    examples = [Example(str(n), "", "en", RiskLevel.benign) for n in range(100)]
    examples += [Example("grave", "", "en", RiskLevel.high)]
    measure = fix_thresholds(examples, [n / 100 for n in range(100)] + [0.98], ["en"] * 101)["en"]
    assert (measure.threshold, measure.false_alarms, measure.found) == (0.97, 0.02, 1.0)


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
    (folder / "examples.csv").write_text("id,text,lang,label\na,hello,en,grave\n", "utf-8")
    with pytest.raises(BankInvalid, match=r"examples\.csv"):
        read_bank(folder)


def test_thresholds_and_vectors_are_those_of_the_examples(rules: RuleSet):
    bank = read_bank(FOLDER)
    assert tomllib.loads((FOLDER / "thresholds.toml").read_text("utf-8"))["examples"] == bank.fingerprint
    rows = np.load(vectors_file(FOLDER, bank.fingerprint)).astype(np.float32)
    assert len(rows) == len(bank.examples)
    some = range(0, len(bank.examples), 60)
    now = measure(load_model(), [prepare(bank.examples[place].text, rules.text).words for place in some])
    # A pack that learns a new usual word may move one example to another group; the vectors stay as good.
    alike = [float(rows[place] @ one) for place, one in zip(some, now, strict=True)]
    assert sorted(alike)[1] > 0.995
