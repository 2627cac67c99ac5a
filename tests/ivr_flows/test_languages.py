"""Any number of languages: the menu renumbers itself, the proof holds, and a text tells what its writer speaks."""

from __future__ import annotations

import pytest

from ivr_flows.check import check
from ivr_flows.engine import resume, start
from ivr_flows.events import LanguageChosen, Prompt
from ivr_flows.library import Library, Recorded, Spoken, can_be_recorded
from ivr_flows.loader import load_library
from ivr_flows.model import Conditions, Key
from ivr_flows.prove import prove
from ivr_flows.shelf import read_shelf
from ivr_flows.walk import walk
from ivr_flows.written import ASKS_FOR_LIST, asked_language, guess_written, list_languages

OPEN = Conditions(open=True)
ALL = ("ar", "en", "fr", "ur", "hi", "fil")
WITH_A_VOICE = ("ar", "en", "fr", "hi", "fil")


@pytest.fixture(scope="module")
def everyone() -> Library:
    """All six languages: five on calls, Urdu in texts until it is recorded."""
    return load_library(languages=WITH_A_VOICE, in_texts=["ur"])


def with_urdu_recorded() -> Library:
    """All six on calls, as it will be once Urdu has been recorded."""
    library = read_shelf(languages=ALL).library
    urdu = library.speech["ur"]
    recorded = {
        key: prompt if not can_be_recorded(key, prompt.text) else Recorded(f"{key}.mp3", "0" * 64, prompt.text)
        for key, prompt in urdu.prompts.items()
    }
    object.__setattr__(urdu, "prompts", recorded)
    return library


@pytest.mark.parametrize("languages", [("ar",), ("en",), ("en", "ar"), ("fr", "hi", "fil"), WITH_A_VOICE])
def test_any_choice_of_languages_is_in_order_and_loses_nobody(languages: tuple[str, ...]) -> None:
    assert check(languages=languages) == []
    proof = prove(load_library(languages=languages))
    assert proof.faults == ()
    assert {covered.languages for covered in proof.covered} == {languages}


def test_all_six_on_calls_lose_nobody_either() -> None:
    everyone = with_urdu_recorded()
    proof = prove(everyone)
    assert proof.faults == ()
    # What can not be recorded is heard in a language that has a voice; all else as it was recorded.
    number = {"emergency_number": "999"}
    assert everyone.spoken(Prompt("fault.emergency", "ur"), number) == everyone.spoken(
        Prompt("fault.emergency", "ar"), number
    )
    assert isinstance(everyone.spoken(Prompt("welcome.hello", "ur")), Recorded)


def test_each_language_has_the_digit_of_its_place(everyone: Library) -> None:
    first = start(everyone, "welcome", OPEN, "")
    for digit, code in enumerate(WITH_A_VOICE, start=1):
        assert LanguageChosen(code) in resume(everyone, first.state, Key(str(digit)), OPEN).events
    said = first.events[-1].prompts
    offers = [(said[n - 1].key, prompt) for n, prompt in enumerate(said) if prompt.key.startswith("press.") and n]
    assert [prompt for key, prompt in offers if key == "language.this"] == [
        Prompt(f"press.{digit}", code) for digit, code in enumerate(WITH_A_VOICE, start=1)
    ]


def test_every_language_hears_of_danger_in_the_first_words(everyone: Library) -> None:
    said = start(everyone, "welcome", OPEN, "").events[-1].prompts
    assert {prompt.language for prompt in said if prompt.key == "danger.if_now"} == set(WITH_A_VOICE)
    # The whole greeting is for the two likeliest, or the last would have to wait too long.
    assert [prompt.language for prompt in said if prompt.key == "welcome.hello"] == ["ar", "en"]


def test_a_first_guess_changes_who_is_spoken_to_first_and_no_key(everyone: Library) -> None:
    guessed = start(everyone, "welcome", OPEN, "hi")
    said = guessed.events[-1].prompts
    assert [prompt.language for prompt in said if prompt.key == "welcome.hello"] == ["hi", "ar"]
    assert {(prompt.language, prompt.key) for prompt in said} >= {("hi", "press.4"), ("ar", "press.1")}
    assert LanguageChosen("ar") in resume(everyone, guessed.state, Key("1"), OPEN).events


def test_where_one_language_is_spoken_nobody_is_asked_for_it() -> None:
    one = load_library(languages=["en"])
    step = start(one, "welcome", OPEN, "")
    assert step.state.node == "who"
    assert step.events[-1].prompts[:3] == tuple(
        Prompt(key, "en") for key in ("welcome.hello", "danger.if_now", "press.9")
    )


def test_a_walk_in_each_language_presses_the_key_of_that_language(everyone: Library) -> None:
    went = walk(everyone, "welcome", ["language", "about_self", "violence"], "fil")
    assert went.end == "queue"
    assert {prompt.language for prompt in went.last.events[-1].prompts} == {"fil"}


def test_a_language_without_a_voice_is_written_and_not_spoken(everyone: Library) -> None:
    assert "ur" not in everyone.languages
    assert everyone.spoken(Prompt("text.welcome", "ur"), {"emergency_number": "999"}).text.startswith("آپ کا پیغام")
    # A texter who writes Urdu and is called: the first language is spoken, not silence.
    assert isinstance(everyone.spoken(Prompt("hold.moment", "ur")), Spoken)
    assert everyone.spoken(Prompt("hold.moment", "ur")) == everyone.spoken(Prompt("hold.moment", "ar"))


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("ساعدوني", "ar"),
        ("مجھے ڈر لگ رہا ہے", "ur"),
        ("मुझे डर लग रहा है", "hi"),
        ("j'ai peur de papa", "fr"),
        ("natatakot ako sa tatay ko", "fil"),
        ("ana khayfa mn baba", "ar"),
        ("mujhe madad chahiye", "ur"),
        ("please help me", "en"),
        ("ok", "en"),
        ("😢", "en"),
    ],
)
def test_a_text_tells_its_language(everyone: Library, body: str, language: str) -> None:
    assert guess_written(body, everyone) == language


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("English", "en"),
        ("english!", "en"),
        ("عربي", "ar"),
        ("العَرَبِيّة", "ar"),
        ("اردو", "ur"),
        ("हिन्दी", "hi"),
        ("FRANCAIS", "fr"),
        ("tagalog", "fil"),
        ("language?", ASKS_FOR_LIST),
        ("لغة", ASKS_FOR_LIST),
        ("my english teacher hits me", None),
        ("hindi", None),
        ("3", None),
    ],
)
def test_a_text_that_is_a_languages_name_asks_for_it(everyone: Library, body: str, language: str | None) -> None:
    assert asked_language(body, everyone) == language


def test_a_number_asks_for_the_language_at_its_place_in_the_list(everyone: Library) -> None:
    places = dict(line.split(" ", 1) for line in list_languages(everyone).splitlines())
    for number in places:
        code = asked_language(number, everyone, by_number=True)
        assert everyone.speech[code].name == places[number]
    assert asked_language("9", everyone, by_number=True) is None
