"""From one flow file to a Flow. Only the shape is judged here; check.py judges where it leads."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ivr_flows.model import (
    Answers,
    Case,
    Choice,
    Choose,
    End,
    Enter,
    Flow,
    LanguageOffer,
    Limits,
    Line,
    Menu,
    Message,
    Node,
    Retry,
    Walk,
    Wish,
)
from ivr_flows.table import Table

SCHEMA = 1
KINDS = ("menus", "waiting", "text")
TESTS_WITHOUT_VALUE = ("open", "closed", "surge", "outage")
TESTS_WITH_VALUE = ("language", "flag", "queue_at_least")


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What every menu of a flow does with silence, wrong keys and speech unless it says so itself."""

    silence: tuple[Retry, ...] = ()
    wrong: tuple[Retry, ...] = ()
    speech: Retry = Retry()
    timeout_s: int = 6


def read_flow(table: Table) -> Flow:
    """Read a whole file; its faults are on the table's fault list."""
    if table.whole("schema", 1, 99) != SCHEMA:
        table.fault("schema", f"must be {SCHEMA}: this program reads no other form of flow")
    kind = table.text("kind")
    if kind not in KINDS:
        table.fault("kind", f"must be one of {', '.join(KINDS)}")
    otherwise = _read_otherwise(table.table("otherwise"))
    nodes = table.table("nodes")
    flow = Flow(
        name=table.text("flow"),
        version=table.whole("version", 1, 9999),
        change=table.text("change"),
        kind=kind,
        start=table.text("start"),
        nodes=_read_nodes(nodes, otherwise) if nodes else {},
        asks_language=table.truth("asks_language", False),
        limits=_read_limits(table.table("limits")),
        answers=_read_answers(table.table("answers")),
        walks=tuple(_read_walk(walk) for walk in table.tables("walks")),
    )
    table.finish()
    return flow


def _read_nodes(table: Table, otherwise: Otherwise) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for name in table.values:
        node = table.table(name)
        if node is not None:
            kind = node.text("kind")
            read = NODE_READERS.get(kind)
            if read is None:
                node.fault("kind", f"must be one of {', '.join(NODE_READERS)}")
                continue
            nodes[name] = read(name, node, otherwise)
            node.finish()
    return nodes


def _read_menu(name: str, table: Table, otherwise: Otherwise) -> Menu:
    own_speech = table.table("speech")
    return Menu(
        name=name,
        say=table.words("say"),
        choices=tuple(_read_choice(choice) for choice in table.tables("choices")),
        silence=_read_retries(table, "silence") or otherwise.silence,
        wrong=_read_retries(table, "wrong") or otherwise.wrong,
        speech=_read_retry(own_speech) if own_speech else otherwise.speech,
        timeout_s=table.whole("timeout_s", 2, 30, otherwise.timeout_s),
    )


def _read_languages(name: str, table: Table, otherwise: Otherwise) -> Menu:
    """A menu whose choices are the languages of the helpline; Library fills them in."""
    offer = LanguageOffer(say=table.text("offer"), go=table.text("go"), briefly=table.words("say_briefly"))
    return replace(_read_menu(name, table, otherwise), offer=offer)


def _read_message(name: str, table: Table, _: Otherwise) -> Message:
    return Message(
        name=name,
        go=table.text("go"),
        say=table.words("say"),
        pause_s=table.whole("pause_s", 0, 5, 0),
        signals=table.words("signals"),
    )


def _read_choose(name: str, table: Table, _: Otherwise) -> Choose:
    cases = tuple(_read_case(case) for case in table.tables("cases"))
    return Choose(name=name, cases=cases, otherwise=table.text("otherwise"))


def _read_enter(name: str, table: Table, _: Otherwise) -> Enter:
    return Enter(name=name, flow=table.text("flow"))


def _read_line(name: str, table: Table, _: Otherwise) -> Line:
    return Line(
        name=name,
        say=table.words("say", required=True),
        go=table.text("go"),
        timeout_s=table.whole("timeout_s", 10, 60),
        tells=table.words("tells"),
        tells_languages=table.truth("tells_languages", False),
        choices=tuple(_read_wish(wish) for wish in table.tables("choices")),
    )


def _read_end(name: str, table: Table, _: Otherwise) -> End:
    return End(name=name, outcome=table.text("outcome"))


NODE_READERS = {
    "menu": _read_menu,
    "languages": _read_languages,
    "message": _read_message,
    "choose": _read_choose,
    "enter": _read_enter,
    "line": _read_line,
    "end": _read_end,
}


def _read_choice(table: Table) -> Choice:
    choice = Choice(
        name=table.text("name"),
        digit=table.text("digit"),
        say=table.text("say"),
        go=table.text("go"),
        signals=table.words("signals"),
        flags=table.words("flags"),
        language=table.text("language", "") or None,
    )
    table.finish()
    return choice


def _read_case(table: Table) -> Case:
    """A case is a table such as { if = "closed", go = … } or { if = "flag:own_voice", go = … }."""
    test, _, value = table.text("if").partition(":")
    known = test in TESTS_WITH_VALUE if value else test in TESTS_WITHOUT_VALUE
    if not known or (test == "queue_at_least" and not value.isdecimal()):
        table.fault("if", "must be open, closed, surge, outage, language:CODE, flag:NAME or queue_at_least:NUMBER")
        test, value = "open", ""
    case = Case(test=test, value=value, go=table.text("go"))
    table.finish()
    return case


def _read_otherwise(table: Table | None) -> Otherwise:
    if table is None:
        return Otherwise()
    speech = table.table("speech")
    otherwise = Otherwise(
        silence=_read_retries(table, "silence"),
        wrong=_read_retries(table, "wrong"),
        speech=_read_retry(speech) if speech else Retry(),
        timeout_s=table.whole("timeout_s", 2, 30, 6),
    )
    table.finish()
    return otherwise


def _read_retries(table: Table, key: str) -> tuple[Retry, ...]:
    return tuple(_read_retry(retry) for retry in table.tables(key))


def _read_retry(table: Table) -> Retry:
    retry = Retry(say=table.words("say"), go=table.text("go", "") or None, signals=table.words("signals"))
    table.finish()
    return retry


def _read_limits(table: Table | None) -> Limits | None:
    if table is None:
        return None
    limits = Limits(
        keys_to_person=table.whole("keys_to_person", 1, 20),
        seconds_to_person=table.whole("seconds_to_person", 1, 600),
        seconds_a_language_more=table.whole("seconds_a_language_more", 0, 60, 0),
    )
    table.finish()
    return limits


def _read_answers(table: Table | None) -> Answers | None:
    if table is None:
        return None
    answers = Answers(
        danger=table.words("danger", required=True),
        choices=table.words("choices", required=True),
        person=table.words("person", required=True),
        wishes=tuple(_read_wish(wish) for wish in table.tables("wishes")),
    )
    table.finish()
    return answers


def _read_wish(table: Table) -> Wish:
    go = table.text("go", "") or None
    wish = Wish(
        name=table.text("name"),
        digit=table.text("digit"),
        tell=table.text("tell"),
        say=table.words("say", required=go is None),
        go=go,
    )
    table.finish()
    return wish


def _read_walk(table: Table) -> Walk:
    walk = Walk(
        about=table.text("about"),
        keys=table.words("keys"),
        end=table.text("end"),
        signals=table.words("signals"),
        says=table.words("says"),
        open=table.truth("open", True),
        flags=table.words("flags"),
        queue_depth=table.whole("queue_depth", 0, 9999, 0),
        surge=table.truth("surge", False),
        outage=table.truth("outage", False),
        least_languages=table.whole("least_languages", 1, 8, 1),
    )
    table.finish()
    return walk
