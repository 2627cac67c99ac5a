"""The engine: start a flow, and resume it with what was heard. Pure: it reads no clock, no file and no network.

It never raises over what a caller pressed or over a stored state, and it never ends a call: whatever it can not
make sense of goes to a person.
"""

from __future__ import annotations

from dataclasses import replace

from ivr_flows.composing import list_wishes
from ivr_flows.events import Answered
from ivr_flows.library import Library
from ivr_flows.model import (
    NEXT_LANGUAGE,
    QUEUE,
    Choice,
    Conditions,
    Heard,
    Key,
    Line,
    Menu,
    Retry,
    Speech,
    State,
    Step,
    Wish,
)
from ivr_flows.turn import Turn

# No child should be held in menus for long, not even one who presses * for ever.
MOST_STEPS_IN_MENUS = 30
PERSON = "person"
SPOKE = "spoke"


def start(library: Library, flow_name: str, conditions: Conditions, language: str) -> Step:
    """Begin the current version of a flow.

    `language` is what is known of the caller, "" if nothing: then every sentence is said in every language, as it
    also is at the start of a flow that asks for the language. A flow that is not there leads to a person.
    """
    flow = library.current.get(flow_name)
    known = library.known_language(language, read=flow is not None and flow.kind == "text")
    state = State(
        flow=flow_name,
        version=flow.version if flow else 0,
        node="",
        language=known,
        language_chosen=language == known and not (flow and flow.asks_language),
    )
    turn = Turn(library, flow, state, conditions)
    return turn.go(flow.start) if flow else turn.end(QUEUE)


def resume(library: Library, state: State, heard: Heard, conditions: Conditions) -> Step:
    """Go on from a stored state with one key, silence or speech."""
    flow = library.flow_of(state)
    state = replace(state, step=state.step + 1)
    turn = Turn(library, flow, state, conditions)
    node = flow.nodes.get(state.node) if flow else None
    key = _read_key(heard) if isinstance(heard, Key) else ""
    if isinstance(node, Line) and flow.answers:
        return _hear_on_line(turn, node, key)
    if isinstance(node, Menu) and state.step < MOST_STEPS_IN_MENUS:
        if isinstance(heard, Speech):
            return _hear_speech(turn, node)
        return _hear_key(turn, node, key) if key else _hear_silence(turn, node)
    if flow and flow.kind == "waiting":
        # Already in the queue: a line that is gone is no reason to leave it.
        return turn.go(flow.start)
    return turn.end(QUEUE)


def _read_key(heard: Key) -> str:
    """What was meant by what was pressed; "" for nothing.

    Fingers that shake press several keys at once. If one of them was 9 it counts as danger: a false alarm costs a
    counsellor a minute, a missed one may cost a child. Any other handful is a wrong key.
    """
    return "9" if "9" in heard.digits else heard.digits.strip()


def _hear_key(turn: Turn, menu: Menu, key: str) -> Step:
    if key in ("9", "0"):
        return _give_to_person(turn, menu, key)
    if key == "*":
        return turn.go(turn.state.back[-1]) if turn.state.back else turn.ask(menu, menu.say)
    if key == NEXT_LANGUAGE and _may_change_language(turn, menu):
        turn.choose_next_language()
        return turn.ask(menu, menu.say)
    choice = menu.choice_for(key)
    return _take(turn, menu, choice) if choice else _hear_wrong_key(turn, menu)


def _may_change_language(turn: Turn, menu: Menu) -> bool:
    # A menu of languages has a key for each, and where any key is an answer this one is an answer too.
    return len(turn.library.languages) > 1 and not (menu.offer or menu.takes_any_key)


def _give_to_person(turn: Turn, menu: Menu, key: str) -> Step:
    # Where any key was asked for, 9 and 0 answer that question too.
    asked = menu.choice_for(key)
    if asked:
        turn.events.append(_answered(turn, asked.name))
        turn.note(asked.signals)
    if key == "9":
        turn.note(["danger_key"])
    else:
        turn.events.append(_answered(turn, PERSON))
        turn.note(["asked_for_person"])
    return turn.end(QUEUE)


def _take(turn: Turn, menu: Menu, choice: Choice) -> Step:
    turn.events.append(_answered(turn, choice.name))
    if choice.language:
        turn.choose_language(choice.language)
    turn.note(choice.signals)
    turn.change(flags=turn.state.flags.union(choice.flags))
    return turn.go(choice.go)


def _hear_silence(turn: Turn, menu: Menu) -> Step:
    turn.change(silences=turn.state.silences + 1)
    return _try_again(turn, menu, _nth(menu.silence, turn.state.silences))


def _hear_wrong_key(turn: Turn, menu: Menu) -> Step:
    turn.change(wrongs=turn.state.wrongs + 1)
    return _try_again(turn, menu, _nth(menu.wrong, turn.state.wrongs))


def _hear_speech(turn: Turn, menu: Menu) -> Step:
    turn.events.append(_answered(turn, SPOKE))
    return _try_again(turn, menu, menu.speech)


def _try_again(turn: Turn, menu: Menu, retry: Retry) -> Step:
    turn.note(retry.signals)
    if retry.go is None:
        return turn.ask(menu, retry.say)
    turn.say(retry.say)
    return turn.go(retry.go)


def _nth(retries: tuple[Retry, ...], count: int) -> Retry:
    """The n-th, or the last when there are fewer; one that leads nowhere, so to a person, when there are none."""
    return retries[min(count, len(retries)) - 1] if retries else Retry(go="")


def _hear_on_line(turn: Turn, line: Line, key: str) -> Step:
    """In the queue 9 raises the alarm, # changes the language; 0, * and wishes get an answer; the rest leads on."""
    answers = turn.flow.answers
    open_to_caller = line.choices or answers.wishes
    if key == "9":
        turn.note(["danger_key"])
        return turn.answer_on_line(_leave_question(turn, line), answers.danger)
    if key == "0":
        turn.events.append(_answered(turn, PERSON))
        return turn.answer_on_line(line, answers.person)
    if key == "*":
        told = (line.say if line.choices else answers.choices) + list_wishes(open_to_caller)
        return turn.answer_on_line(line, told, tells_languages=True)
    if key == NEXT_LANGUAGE and len(turn.library.languages) > 1:
        turn.choose_next_language()
        return turn.begin_line(line)
    if wish := next((wish for wish in open_to_caller if wish.digit == key), None):
        return _take_wish(turn, line, wish)
    return turn.go(line.go)


def _take_wish(turn: Turn, line: Line, wish: Wish) -> Step:
    turn.events.append(_answered(turn, wish.name))
    if wish.go is None:
        return turn.answer_on_line(line, wish.say)
    turn.say(wish.say)
    return turn.go(wish.go)


def _leave_question(turn: Turn, line: Line) -> Line:
    """Who tells of danger is not held to a question: they wait on at the line after it."""
    after = turn.flow.nodes.get(line.go)
    return after if line.choices and isinstance(after, Line) else line


def _answered(turn: Turn, choice: str) -> Answered:
    return Answered(f"{turn.state.flow}.{turn.state.node}", choice)
