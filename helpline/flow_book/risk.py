"""Which flows need two people: those that note what triage weighs, such as "someone is hurting me"."""

from collections.abc import Iterator

from ivr_flows.model import Flow, Menu, Message


def asks_about_risk(*versions: Flow | None) -> bool:
    """Whether any of these notes a signal. Ask with the old version too: taking a risk question out is a risk."""
    return any(signals for flow in versions if flow for signals in _noted_in(flow))


def _noted_in(flow: Flow) -> Iterator[tuple[str, ...]]:
    for node in flow.nodes.values():
        match node:
            case Message():
                yield node.signals
            case Menu():
                yield from (choice.signals for choice in node.choices)
                yield from (retry.signals for retry in (*node.silence, *node.wrong, node.speech))
