"""However a word is written, the reader sees the same word, and can still point at it in the original."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.model import RiskLevel
from triage.text.evaluate import evaluate_text
from triage.text.tokens import read_leet, tokenise


def words(text):
    return [token.form for token in tokenise(text)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("I WANT to Die", ["i", "want", "to", "die"]),
        ("أُريدُ أَنْ أَمُوتَ", ["اريد", "ان", "اموت"]),
        ("اريـــــد ان امـــوت", ["اريد", "ان", "اموت"]),
        ("اموووووت", ["اموت"]),
        ("dieeeee", ["die"]),
        ("س ك ي ن معه", ["سكين", "معه"]),
        ("k.i.l.l him", ["kil", "him"]),
        ("ki\u200bll \u202eme\u202c", ["kil", "me"]),
        ("عمري ١٢ و ۱۳", ["عمري", "12", "و", "13"]),
        ("मैं मरना चाहता हूँ १२", ["मैं", "मरना", "चाहता", "हूं", "12"]),
        ("مجھے مرنا ہے", ["مجهي", "مرنا", "هي"]),
        ("j'ai avalé des cachets", ["jai", "avale", "des", "cachets"]),
        ("don’t", ["dont"]),
        ("ｋｉｌｌ", ["kil"]),
        ("💊💊💊 now", ["💊", "now"]),
        ("🔪️ 👋🏽", ["🔪", "👋"]),
        ("no no no no", ["no", "no"]),
        ("100 pills", ["100", "pils"]),
        ("مدرسة على شاطئ", ["مدرسه", "علي", "شاطي"]),
        ("", []),
        ("\u202e\u0651\u0640", []),
    ],
)
def test_a_text_is_read_as_these_words(written, read):
    assert words(written) == read


@pytest.mark.parametrize(
    ("written", "meant"), [("k1ll", "kil"), ("su1c1de", "suicide"), ("$uicide", "suicide"), ("d!e", "die")]
)
def test_digits_and_signs_among_letters_are_also_read_as_letters(written, meant):
    [token] = tokenise(written)
    assert read_leet(token.form) == meant


def test_a_number_is_not_read_as_letters():
    assert [read_leet(token.form) for token in tokenise("10 pm")] == [None, None]


@pytest.mark.parametrize("text", ["أُريدُ أَنْ أَمُوتَ", "I  w-a-n-t to   dieeee!!", "مرحبا 💊 k i l l"])
def test_every_word_points_at_its_place_in_the_original(text):
    for token in tokenise(text):
        assert words(text[token.start : token.end])[0] == token.form


def test_of_a_long_text_the_beginning_and_the_end_are_read():
    text = "begin " + "filler middle " * 400 + " the end"
    read = words(text)
    assert (read[0], read[-2:]) == ("begin", ["the", "end"])
    assert sum(map(len, read)) < 1000


def test_the_cut_of_a_long_text_makes_no_phrase(rules):
    text = ("good morning " * 47)[:597] + "want" + " filler words" * 200 + " to die"
    assert "suicide.intent" not in {reason.rule for reason in evaluate_text(text, rules).assessment.reasons}


RISKS = st.sampled_from(
    [
        "i want to kill myself",
        "he has a knife",
        "بدي موت حالي هلق",
        "ابوي يضربني كل اسبوع",
        "حبسني في الغرفة",
        "hello",
        "شكرا",
    ]
)


def level_of(text, rules):
    assessment = evaluate_text(text, rules).assessment
    return assessment.level, [reason.rule for reason in assessment.reasons]


@given(RISKS)
def test_capitals_change_nothing(rules, text):
    assert level_of(text.upper(), rules) == level_of(text, rules)


@given(RISKS, st.data())
def test_marks_tatweel_and_invisible_signs_change_nothing(rules, text, data):
    signs = ["\u064e", "\u0651", "\u0640", "\u200b", "\u200f", "\u202e", "\u2066", "\u0301", "\ufe0f"]
    place = data.draw(st.integers(1, len(text)))
    sign = data.draw(st.sampled_from(signs))
    assert level_of(text[:place] + sign + text[place:], rules) == level_of(text, rules)


@given(RISKS, st.data(), st.integers(2, 30))
def test_stretched_letters_change_nothing(rules, text, data, times):
    place = data.draw(st.sampled_from([place for place, letter in enumerate(text) if letter.isalpha()]))
    assert level_of(text[:place] + text[place] * times + text[place + 1 :], rules) == level_of(text, rules)


@given(RISKS.filter(lambda text: " a " not in text), st.data(), st.sampled_from([" ", ".", "-", "_"]))
def test_a_word_written_letter_by_letter_changes_nothing(rules, text, data, between):
    parts = text.split()
    long_enough = [number for number, part in enumerate(parts) if len(part) > 2 and not _beside_a_letter(parts, number)]
    number = data.draw(st.sampled_from(long_enough))
    parts[number] = between.join(parts[number])
    assert level_of("  ".join(parts), rules) == level_of(text, rules)


def _beside_a_letter(parts, number):
    return any(len(part) == 1 for part in parts[max(0, number - 1) : number + 2])


@given(
    st.sampled_from(["i took 30 pills", "عمري 12 واخذت 30 حبة"]),
    st.sampled_from(["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९"]),
)
def test_the_script_of_digits_changes_nothing(rules, text, digits):
    other = text.translate({ord(str(number)): digit for number, digit in enumerate(digits)})
    assert level_of(other, rules) == level_of(text, rules)


@given(RISKS)
def test_the_form_in_which_letters_are_composed_changes_nothing(rules, text):
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert level_of(unicodedata.normalize(form, text), rules) == level_of(text, rules)


@given(st.text(max_size=300))
def test_no_text_is_too_strange_to_be_read(rules, text):
    assert evaluate_text(text, rules).assessment.level in ("critical", "high", "elevated", "routine", "benign")


@given(st.text(max_size=60), RISKS)
def test_what_is_added_in_a_new_sentence_never_lowers(rules, text, risk):
    before = evaluate_text(text, rules).assessment.level
    unread = {"text_unread_by_rules", "text_unknown_script", "text_near_empty"}
    if not unread & {reason.rule for reason in evaluate_text(text, rules).assessment.reasons}:
        assert evaluate_text(f"{text}. {risk}", rules).assessment.level >= before
    assert evaluate_text(f"{text}. {risk}", rules).assessment.level >= min(
        evaluate_text(risk, rules).assessment.level, RiskLevel.high
    )
