"""Where a call goes when the files change under it, when the language is unknown, and when nothing fits."""

from __future__ import annotations

import json
from dataclasses import replace

from ivr_flows.engine import resume, start
from ivr_flows.events import Answered, LanguageChosen, Listen, Pause, Prompt, Say, SignalNoted
from ivr_flows.library import Library
from ivr_flows.loader import load_library
from ivr_flows.model import Conditions, Key, Silence, State
from ivr_flows.shelf import read_shelf

OPEN = Conditions(open=True)
NIGHT = Conditions(open=False)


def keys_said(step) -> list[str]:
    return [prompt.key for event in step.events if isinstance(event, Say | Listen) for prompt in event.prompts]


def test_the_greeting_is_said_in_every_language_one_after_the_other(library: Library) -> None:
    step = start(library, "welcome", OPEN, "en")
    assert step.events[0] == Pause(1)
    languages = [prompt.language for prompt in step.events[-1].prompts]
    assert languages == sorted(languages, key=["en", "ar"].index)
    assert step.events[-1].prompts[-2:] == (Prompt("language.this", "ar"), Prompt("press.1", "ar"))


def test_a_language_choice_is_offered_in_its_own_language_only(library: Library) -> None:
    step = start(library, "welcome", OPEN, "ar")
    offered = [prompt for prompt in step.events[-1].prompts if prompt.key == "language.this"]
    assert offered == [Prompt("language.this", "ar"), Prompt("language.this", "en")]


def test_after_the_choice_everything_is_in_the_chosen_language(library: Library) -> None:
    step = resume(library, start(library, "welcome", OPEN, "ar").state, Key("2"), OPEN)
    assert step.events[:2] == (Answered("welcome.language", "en"), LanguageChosen("en"))
    assert {prompt.language for prompt in step.events[-1].prompts} == {"en"}
    assert step.state.language == "en"


def test_a_caller_of_unknown_language_waits_in_every_language(library: Library) -> None:
    unknown = start(library, "waiting", OPEN, "").events[-1].prompts
    known = start(library, "waiting", OPEN, "en").events[-1].prompts
    assert {prompt.language for prompt in unknown} == {"ar", "en"}
    assert {prompt.language for prompt in known if prompt.key.startswith("waiting.")} == {"en"}


def test_a_menu_is_composed_of_what_for_and_which_key(library: Library) -> None:
    step = resume(library, start(library, "welcome", OPEN, "ar").state, Key("2"), OPEN)
    said = keys_said(step)
    assert said[said.index("who.adult") + 1] == "press.3"


def test_renumbering_a_menu_changes_no_sentence_and_no_answer(folder) -> None:
    folder.change("flows/welcome.toml", 'name = "about_self"\ndigit = "1"', 'name = "about_self"\ndigit = "5"')
    # The walks of the file still press 1, so only the reading is asked for here.
    changed = read_shelf(folder.path).library
    menu = resume(changed, start(changed, "welcome", OPEN, "ar").state, Key("1"), OPEN)
    assert "press.5" in keys_said(menu)
    answered = resume(changed, menu.state, Key("5"), OPEN)
    assert Answered("welcome.who", "about_self") in answered.events


def test_renumbering_a_wish_changes_no_sentence_and_no_answer(folder) -> None:
    folder.change("flows/waiting.toml", 'name = "wants_woman"\ndigit = "1"', 'name = "wants_woman"\ndigit = "6"')
    changed = read_shelf(folder.path).library
    line = resume(changed, start(changed, "waiting", OPEN, "ar").state, Silence(), OPEN)
    told = keys_said(line)
    assert told[told.index("wish.woman") + 1] == "press.6"
    assert Answered("waiting.who_to_talk_with", "wants_woman") in resume(changed, line.state, Key("6"), OPEN).events
    assert resume(changed, line.state, Key("1"), OPEN).state.node == "breathe"


def test_a_caller_of_unknown_language_is_told_the_wishes_one_language_after_the_other(library: Library) -> None:
    step = resume(library, start(library, "waiting", OPEN, "").state, Silence(), OPEN)
    said = step.events[-1].prompts
    half = len(said) // 2
    assert [prompt.language for prompt in said] == ["ar"] * half + ["en"] * half
    assert [prompt.key for prompt in said[:half]] == [prompt.key for prompt in said[half:]]


def test_hash_asks_the_same_in_the_next_language_and_leads_round(library: Library) -> None:
    step = resume(library, start(library, "welcome", OPEN, "").state, Key("2"), OPEN)
    asked = keys_said(step)
    for language in ("ar", "en", "ar"):
        step = resume(library, step.state, Key("#"), OPEN)
        assert LanguageChosen(language) in step.events
        assert keys_said(step) == asked
        assert {prompt.language for prompt in step.events[-1].prompts} == {language}


def test_hash_is_heard_at_every_line_and_question_of_the_wait(library: Library) -> None:
    step = start(library, "waiting", OPEN, "ar")
    for pressed in ("", "", "4", "", "5", ""):
        again = resume(library, step.state, Key("#"), OPEN)
        assert again.state.node == step.state.node
        assert LanguageChosen("en") in again.events
        assert "en" in {prompt.language for prompt in again.events[-1].prompts}
        step = resume(library, step.state, Key(pressed) if pressed else Silence(), OPEN)


def test_how_to_come_to_another_language_is_said_in_that_language(library: Library) -> None:
    first = start(library, "waiting", OPEN, "ar")
    offered = [Prompt("language.this", "en"), Prompt("press.hash", "en")]
    assert list(first.events[-1].prompts[-2:]) == offered
    assert list(resume(library, first.state, Key("*"), OPEN).events[-1].prompts[-2:]) == offered


def test_where_one_language_is_spoken_hash_is_a_key_like_others(library: Library) -> None:
    alone = replace(library, heard=("en",))
    menu = resume(alone, start(alone, "welcome", OPEN, "en").state, Key("#"), OPEN)
    assert keys_said(menu)[0] == "again.wrong"
    assert "press.hash" not in keys_said(start(alone, "waiting", OPEN, "en"))
    assert resume(alone, start(alone, "waiting", OPEN, "en").state, Key("#"), OPEN).state.node == "who_to_talk_with"


def test_silence_and_wrong_keys_are_answered_differently_each_time(library: Library) -> None:
    menu = resume(library, start(library, "welcome", OPEN, "en").state, Key("2"), OPEN)
    first = resume(library, menu.state, Key("7"), OPEN)
    second = resume(library, first.state, Key("8"), OPEN)
    silent = resume(library, menu.state, Silence(), OPEN)
    openings = [keys_said(step)[0] for step in (first, second, silent)]
    assert openings == ["again.wrong", "again.wrong_again", "again.no_hurry"]


def test_wrong_keys_count_over_the_whole_flow(library: Library) -> None:
    step = start(library, "welcome", OPEN, "en")
    for pressed in ("7", "2", "7", "1", "7"):
        assert step.outcome is None
        step = resume(library, step.state, Key(pressed), OPEN)
    assert step.outcome == "queue"
    assert SignalNoted("wrong_keys") in step.events


def test_closed_hours_are_told_and_still_lead_to_the_queue(library: Library) -> None:
    closed = resume(library, start(library, "welcome", NIGHT, "ar").state, Key("1"), NIGHT)
    assert closed.state.flow == "out_of_hours"
    assert SignalNoted("closed_hours") in closed.events
    assert resume(library, closed.state, Key("2"), NIGHT).outcome == "queue"


def test_a_stored_state_comes_back_as_it_was(library: Library) -> None:
    step = resume(library, start(library, "welcome", OPEN, "ar").state, Key("2"), OPEN)
    step = resume(library, step.state, Key("1"), OPEN)
    assert step.state.back == ("language", "who")
    stored = json.dumps(step.state.to_dict())
    assert len(stored) < 300
    assert State.from_dict(json.loads(stored)) == step.state


def test_a_call_stays_on_the_version_it_began_with(folder, library: Library) -> None:
    old = library.current["welcome"].version
    path = folder.path / "flows" / "welcome.toml"
    (folder.path / "flows" / f"welcome.{old}.toml").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    folder.change("flows/welcome.toml", f"version = {old}", f"version = {old + 1}")
    folder.change("flows/welcome.toml", 'say = ["about.ask"]', "say = []")
    both = load_library(folder.path)
    began_before = replace(start(both, "welcome", OPEN, "ar").state, version=old, node="who", language_chosen=True)
    began_after = replace(began_before, version=old + 1)
    assert both.current["welcome"].version == old + 1
    assert "about.ask" in keys_said(resume(both, began_before, Key("1"), OPEN))
    assert "about.ask" not in keys_said(resume(both, began_after, Key("1"), OPEN))


def test_a_version_no_longer_held_goes_on_in_the_current_one(library: Library) -> None:
    state = State("welcome", 77, "who", "en", language_chosen=True)
    assert resume(library, state, Key("1"), OPEN).state.node == "about_me"


def test_a_node_that_is_gone_leads_to_a_person(library: Library) -> None:
    assert resume(library, State("welcome", 1, "gone", "ar"), Key("1"), OPEN).outcome == "queue"
    assert resume(library, State("gone", 1, "who", "ar"), Silence(), OPEN).outcome == "queue"


def test_a_line_that_is_gone_begins_the_waiting_again(library: Library) -> None:
    step = resume(library, State("waiting", 1, "gone", "ar", language_chosen=True), Silence(), OPEN)
    assert (step.outcome, step.state.node) == (None, "right_place")


def test_a_flow_that_is_not_there_leads_to_a_person(library: Library) -> None:
    step = start(library, "no_such_flow", OPEN, "ar")
    assert (step.events, step.outcome) == ((), "queue")


def test_a_flow_may_choose_by_language_once_it_is_known(folder) -> None:
    folder.change("flows/text_welcome.toml", 'if = "closed"', 'if = "language:ar"')
    changed = read_shelf(folder.path).library
    said = {language: keys_said(start(changed, "text_welcome", OPEN, language)) for language in ("ar", "en", "")}
    assert said["ar"] == ["text.welcome_closed"]
    assert said["en"] == ["text.welcome"]
    assert said[""] == ["text.welcome", "text.welcome"]


def test_a_flow_may_choose_by_a_flag_from_outside(folder) -> None:
    folder.change("flows/text_welcome.toml", 'if = "closed"', 'if = "flag:second_text"')
    changed = read_shelf(folder.path).library
    flagged = Conditions(open=True, flags=frozenset({"second_text"}))
    assert keys_said(start(changed, "text_welcome", flagged, "en")) == ["text.welcome_closed"]
    assert keys_said(start(changed, "text_welcome", OPEN, "en")) == ["text.welcome"]
