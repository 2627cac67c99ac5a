"""One turn: from what was heard through silent nodes to the next listening point, gathering events on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ivr_flows.composing import compose, compose_menu, list_wishes, offer_others
from ivr_flows.events import Event, LanguageChosen, Listen, Pause, Prompt, Say, SignalNoted
from ivr_flows.library import Library
from ivr_flows.model import (
    QUEUE,
    Case,
    Choose,
    Conditions,
    End,
    Enter,
    Flow,
    LanguageOffer,
    Line,
    Menu,
    Message,
    State,
    Step,
)

# No checked flow passes this many nodes without listening; a flow that does is given up for a person.
MOST_NODES_A_TURN = 50


class Turn:
    """The state and events of one start or resume while it is being worked out."""

    def __init__(self, library: Library, flow: Flow | None, state: State, conditions: Conditions) -> None:
        self.library = library
        self.flow = flow
        self.state = state
        self.conditions = conditions
        self.events: list[Event] = []
        self._unsaid: list[Prompt] = []

    def change(self, **fields: object) -> None:
        """Replace fields of the state."""
        self.state = replace(self.state, **fields)

    def note(self, signals: Iterable[str]) -> None:
        """Emit signals for triage."""
        self.events += map(SignalNoted, signals)

    def choose_language(self, language: str) -> None:
        """From here on everything is said in this language alone."""
        self.change(language=self.known_language(language), language_chosen=True)
        self.events.append(LanguageChosen(self.state.language))

    def choose_next_language(self) -> None:
        """From here on everything is said in the language that comes after this one."""
        self.choose_language(self.library.language_after(self.state.language))

    def known_language(self, language: str) -> str:
        """This language, or the first of those that are spoken (in a flow of texts: written) here."""
        return self.library.known_language(language, read=self.flow is not None and self.flow.kind == "text")

    def say(self, keys: Iterable[str]) -> None:
        """Say sentences: while listening if a listening point follows in this turn, so that 9 works during them."""
        self._unsaid += compose(keys, self._languages())

    def go(self, name: str) -> Step:
        """Walk from a node to the next listening point or end."""
        for _ in range(MOST_NODES_A_TURN):
            node = self.flow.nodes.get(name) if self.flow else None
            match node:
                case Menu(offer=LanguageOffer()) if len(self.library.languages) == 1:
                    self._pass_over(node)
                    name = node.offer.go
                case Menu():
                    return self._arrive_at(node)
                case Line():
                    return self.begin_line(node)
                case End():
                    return self.end(node.outcome)
                case Message():
                    self._deliver(node)
                    name = node.go
                case Choose():
                    holds = (case.go for case in node.cases if self._holds(case))
                    name = next(holds, node.otherwise)
                case Enter():
                    name = self._enter(node.flow)
                case None:
                    return self.end(QUEUE)
        return self.end(QUEUE)

    def ask(self, menu: Menu, opening: Iterable[str]) -> Step:
        """Say the opening and the choices of a menu and listen."""
        self._unsaid += compose_menu(menu, opening, self._languages(), self.library.languages)
        return self._listen(menu.name, menu.timeout_s)

    def begin_line(self, line: Line) -> Step:
        """Say a line of the waiting loop, with what it tells, and listen."""
        told = self.flow.answers.named(line.tells) if self.flow.answers else ()
        keys = line.say + list_wishes(told + line.choices)
        return self.answer_on_line(line, keys, tells_languages=line.tells_languages)

    def answer_on_line(self, line: Line, keys: Iterable[str], *, tells_languages: bool = False) -> Step:
        """Say something and wait on at this line."""
        self.say(keys)
        if tells_languages:
            self._unsaid += offer_others(self.library.languages, self.known_language(self.state.language))
        return self._listen(line.name, line.timeout_s)

    def end(self, outcome: str) -> Step:
        """Say what is left to say; the flow is over."""
        self._flush()
        return Step(self.state, tuple(self.events), outcome)

    def _listen(self, node: str, timeout_s: int) -> Step:
        self.events.append(Listen(tuple(self._unsaid), timeout_s))
        self.change(node=node)
        return Step(self.state, tuple(self.events), None)

    def _flush(self) -> None:
        if self._unsaid:
            self.events.append(Say(tuple(self._unsaid)))
            self._unsaid = []

    def _pass_over(self, menu: Menu) -> None:
        """Where one language is spoken nobody is asked for one."""
        self.say(menu.say)
        self.change(language=self.library.languages[0], language_chosen=True)

    def _arrive_at(self, menu: Menu) -> Step:
        back = self.state.back
        if menu.name in back:
            back = back[: back.index(menu.name)]
        elif self.state.node != menu.name and self._is_menu(self.state.node):
            back = (*back, self.state.node)
        self.change(back=back)
        return self.ask(menu, menu.say)

    def _is_menu(self, name: str) -> bool:
        return self.flow is not None and isinstance(self.flow.nodes.get(name), Menu)

    def _deliver(self, message: Message) -> None:
        self.note(message.signals)
        self.say(message.say)
        if message.pause_s:
            # Nothing is heard during a pause, so what was said before it can not be said while listening.
            self._flush()
            self.events.append(Pause(message.pause_s))

    def _enter(self, name: str) -> str:
        """Move into another flow; the count of silences and the way back begin anew there."""
        self.flow = self.library.current.get(name)
        if self.flow is None:
            return ""
        self.change(flow=name, version=self.flow.version, node="", silences=0, wrongs=0, back=())
        return self.flow.start

    def _holds(self, case: Case) -> bool:
        match case.test:
            case "open":
                return self.conditions.open
            case "closed":
                return not self.conditions.open
            case "surge":
                return self.conditions.surge
            case "outage":
                return self.conditions.outage
            case "language":
                return self.state.language_chosen and self.state.language == case.value
            case "queue_at_least":
                return self.conditions.queue_depth >= int(case.value)
            case _:
                return case.value in self.conditions.flags or case.value in self.state.flags

    def _languages(self) -> tuple[str, ...]:
        """The chosen language; while none is chosen, the likeliest ones."""
        own = self.known_language(self.state.language)
        return (own,) if self.state.language_chosen else self.library.while_unknown(own)
