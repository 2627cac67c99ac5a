"""What the shipped packs make of texts, told as the situations they were written for."""

from datetime import UTC, datetime, timedelta

import pytest

from triage.assess import assess
from triage.model import Signal
from triage.text.conversation import TextMessage, read_messages
from triage.text.evaluate import evaluate_text
from triage.text.language import guess_language

NOON = datetime(2030, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("i want to kill myself tonight", "critical"),
        ("my dad has a knife and hes shouting at us", "critical"),
        ("بدي موت حالي هلق", "critical"),
        ("سد عليا الباب وهاز جنوي", "critical"),
        ("baba bydrab mama delwa2ty", "critical"),
        ("انا مستخبية تحت السرير وهو بيدور عليا", "critical"),
        ("i dont want to be alive anymore", "high"),
        ("ابوي يضربني بالعقال كل اسبوع", "high"),
        ("baba byedrabni kol ma yes7a", "high"),
        ("i feel like a failure and nothing will get better", "elevated"),
        ("someone help", "elevated"),
        ("a sentence that no rule of ours has any word for", "elevated"),
        ("Привет, мне страшно", "elevated"),
        ("im not suicidal i just need to vent", "routine"),
        ("مش هموت نفسي متقلقوش انا بس مضايق", "routine"),
        ("ok", "routine"),
        ("بموت من الجوع وين العشا", "benign"),
        ("شكرا لكم", "benign"),
        ("hello", "benign"),
    ],
)
def test_a_text_has_the_level_its_situation_calls_for(rules, text, level):
    assert evaluate_text(text, rules).assessment.level == level


def names(reading):
    return {reason.rule for reason in reading.assessment.reasons}


def test_a_denial_beside_something_acute_counts_for_nothing(rules):
    assert evaluate_text("im not going to kill myself but i took all my pills", rules).assessment.level == "critical"


def test_a_figure_of_speech_cancels_its_own_words_and_never_the_message(rules):
    told = names(evaluate_text("نفسي اموت من الضحك وابوي يضربني", rules))
    assert {"violence.home", "text_idiom"} <= told
    assert "suicide.intent" not in told


def test_a_negation_elsewhere_in_the_sentence_denies_nothing(rules):
    assert evaluate_text("ما حدا يعرف اني بدي موت", rules).assessment.level == "high"


def test_two_griefs_are_no_emergency(rules):
    assert evaluate_text("i want to die. my stepdad hits me every week", rules).assessment.level == "high"


def test_circumstances_add_to_what_a_text_tells(rules):
    alone = evaluate_text("i want to die", rules).assessment
    at_night = evaluate_text("i want to die", rules, [Signal("night")]).assessment
    assert at_night.score == alone.score + 8


def test_a_reason_points_at_the_words_that_gave_it(rules):
    text = "Listen. My DAD has a kniiife"
    read = evaluate_text(text, rules)
    words = [text[start:end] for start, end in read.spans["weapon.in_hand"]]
    assert words == ["My", "DAD", "has", "a", "kniiife"]


def test_a_word_repeated_a_thousand_times_is_read_to_its_end(rules):
    assert evaluate_text("🔪💊" * 3000, rules).assessment.level in ("elevated", "critical")


def test_what_was_found_before_a_text_became_too_tangled_still_counts(rules):
    text = "i want to kill myself. " + "he my dad she my mum they my uncle hit " * 40
    assert evaluate_text(text, rules).assessment.level >= "high"


def signals(rules, *texts, apart=timedelta(minutes=1), attachments=0):
    messages = [TextMessage(text, NOON + number * apart, attachments) for number, text in enumerate(texts)]
    return {signal.name for signal in read_messages(messages, rules.text)}


def test_a_wish_written_in_three_pieces_is_understood(rules):
    assert "suicide.intent" in signals(rules, "i want", "to", "die")


def test_pieces_far_apart_are_not_joined(rules):
    assert "suicide.intent" not in signals(rules, "i want", "to", "die", apart=timedelta(minutes=11))


def test_only_the_last_six_are_joined(rules):
    assert "suicide.intent" not in signals(rules, "i want to", *"abcdef", "die")


def test_what_only_earlier_messages_say_is_not_told_again(rules):
    assert "suicide.intent" not in signals(rules, "i want to die", "ok")


def test_a_picture_without_words_is_elevated(rules):
    told = read_messages([TextMessage("", NOON, attachments=1)], rules.text)
    assert assess(told, rules).level == "elevated"


def test_no_messages_tell_nothing(rules):
    assert read_messages([], rules.text) == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("i want to go home", "en"),
        ("بدي ارجع عالبيت", "ar"),
        ("ana msh 3ayez amoot", "ar"),
        ("مجھے مدد چاہیے", "ur"),
        ("मुझे मदद चाहिए", "hi"),
        ("💊", "und"),
    ],
)
def test_the_language_shown_is_a_guess(rules, text, language):
    assert guess_language(text, rules.text) == language
