"""Words that everyone spells as they hear them are one word to the reader."""

import pytest

from triage.text.by_ear import sound_of


@pytest.mark.parametrize(
    ("written", "also"),
    [
        ("marunga", "marungaa"),
        ("marungi", "mrungi"),
        ("khatam", "khtm"),
        ("zindagi", "jindagi"),
        ("chhalang", "chalang"),
        ("zeher", "zehar"),
        ("darwaze", "darvazay"),
        ("nikalne", "niklne"),
        ("phanda", "fanda"),
    ],
)
def test_two_spellings_sound_alike(written, also):
    assert sound_of(written) == sound_of(also) != ""


@pytest.mark.parametrize(
    ("one", "another"), [("mar", "mor"), ("marna", "marne"), ("bache", "bachao"), ("khana", "gana"), ("dard", "dar")]
)
def test_words_of_different_meaning_sound_different(one, another):
    assert sound_of(one) != sound_of(another)


@pytest.mark.parametrize("word", ["ka", "م", "मरना", "3ndi", ""])
def test_other_scripts_and_the_shortest_words_have_no_sound(word):
    assert sound_of(word) == ""
