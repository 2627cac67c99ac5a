"""What prompts sound like to a child: "For me, press 1." is one sentence, in one language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ivr_flows.check_flow import said_by
from ivr_flows.composing import PRESS, compose, compose_menu
from ivr_flows.events import Prompt
from ivr_flows.library import Language, Library
from ivr_flows.model import Flow, Line, Menu, Message, Node


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the key it asks for, and the language it is in."""

    text: str
    language: Language


def hear(library: Library, prompts: Iterable[Prompt], values: Mapping[str, str]) -> list[Sentence]:
    """Prompts as sentences, in order."""
    sentences: list[Sentence] = []
    for prompt in prompts:
        text, language = library.spoken(prompt, values).text, library.speech[library.known_language(prompt.language)]
        if prompt.key.startswith(PRESS) and sentences and sentences[-1].language is language:
            text = f"{sentences.pop().text} {text}"
        sentences.append(Sentence(text, language))
    return sentences


def list_heard(
    library: Library, flow: Flow | None, language: str, values: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """By node, every sentence that may be heard there in one language: first words, choices, and asking again."""
    if flow is None:
        return {}
    by_node = {node.name: list(_prompts_of(node, language)) for node in flow.nodes.values()}
    for place, key in said_by(flow):
        if not place.startswith("nodes."):  # the answers to keys while waiting
            by_node.setdefault(place.split(".")[0], []).append(Prompt(key, language))
    return {name: tuple(one.text for one in hear(library, prompts, values)) for name, prompts in by_node.items()}


def _prompts_of(node: Node, language: str) -> Iterator[Prompt]:
    match node:
        case Menu():
            yield from compose_menu(node, node.say, (language,), (language,))
            yield from compose(node.offer.briefly if node.offer else (), (language,))
            for retry in (*node.silence, *node.wrong, node.speech):
                yield from compose(retry.say, (language,))
        case Message() | Line():
            yield from compose(node.say, (language,))
