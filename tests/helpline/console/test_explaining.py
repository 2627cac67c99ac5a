"""The words that gave a level are cut out of the text as it was written."""

import pytest

from config.settings import Settings
from helpline.console.explaining import explain_text
from triage.rules import RuleSet, load_rules

RISK_RULES = Settings.model_fields["helpline_config_dir"].default / "risk_rules"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(RISK_RULES)


def marked(body: str, rules: RuleSet) -> list[str]:
    return [piece["words"] for piece in explain_text(body, rules)["pieces"] if piece["counted"]]


@pytest.mark.parametrize(
    "body",
    [
        "my dad is going to kill me tonight",
        "ابوي ماسك سكين and he says he will kill me الحين",
        "I want to killlll myself 🔪 now!!",
        "",
        "\u202eabc\u202c",
    ],
)
def test_the_pieces_are_the_text_and_nothing_is_lost(body: str, rules: RuleSet):
    assert "".join(piece["words"] for piece in explain_text(body, rules)["pieces"]) == body


def test_letters_that_were_drawn_out_belong_to_the_word(rules: RuleSet):
    assert any(words.endswith("myselffff") for words in marked("i want to killlll myselffff", rules))


def test_each_reason_names_its_rule_and_quotes_the_words(rules: RuleSet):
    [first, *_] = explain_text("hello, ابوي ماسك سكين", rules)["reasons"]
    assert first["floor"] == "critical" and any("سكين" in words for words in first["words"])
    assert set(first["text"]) >= {"ar", "en"}


def test_what_did_not_count_is_not_marked(rules: RuleSet):
    assert not any("blue" in words for words in marked("my shirt is blue and i want to kill myself", rules))
