"""The operators of packs, on a pack of the test's own, and the loader, which refuses what it does not know."""

import pytest

from triage.rules import RulesInvalid, load_rules
from triage.text.examples import find_broken_text_examples
from triage.text.reading import read_text

HEAD = """
schema = 1
theme = "trial"
group = "trial"
version = "1"
owner = "clinical lead"
reviewed_by = ""
reviewed_on = ""
"""
CONCEPT = """
[[concept]]
id = "trial.one"
concept = "hopeless"
phrases = ["PHRASE"]
examples = ["x"]
counterexamples = ["y"]
"""


@pytest.fixture
def load_pack(rule_folder):
    for pack in (rule_folder / "text").glob("*.toml"):
        if pack.name != "combos.toml":
            pack.unlink()

    def load(body, head=HEAD):
        (rule_folder / "text" / "trial.toml").write_text(head + body, encoding="utf-8")
        return load_rules(rule_folder).text

    return load


def finds(lexicon, text):
    return "trial.one" in {found.rule for found in read_text(text, lexicon).found}


@pytest.mark.parametrize(
    ("phrase", "found", "not_found"),
    [
        ("red fox", "a Red foxx ran", "fox red"),
        ("(red|dark grey) fox", "dark grey fox", "grey fox"),
        ("(red|dark (grey|blue)) fox", "dark blue fox", "dark fox"),
        ("red? fox ran", "fox ran", "red ran"),
        ("red * fox", "red old fox", "red old sad fox"),
        ("red *3 fox", "red and old sad fox", "red and very old sad fox"),
        ("red *3 fox", "red fox", "red. fox"),
        ("red *1 old? *1 fox", "red so big fox", "red so very big fox"),
        ("(red|blue)? fox (ran)?", "fox", "red"),
        ("foxi*", "foxish", "fox"),
        ("ثعلب احمر", "ثَعلب أحمر", "احمر ثعلب"),
        ("ثعلب احمر", "وثعلب الأحمر", "ثعلبان احمر"),
        ("💊 fox", "💊💊 fox", "fox"),
    ],
)
def test_a_phrase_finds_this_and_not_that(load_pack, phrase, found, not_found):
    lexicon = load_pack(CONCEPT.replace("PHRASE", phrase))
    assert finds(lexicon, found)
    assert not finds(lexicon, not_found)


def test_lists_may_hold_phrases_and_other_lists(load_pack):
    lists = '[lists]\ncolour = ["red", "dark grey"]\nbeast = ["fox", "{colour} wolf"]\n'
    lexicon = load_pack(lists + CONCEPT.replace("PHRASE", "the {beast} ran"))
    assert finds(lexicon, "the dark grey wolf ran")
    assert not finds(lexicon, "the grey wolf ran")


def test_a_family_is_a_stem_with_what_may_stand_before_and_after(load_pack):
    family = '[affixes]\nwill = ["س", "ب"]\nwho = ["ي", "ت"]\n'
    family += '[families.hit]\nstems = ["ضرب"]\nbefore = ["{will}{who}"]\nafter = ["ني", "نا"]\n'
    lexicon = load_pack(family + CONCEPT.replace("PHRASE", "{hit}"))
    assert all(finds(lexicon, word) for word in ("ضرب", "يضربني", "بيضربنا", "سيضربني", "وبتضربني"))
    assert not finds(lexicon, "ضربات")


def test_a_family_that_needs_an_ending_is_not_found_without(load_pack):
    family = '[families.marry]\nstems = ["زوج"]\nafter = ["وني"]\nending_needed = true\n'
    lexicon = load_pack(family + CONCEPT.replace("PHRASE", "{marry}"))
    assert finds(lexicon, "زوجوني")
    assert not finds(lexicon, "زوج")


def test_a_family_that_needs_a_beginning_is_not_found_without(load_pack):
    family = '[families.hits_us]\nstems = ["ضرب"]\nbefore = ["ي", "ب"]\nafter = ["نا"]\nbeginning_needed = true\n'
    lexicon = load_pack(family + CONCEPT.replace("PHRASE", "{hits_us}"))
    assert finds(lexicon, "يضربنا")
    assert not finds(lexicon, "ضربنا")


def test_arabic_phrases_are_found_in_latin_letters_when_the_text_shows_arabizi(load_pack):
    lexicon = load_pack(CONCEPT.replace("PHRASE", "ثعلب احمر"))
    assert finds(lexicon, "t3lb a7mar 3ndna")
    assert not finds(lexicon, "tlb mr")


def test_a_group_that_is_spelled_by_ear_is_found_in_any_spelling(load_pack):
    head = HEAD.replace('theme = "trial"', 'theme = "words"\nspelled_by_ear = true')
    lexicon = load_pack(CONCEPT.replace("PHRASE", "kal marunga"), head)
    assert finds(lexicon, "kal maroongaa")
    assert finds(lexicon, "kal mrunga")
    assert not finds(lexicon, "kal karunga")


def test_near_finds_its_halves_in_any_order_within_some_words(load_pack):
    concept = CONCEPT.replace('phrases = ["PHRASE"]', 'near = [["red|blue", "fox"]]\nwithin = 2').replace(
        "red|blue", "(red|blue)"
    )
    lexicon = load_pack(concept)
    assert finds(lexicon, "fox so very red")
    assert finds(lexicon, "blue fox")
    assert not finds(lexicon, "fox so very much red")


def test_near_may_ask_for_three_each_with_words_of_its_own(load_pack):
    concept = CONCEPT.replace('phrases = ["PHRASE"]', 'near = [["fox", "(red|blue)", "(hen|red)"]]\nwithin = 3')
    lexicon = load_pack(concept)
    assert finds(lexicon, "a hen saw the red fox")
    assert not finds(lexicon, "a red fox")
    assert not finds(lexicon, "the blue fox")


def test_a_concept_may_take_words_away_from_another(load_pack):
    past = '[[concept]]\nid = "trial.past"\nconcept = "suicide.attempt_past"\ncancels = ["hopeless"]\n'
    past += 'phrases = ["old fox"]\nexamples = ["x"]\ncounterexamples = ["y"]\n'
    lexicon = load_pack(past + CONCEPT.replace("PHRASE", "fox"))
    assert not finds(lexicon, "the old fox")
    assert finds(lexicon, "the old fox and a fox")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('concept = "hopeless"', 'concept = "no.such"', "trial.toml: concept trial.one: nothing speaks of no.such"),
        ('concept = "hopeless"', 'concept = "hopeless"\nmood = 1', "trial.toml: concept trial.one: unknown key mood"),
        ('examples = ["x"]', "examples = []", "trial.toml: concept trial.one: examples must be"),
        ('id = "trial.one"', "", "trial.toml: concept number 1: missing id"),
        ("PHRASE", "(red|fox", "trial.toml: concept trial.one: '(red|fox' has a bracket that is not closed"),
        ("PHRASE", "red) fox", "every bracket needs its other"),
        ("PHRASE", "{nobody} fox", "trial.toml: concept trial.one: {nobody} is neither a list nor a family"),
        ("PHRASE", "red? fox?", "could be found where none of its words is"),
        ("PHRASE", "red *9 fox", "a gap is 1 to 6 words wide"),
        ("PHRASE", "fo*", "too short a beginning"),
        ("PHRASE", "!!", "has no letters"),
        ("[[concept]]", "[concept]", "trial.toml: write [[concept]], not [concept]"),
        ("[[concept]]", '[lists]\na = ["{a} b"]\n[[concept]]', "trial.toml: {a} leads back to itself"),
        ("[[concept]]", "[[concepts]]", "trial.toml: unknown key concepts"),
    ],
)
def test_a_fault_is_refused_with_its_place(load_pack, old, new, fault):
    with pytest.raises(RulesInvalid) as refused:
        load_pack(CONCEPT.replace(old, new, 1))
    assert fault in str(refused.value)


def test_an_example_that_no_longer_holds_is_found(load_pack):
    lexicon = load_pack(CONCEPT.replace("PHRASE", "fox").replace('"y"', '"the fox"'))
    broken = [line for line in find_broken_text_examples(lexicon) if "trial.one" in line]
    assert broken == [
        "trial.toml: concept trial.one: does not hold on its example 'x'",
        "trial.toml: concept trial.one: speaks on its counterexample 'the fox'",
    ]


def test_a_changed_word_changes_the_version(rule_folder):
    before = load_rules(rule_folder).version
    pack = rule_folder / "text" / "words.english.toml"
    pack.write_text(pack.read_text(encoding="utf-8").replace('"machete"', '"scythe"'), encoding="utf-8")
    assert load_rules(rule_folder).version != before


def test_packs_that_nobody_signed_are_named(rules):
    assert "text/violence.english.toml" in rules.unsigned


def test_urdu_is_not_sought_by_its_consonants_since_roman_urdu_has_packs_of_its_own(load_pack):
    pack = CONCEPT.replace("PHRASE", "بستر دروازہ")
    latin_with_a_digit = "3ala bestar derwaza"
    assert finds(load_pack(pack), latin_with_a_digit)
    assert not finds(load_pack(pack, HEAD.replace('group = "trial"', 'group = "urdu"')), latin_with_a_digit)
    assert finds(load_pack(pack, HEAD.replace('group = "trial"', 'group = "urdu"')), "بستر دروازہ ہے")


@pytest.mark.parametrize(
    ("arabic", "found", "not_found"),
    [
        ("باب", ("3ndi lbab", "el bab 3ndi", "bab 3andi"), ("3ndi bib", "3ndi bub", "the bab is here")),
        ("سكين", ("ma3ah sekkin", "3ando sekeen"), ("ma3ah sokon", "my skin is dry")),
        ("قالت", ("galet 3ndi", "2alet 3ndi", "9alet 3ndi", "qalet 3ndi"), ("3ndi calet",)),
        ("بنت", ("3ndi bent", "el bint 3ndi"), ("3ndi bntha",)),
    ],
)
def test_short_arabic_words_are_heard_by_their_vowels_where_a_text_is_plainly_arabizi(
    load_pack, arabic, found, not_found
):
    lexicon = load_pack(CONCEPT.replace("PHRASE", f"{arabic} عندي|عندي {arabic}|معه {arabic}|عنده {arabic}".join("()")))
    assert [text for text in found if not finds(lexicon, text)] == []
    assert [text for text in not_found if finds(lexicon, text)] == []


def test_a_word_that_another_language_writes_alike_needs_company_of_its_own(load_pack, rule_folder):
    words = HEAD.replace('theme = "trial"', 'theme = "words"')
    words += 'language = "fr"\nusual_words = ["je", "la"]\nhomographs = ["sang", "la"]\n'
    (rule_folder / "text" / "words.trial.toml").write_text(words, encoding="utf-8")
    lexicon = load_pack(CONCEPT.replace("PHRASE", "(sang|couteau)"))
    assert finds(lexicon, "je vois du sang")
    assert finds(lexicon, "couteau")
    assert not finds(lexicon, "we sang la la")


def test_a_short_negator_denies_only_what_its_own_group_found(load_pack, rule_folder):
    negator = '[[negator]]\nid = "other.no"\nside = "before"\nphrases = ["(na|nahi)"]\n'
    negator += 'examples = ["x"]\ncounterexamples = ["y"]\n'
    other = HEAD.replace('group = "trial"', 'group = "other"') + negator
    (rule_folder / "text" / "other.toml").write_text(other, encoding="utf-8")
    lexicon = load_pack(CONCEPT.replace("PHRASE", "fox"))
    assert finds(lexicon, "na fox")
    assert not finds(lexicon, "nahi fox")
